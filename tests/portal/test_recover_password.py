"""The pages of a forgotten password, as a parent reads them (§5.2, R-55)."""

from datetime import timedelta
from typing import Any

import pytest

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.mail_links import MailLink
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_account
from educonnect_admin.portal.cookies import VISIT
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.portal.browser import Browser, words
from tests.portal.outgoing import queued

PATH = "/mot-de-passe-oublie"
EMAIL = "dupont@example.fr"
NEW = "Soleil2027"


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays in the outbox, where a test can read it."""
    monkeypatch.setattr(Services, "deliver", lambda _self, _ids: None)


class Jean:
    """Jean at the portal, active and with a confirmed address unless told otherwise."""

    def __init__(self, browser: Browser, **facts: Any) -> None:
        self.browser = browser
        self.services = browser.services
        self.office = Office(browser.services)
        facts = {
            "state": AccountState.ACTIVE, "email": EMAIL, "email_confirmed_at": NOW, **facts,
        }  # fmt: skip
        self.account = self.office.account("jean.dupont", self.office.record("Jean"), **facts)

    def link(self) -> str:
        """Ask for a link and return its path."""
        self.browser.post(PATH, identifiant="jean.dupont")
        values = queued(self.services, MessageKind.PASSWORD_RESET)[-1][2]
        return "/mot-de-passe/" + str(values["link"]).rsplit("/", 1)[-1]

    def accepts(self, password: str) -> bool:
        """Tell whether the account has this password."""
        with self.services.reading() as session:
            sealed = session.get_one(Account, self.account).password_hash
        owner = owner_of_account(self.account)
        return sealed is not None and self.services.vault.accepts(sealed, password, owner)


def test_the_form_asks_for_the_identifier(sqlite_browser: Browser) -> None:
    """Which a browser may fill in."""
    page = sqlite_browser.get(PATH)

    assert page.status_code == 200
    assert '<label for="identifiant">Identifiant</label>' in page.text
    assert 'autocomplete="username"' in page.text
    assert 'href="/contact"' in page.text


def test_sent(browser: Browser) -> None:
    """The guide's words."""
    jean = Jean(browser)

    answer = browser.post(PATH, identifiant=" Jean.Dupont ")

    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/envoye")
    said = words(browser.follow(answer))
    assert "Vérifiez vos emails !" in said
    assert (
        "Nous venons juste de vous envoyer les instructions pour réinitialiser votre mot de "
        "passe *." in said
    )
    assert (
        "(*) Si vous n'avez rien reçu, pensez à regarder dans vos courriers indésirables ou "
        '"spams".' in said
    )
    assert [to for _, to, _ in queued(jean.services)] == [EMAIL]


@pytest.mark.parametrize(
    "facts",
    [
        {"email_confirmed_at": None},
        {"state": AccountState.NOT_NOTIFIED},
        {"state": AccountState.NOTIFIED},
        {"state": AccountState.EMAIL_PENDING, "email_confirmed_at": None},
        {"email_bounced_at": NOW},
    ],
)
def test_partly_recognised(browser: Browser, facts: dict[str, Any]) -> None:
    """One page for all, which says what to do in each case and not which one it is."""
    Jean(browser, **facts)

    answer = browser.post(PATH, identifiant="jean.dupont")

    assert answer.status_code == 422
    said = words(answer)
    for words_of_a_case in (
        "Cet identifiant existe", "sans confirmer d'adresse mail", "jamais connecté",
        "pas reçu de courrier", "refuse nos messages", "Contact",
        "Services en ligne de l'éducation nationale – activation de votre compte",
    ):  # fmt: skip
        assert words_of_a_case in said
    assert EMAIL not in answer.text
    assert "Jean DUPONT" not in said
    assert queued(browser.services) == []


def test_not_recognised(sqlite_browser: Browser) -> None:
    """What was typed stays; the other page is one link away."""
    answer = sqlite_browser.post(PATH, identifiant="jean.dupond")

    assert answer.status_code == 422
    said = words(answer)
    assert "L'identifiant saisi n'est pas reconnu." in said
    assert "Identifiant oublié" in said
    assert 'value="jean.dupond"' in answer.text
    assert 'href="/identifiant-oublie"' in answer.text


def test_nothing_typed(sqlite_browser: Browser) -> None:
    """Told beside the field."""
    answer = sqlite_browser.post(PATH, identifiant="  ")

    assert answer.status_code == 422
    assert "Saisissez votre identifiant." in words(answer)


