"""`/confirmation/…`: the page of a mail's link, whatever has become of it (§2.3.6, R-22, R-56)."""

import re
from datetime import timedelta

import pytest

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.edge import Services, clock
from educonnect_admin.parents.mail_links import send_link
from educonnect_admin.queries.accounts import locked_accounts
from tests.portal.browser import Browser, words
from tests.portal.holders import Holders
from tests.portal.outgoing import queued

EMAIL = "nadia@example.fr"
PENDING = AccountState.EMAIL_PENDING


@pytest.fixture
def office(services: Services) -> Holders:
    """The three families, on both databases."""
    return Holders(services)


def _link(
    office: Holders, account_id: int, kind: LinkKind = LinkKind.ACTIVATION, *, days: int = 0
) -> str:
    """Have a link sent some days ago, and return its path."""
    means = office.services.means(clock() - timedelta(days=days))
    with office.services.transaction() as session:
        [account] = locked_accounts(session, [account_id])
        if kind is LinkKind.EMAIL_CHANGE:
            account.pending_email = EMAIL
        send_link(session, means, account, kind, EMAIL)
    link = str(queued(office.services)[-1][2]["link"])
    return re.sub(r"^https?://[^/]+", "", link)


def test_looking_shows_a_button_and_nothing_of_anybody(browser: Browser, office: Holders) -> None:
    """Mail scanners follow links: neither GET nor HEAD uses it up, nor learns a name."""
    account = office.begun(state=PENDING, confirmed=False)
    link = _link(office, account)
    for _ in range(3):
        page = browser.get(link)
        assert browser.client.head(link).status_code == 200

    assert page.status_code == 200
    assert f'<form method="post" action="{link}">' in page.text
    assert "Activer mon compte" in words(page)
    assert not re.search(r"(?i)nadia|moreau|sami|@example", page.text)
    assert page.headers["cache-control"] == "no-store"
    assert office.state(account) == "email_pending"


def test_the_button_activates_and_offers_to_log_in(browser: Browser, office: Holders) -> None:
    """«Se connecter» (§2.3.6); what the browser keeps in its history holds no token."""
    account = office.begun(state=PENDING, confirmed=False)
    sent = browser.post(_link(office, account))

    assert (sent.status_code, sent.headers["location"]) == (303, "/confirmation")
    page = browser.follow(sent)
    assert "Votre compte est activé" in words(page)
    assert '<a class="button" href="/connexion">Se connecter</a>' in page.text
    assert office.state(account) == "active"


