"""`/adresse-mail`: check the address, correct it, have the mail again (§6.2, R-23)."""

import re

import pytest

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from tests.portal.browser import Browser, words
from tests.portal.holders import Holders
from tests.portal.outgoing import queued

PATH = "/adresse-mail"
SENT = f"{PATH}?fait=envoye"
EMAIL, NEW = "nadia@example.fr", "n.moreau@example.org"
PENDING = AccountState.EMAIL_PENDING


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays in the outbox, where a test can read it."""
    monkeypatch.setattr(Services, "deliver", lambda _self, _ids: None)


@pytest.fixture
def office(services: Services) -> Holders:
    """The three families, on both databases."""
    return Holders(services)


def _send(browser: Browser, email: str, again: str | None = None) -> str:
    """Validate an address, and return where it leads or what the page says."""
    answer = browser.post(PATH, email=email, email_confirmation=email if again is None else again)
    return answer.headers["location"] if answer.is_redirect else words(answer)


def test_the_page_shows_the_address_twice_and_nothing_else_is_open(
    browser: Browser, office: Holders
) -> None:
    """Blocking after a letter: only this, the log-out and «Contact»."""
    office.begun(state=PENDING, confirmed=False)
    browser.come_in("nadia.moreau")
    page = browser.get(PATH)

    assert "Votre compte n'est pas encore activé" in words(page)
    assert page.text.count(f'value="{EMAIL}"') == 2
    assert "Se déconnecter" in words(page)
    assert "Plus tard" not in words(page)
    assert "Gérer mon compte" not in words(page)
    for closed in ("/accueil", "/compte", "/compte/adresse-mail", "/compte/mot-de-passe"):
        assert browser.get(closed).headers["location"] == PATH
    assert browser.get("/contact").status_code == 200


def test_the_same_address_gets_the_mail_again(browser: Browser, office: Holders) -> None:
    """The page that follows says where it went, from whom, under which subject (§6.4)."""
    office.begun(state=PENDING, confirmed=False)
    browser.come_in("nadia.moreau")

    assert _send(browser, EMAIL.upper()) == SENT
    page = words(browser.get(SENT))
    assert f"Un mail vient de partir à {EMAIL}" in page
    assert "Administrateur des services en ligne" in page
    assert "Services en ligne de l'éducation nationale – activation de votre compte" in page
    assert re.search(r"courriers indésirables ou «\s+spams\s+»", page)
    assert "Renvoyer le mail" in page
    [(kind, to, _)] = queued(office.services)
    assert (kind, to) == (MessageKind.EMAIL_TO_CONFIRM, EMAIL)
    assert office.trail("account.email_given") == []


def test_a_corrected_address_gets_it_instead(browser: Browser, office: Holders) -> None:
    """Only the last mail waits; trail and page know, the trail without the address."""
    account = office.begun(state=PENDING, confirmed=False)
    browser.come_in("nadia.moreau")
    _send(browser, EMAIL)

    assert _send(browser, NEW) == SENT
    assert f"Un mail vient de partir à {NEW}" in words(browser.get(SENT))
    assert [to for _, to, _ in queued(office.services)] == [NEW]
    assert office.trail("account.email_given") == [(office.school, account, "{}")]
    assert office.one("SELECT email FROM accounts") == NEW
    assert office.is_sound([office.school])


@pytest.mark.parametrize(
    ("email", "again", "sentence"),
    [
        ("", "", "Saisissez une adresse mail."),
        ("nadia", "nadia", "Cette adresse mail n'est pas valable."),
        (NEW, EMAIL, "Les deux adresses mail saisies ne sont pas identiques."),
        (NEW, "", "Saisissez l'adresse mail une seconde fois."),
        (EMAIL, NEW, "Les deux adresses mail saisies ne sont pas identiques."),
    ],
)
def test_what_can_not_be_the_address(
    browser: Browser, office: Holders, email: str, again: str, sentence: str
) -> None:
    """One field corrected and not the other is no address either; what was typed stays."""
    office.begun(state=PENDING, confirmed=False)
    browser.come_in("nadia.moreau")
    answer = browser.post(PATH, email=email, email_confirmation=again)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'value="{email}"' in answer.text
    assert f'value="{again}"' in answer.text
    assert queued(office.services) == []


def test_so_many_mails_are_enough(browser: Browser, office: Holders) -> None:
    """The page says how long to wait, and that the mails may lie among the junk."""
    office.begun(state=PENDING, confirmed=False)
    browser.come_in("nadia.moreau")
    for _ in range(5):
        assert _send(browser, EMAIL) == SENT

    said = _send(browser, NEW)
    assert "Plusieurs mails ont déjà été envoyés." in said
    assert re.search(r"réessayez dans \d+ (minutes|heure)", said)
    assert "Contact" in said
    assert office.one("SELECT email FROM accounts") == EMAIL


@pytest.mark.parametrize("email", [EMAIL, None])
@pytest.mark.parametrize("entry", [Entry.PASSWORD, Entry.SMS, Entry.FRANCECONNECT])
def test_an_active_account_may_do_it_later(
    browser: Browser, office: Holders, entry: Entry, email: str | None
) -> None:
    """By SMS or FranceConnect the account is active at once, whatever its address (§6.2)."""
    account = office.begun(confirmed=False, email=email)
    browser.come_in("nadia.moreau", entry)
    page = browser.get(PATH)
    assert '<a class="button secondary" href="/accueil">Plus tard</a>' in page.text
    assert ("pas encore donné d'adresse mail" in words(page)) is (email is None)
    assert "pas encore activé" not in words(page)

    assert _send(browser, NEW) == SENT
    page = browser.get(SENT)
    assert f"Un mail vient de partir à {NEW}" in words(page)
    assert 'href="/accueil">Accéder à mon portail' in page.text
    [(_, to, values)] = queued(office.services)
    assert to == NEW
    browser.post(re.sub(r"^https?://[^/]+", "", str(values["link"])))
    assert office.rows("SELECT email, email_confirmed_at IS NOT NULL FROM accounts") == [(NEW, 1)]
    assert office.trail("account.email_given") == [(office.school, account, "{}")]


def test_the_page_names_the_subject_of_the_mail(browser: Browser, office: Holders) -> None:
    """Of the very mail that leaves, which is another one for an active account."""
    office.begun(confirmed=False)
    browser.come_in("nadia.moreau")
    _send(browser, EMAIL)

    subject = "Services en ligne de l'éducation nationale – votre nouvelle adresse mail"
    assert subject in words(browser.get(SENT))
    assert [kind for kind, _, _ in queued(office.services)] == [MessageKind.EMAIL_CHANGE]


def test_a_confirmed_address_is_changed_elsewhere(browser: Browser, office: Holders) -> None:
    """Nothing waits: «Modifier mon adresse mail» is the page for it (R-53)."""
    office.begun()
    browser.come_in("nadia.moreau")

    assert browser.get(PATH).headers["location"] == "/compte/adresse-mail"
    assert _send(browser, NEW) == "/compte/adresse-mail"
    assert queued(office.services) == []


def test_the_address_of_another_account(browser: Browser, office: Holders) -> None:
    """Couples share one; the page tells neither of them of the other."""
    office.begun("jean.dupont", "Jean", email=NEW)
    office.begun(state=PENDING, confirmed=False)
    browser.come_in("nadia.moreau")

    assert _send(browser, NEW) == SENT
    assert [to for _, to, _ in queued(office.services)] == [NEW]


def test_the_page_is_for_whoever_has_an_address_to_confirm(
    browser: Browser, office: Holders
) -> None:
    """Others are sent where they belong."""
    assert browser.get(PATH).headers["location"] == "/connexion"
    assert _send(browser, NEW) == "/connexion"
    office.notified()
    browser.come_in("celine.dupont", Entry.TEMPORARY)
    assert browser.get(PATH).headers["location"] == "/bienvenue"