def test_the_link_leads_to_a_new_password(browser: Browser) -> None:
    """Looking is free; the form sets it, and says so on a page without the token."""
    jean = Jean(browser)
    link = jean.link()

    pages = [browser.get(link) for _ in range(3)]
    assert [page.status_code for page in pages] == [200] * 3
    assert "jean.dupont" in words(pages[0])
    assert "8 à 14 caractères" in words(pages[0])
    answer = browser.post(link, mot_de_passe=NEW, confirmation=NEW)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/termine")
    assert "Se connecter" in words(browser.follow(answer))
    assert jean.accepts(NEW)
    assert [kind for kind, _, _ in queued(jean.services)][-1] == MessageKind.PASSWORD_CHANGED


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("", "", "Saisissez un mot de passe."),
        (NEW, "Soleil2028", "Les deux mots de passe ne sont pas identiques."),
        ("court1", "court1", "trop court"),
        ("Soleil 2027", "Soleil 2027", "ni espace"),
        ("azertyui1", "Azertyui1", "pas identiques"),
    ],
)
def test_a_password_that_is_refused_is_not_shown_again(
    sqlite_browser: Browser, password: str, again: str, said: str
) -> None:
    """The error stands beside the field; the link still works."""
    jean = Jean(sqlite_browser)
    link = jean.link()

    answer = sqlite_browser.post(link, mot_de_passe=password, confirmation=again)

    assert answer.status_code == 422
    assert said in words(answer)
    assert not password or password not in answer.text
    assert sqlite_browser.post(link, mot_de_passe=NEW, confirmation=NEW).status_code == 303


def test_a_used_link_says_so(sqlite_browser: Browser) -> None:
    """On looking and on sending; «Recommencer» is there."""
    jean = Jean(sqlite_browser)
    link = jean.link()
    sqlite_browser.post(link, mot_de_passe=NEW, confirmation=NEW)

    for answer in (
        sqlite_browser.get(link),
        sqlite_browser.post(link, mot_de_passe="Nuage2028", confirmation="Nuage2028"),
    ):
        assert answer.status_code == 410
        assert "Il a déjà servi" in words(answer)
        assert "Recommencer" in words(answer)
    assert jean.accepts(NEW)


def test_an_expired_link_says_so(sqlite_browser: Browser) -> None:
    """It was worth an hour."""
    jean = Jean(sqlite_browser)
    link = jean.link()
    with jean.services.transaction() as session:
        for one in session.query(MailLink):
            one.expires_at -= timedelta(hours=2)

    answer = sqlite_browser.get(link)
    assert answer.status_code == 410
    assert "valable qu'une heure" in words(answer)


def test_a_former_link_says_that_there_is_a_newer_one(sqlite_browser: Browser) -> None:
    """The parent opens the last mail."""
    jean = Jean(sqlite_browser)
    former = jean.link()
    jean.link()

    answer = sqlite_browser.get(former)
    assert answer.status_code == 410
    assert "ouvrez le dernier" in words(answer)


@pytest.mark.parametrize("token", ["x", "A" * 43, "%C3%A9", "%00", "x" * 900])
def test_a_link_that_never_was_says_to_copy_it_whole(sqlite_browser: Browser, token: str) -> None:
    """Mail programs cut long lines."""
    answer = sqlite_browser.get(f"/mot-de-passe/{token}")

    assert answer.status_code == 410
    assert "copiez-la en entier" in words(answer)


def test_whoever_was_in_is_out(browser: Browser) -> None:
    """In this browser and in the others."""
    jean = Jean(browser)
    other = Browser(browser.services)
    for one in (browser, other):
        one.come_in("jean.dupont")
    link = jean.link()

    answer = browser.post(link, mot_de_passe=NEW, confirmation=NEW)

    assert "Se déconnecter" not in words(browser.follow(answer))
    assert other.get("/accueil").status_code == 303


def test_a_visit_of_this_browser_is_left(sqlite_browser: Browser) -> None:
    """Whosever it was: the new password is to be typed."""
    jean = Jean(sqlite_browser)
    link = jean.link()
    jean.office.account("nadia.moreau", jean.office.record("Nadia"), state=AccountState.ACTIVE)
    sqlite_browser.come_in("nadia.moreau")

    answer = sqlite_browser.post(link, mot_de_passe=NEW, confirmation=NEW)

    left = [one for one in answer.headers.get_list("set-cookie") if one.startswith(VISIT)]
    assert len(left) == 1
    assert "Max-Age=0" in left[0]