def test_another_site_presses_no_button(browser: Browser, office: Holders) -> None:
    """A page elsewhere that knows the link still needs its reader's click here."""
    account = office.begun(state=PENDING, confirmed=False)
    link = _link(office, account)
    answer = browser.client.post(link, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert office.state(account) == "email_pending"


def test_a_second_click_is_no_error(browser: Browser, office: Holders) -> None:
    """Two tabs, a double click: «déjà confirmée», with «Se connecter»."""
    link = _link(office, office.begun(state=PENDING, confirmed=False))
    browser.post(link)

    for answer in (browser.post(link), browser.get(link)):
        assert answer.status_code == 200
        assert "Votre adresse mail est déjà confirmée" in words(answer)
        assert '<a class="button" href="/connexion">Se connecter</a>' in answer.text


def test_whoever_waits_in_this_browser_goes_straight_on(browser: Browser, office: Holders) -> None:
    """Logged in at «Votre adresse mail», the link in another tab: no second log-in."""
    account = office.begun(state=PENDING, confirmed=False)
    browser.come_in("nadia.moreau")
    page = browser.follow(browser.post(_link(office, account)))

    assert '<a class="button" href="/accueil">Accéder à mon portail</a>' in page.text
    assert browser.get("/accueil").status_code == 200


def test_somebody_else_is_in(browser: Browser, office: Holders) -> None:
    """On the computer of a family, one parent's click does not open the other's account."""
    account = office.begun(state=PENDING, confirmed=False)
    office.begun("jean.dupont", "Jean")
    browser.come_in("jean.dupont")
    link = _link(office, account)

    for answer in (browser.follow(browser.post(link)), browser.get(link)):
        assert "Un autre compte est ouvert dans ce navigateur." in words(answer)
        assert 'href="/deconnexion">Se déconnecter' in answer.text
        assert "Accéder à mon portail" not in words(answer)
    assert office.state(account) == "active"


def test_a_new_address_has_words_of_its_own(browser: Browser, office: Holders) -> None:
    """Nothing is activated: mails go elsewhere from now on (R-53)."""
    link = _link(office, office.begun(email="old@example.fr"), LinkKind.EMAIL_CHANGE)
    page = browser.get(link)
    assert "Confirmer mon adresse mail" in words(page)
    assert "Activer mon compte" not in words(page)

    page = browser.follow(browser.post(link))
    assert "Votre adresse mail est confirmée" in words(page)
    assert "compte est activé" not in words(page)
    assert "déjà confirmée" in words(browser.get(link))


@pytest.mark.parametrize("kind", [LinkKind.ACTIVATION, LinkKind.EMAIL_CHANGE])
def test_an_expired_link_leads_to_another(
    browser: Browser, office: Holders, kind: LinkKind
) -> None:
    """By a log-in, or straight where somebody is in already (§6.2, §6.3)."""
    state = PENDING if kind is LinkKind.ACTIVATION else AccountState.ACTIVE
    link = _link(office, office.begun(state=state, confirmed=False), kind, days=3)

    for answer in (browser.get(link), browser.post(link)):
        assert answer.status_code == 410
        assert "Il était valable trois jours, et il a expiré" in words(answer)
        assert 'href="/connexion">Se connecter' in answer.text
        assert words(answer).index("Se connecter") < words(answer).rindex("voyez la page Contact")
    browser.come_in("nadia.moreau")
    again = "/adresse-mail" if kind is LinkKind.ACTIVATION else "/compte/adresse-mail"
    assert f'href="{again}">Recevoir un autre mail' in browser.get(link).text
    assert browser.get(again).status_code == 200


@pytest.mark.parametrize("kind", [LinkKind.ACTIVATION, LinkKind.EMAIL_CHANGE])
def test_only_the_last_mail_counts(browser: Browser, office: Holders, kind: LinkKind) -> None:
    """The page says which one to look for."""
    state = PENDING if kind is LinkKind.ACTIVATION else AccountState.ACTIVE
    account = office.begun(state=state, confirmed=False)
    former = _link(office, account, kind)
    _link(office, account, kind)

    for answer in (browser.get(former), browser.post(former)):
        assert answer.status_code == 410
        assert "Une autre demande l'a remplacé" in words(answer)
        assert "le dernier mail reçu" in words(answer)


@pytest.mark.parametrize(
    ("state", "says", "leads"),
    [
        (AccountState.NOTIFIED, "un nouveau courrier a été fait", "/connexion"),
        (AccountState.REGROUPED, "Connectez-vous avec votre compte principal", "/connexion"),
        (AccountState.CLOSED, "Ce compte est fermé", "/connexion/autres-facons"),
    ],
)
def test_an_account_that_waits_no_more(
    browser: Browser, office: Holders, state: AccountState, says: str, leads: str
) -> None:
    """What happened, what to do now, and last «Contact»."""
    account = office.begun(state=PENDING, confirmed=False)
    link = _link(office, account)
    with office.services.transaction() as session:
        session.get_one(Account, account).state = state

    for answer in (browser.get(link), browser.post(link)):
        assert answer.status_code == 410
        assert says in words(answer)
        assert f'href="{leads}"' in answer.text
        assert "voyez la page Contact" in words(answer)
    assert office.state(account) == state


@pytest.mark.parametrize("token", ["inventé", "%00", "A" * 43, "%22%3E%3Cscript%3E"])
def test_an_address_that_was_never_sent(sqlite_browser: Browser, token: str) -> None:
    """Cut in two by a mail program, or made up: 404, and the way out."""
    for answer in (
        sqlite_browser.get(f"/confirmation/{token}"),
        sqlite_browser.post(f"/confirmation/{token}"),
    ):
        assert answer.status_code == 404
        assert "recopiez le lien en entier" in words(answer)
        assert "<script>" not in answer.text.replace("<script src", "")
