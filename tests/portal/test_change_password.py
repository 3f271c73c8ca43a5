"""Another password: the present one first, other visits end, this one goes on (R-52)."""

import pytest
from sqlalchemy import select

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from educonnect_admin.parents.mail_links import LinkVerdict, look_at_link, send_link
from educonnect_admin.portal.cookies import VISIT
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.portal.browser import Browser, words
from tests.portal.outgoing import queued

OLD, NEW = "Abricot2019", "Noisette2026"
PATH = "/compte/mot-de-passe"
EMAIL = "nadia@example.fr"


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays in the outbox, where a test can read it."""
    monkeypatch.setattr(Services, "deliver", lambda _self, _ids: None)


class Nadia:
    """Nadia has an account, a password and a confirmed address."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.office = Office(services)
        self.account = self.office.account(
            "nadia.moreau",
            self.office.record("Nadia"),
            state=AccountState.ACTIVE,
            email=EMAIL,
            email_confirmed_at=NOW,
        )
        with services.transaction() as session:
            account = session.get_one(Account, self.account)
            account.password_hash = services.vault.seal(OLD, owner_of_account(account.id))

    def accepts(self, password: str) -> bool:
        """Tell whether a password is now hers."""
        with self.services.reading() as session:
            sealed = session.scalars(select(Account.password_hash)).one() or b""
        return self.services.vault.accepts(sealed, password, owner_of_account(self.account))


def change(browser: Browser, current: str = OLD, new: str = NEW, again: str | None = None) -> str:
    """Send the form; return what the page that follows says."""
    answer = browser.post(
        PATH,
        mot_de_passe_actuel=current,
        mot_de_passe=new,
        confirmation=new if again is None else again,
    )
    return words(browser.follow(answer))


def test_the_password_is_changed(browser: Browser) -> None:
    """The guide's sentence, a mail to whoever may not have done it, an entry in the trail."""
    nadia = Nadia(browser.services)
    browser.come_in("nadia.moreau")

    said = change(browser)

    assert (
        "La modification du mot de passe est prise en compte à votre prochaine connexion." in said
    )
    assert nadia.accepts(NEW)
    assert not nadia.accepts(OLD)
    assert [(kind, to) for kind, to, _ in queued(nadia.services)] == [("password_changed", EMAIL)]
    assert len(nadia.office.trail("account.password_changed")) == 1
    assert nadia.office.is_sound([nadia.office.school])


def test_this_visit_goes_on_under_another_token_and_others_end(browser: Browser) -> None:
    """Whoever had the former token, or was in elsewhere, is out."""
    Nadia(browser.services)
    elsewhere = Browser(browser.services)
    elsewhere.come_in("nadia.moreau")
    browser.come_in("nadia.moreau")
    former = browser.client.cookies[VISIT]

    change(browser)

    browser.client.cookies.delete(VISIT, domain="")  # the one that `come_in` has set
    assert browser.client.cookies[VISIT] != former
    assert browser.get("/accueil").status_code == 200
    assert elsewhere.get("/accueil").headers["location"] == "/session-expiree"
    elsewhere.client.cookies.set(VISIT, former)
    assert elsewhere.get("/accueil").headers["location"] == "/session-expiree"


def test_what_the_visit_remembers_goes_with_it(browser: Browser) -> None:
    """The date of the last log-in does not become this one's."""
    Nadia(browser.services)
    browser.come_in("nadia.moreau")

    change(browser)

    assert "C'est votre première connexion." in words(browser.get("/accueil"))


def test_links_to_a_new_password_are_over(browser: Browser) -> None:
    """Whoever reads the mailbox can't undo the change with an older mail."""
    nadia = Nadia(browser.services)
    means = nadia.services.means(clock())
    with nadia.services.transaction() as session:
        account = session.get_one(Account, nadia.account)
        send_link(session, means, account, LinkKind.PASSWORD_RESET, EMAIL)
    [(_, _, values)] = queued(nadia.services, MessageKind.PASSWORD_RESET)
    token = str(values["link"]).rsplit("/", 1)[-1]
    browser.come_in("nadia.moreau")

    change(browser)

    found = look_at_link(means, token)
    assert found is not None
    assert found.verdict is LinkVerdict.REPLACED
    assert queued(nadia.services, MessageKind.PASSWORD_RESET) == []


def test_a_change_of_address_that_waits_is_over(browser: Browser) -> None:
    """Whoever asked for it may be whom she shuts out: neither its link nor its mail counts."""
    nadia = Nadia(browser.services)
    browser.come_in("nadia.moreau")
    new = "autre@example.fr"
    browser.post("/compte/adresse-mail", email=new, email_confirmation=new)
    [(_, to, values)] = queued(browser.services, MessageKind.EMAIL_CHANGE)
    assert to == new

    assert "si vous l'aviez demandée, indiquez-la de nouveau" in change(browser)

    found = look_at_link(browser.services.means(clock()), str(values["link"]).rpartition("/")[2])
    assert found is not None
    assert found.verdict is LinkVerdict.REPLACED
    with browser.services.reading() as session:
        assert session.get_one(Account, nadia.account).pending_email is None


def test_without_a_confirmed_address_nobody_is_written_to(browser: Browser) -> None:
    """An address that nobody confirmed may be a stranger's."""
    nadia = Nadia(browser.services)
    with nadia.services.transaction() as session:
        session.get_one(Account, nadia.account).email_confirmed_at = None
    browser.come_in("nadia.moreau", Entry.SMS)

    change(browser)

    assert nadia.accepts(NEW)
    assert queued(nadia.services) == []


@pytest.mark.parametrize(
    ("current", "new", "again", "sentence"),
    [
        ("", NEW, NEW, "Saisissez le mot de passe avec lequel vous vous êtes connecté."),
        ("Abricot2018", NEW, NEW, "Le mot de passe actuel est incorrect."),
        (OLD, "", "", "Saisissez un mot de passe."),
        (OLD, "court1", "court1", "au moins 8 caractères"),
        (OLD, "nadiamoreau", "nadiamoreau", "au moins un chiffre"),
        (OLD, NEW, "Noisette2027", "Les deux mots de passe ne sont pas identiques."),
        (OLD, OLD, OLD, "le même que l'actuel"),
    ],
)
def test_what_is_refused(
    sqlite_browser: Browser, current: str, new: str, again: str, sentence: str
) -> None:
    """Each with its sentence; nothing changes, no password comes back to the page."""
    nadia = Nadia(sqlite_browser.services)
    sqlite_browser.come_in("nadia.moreau")

    answer = sqlite_browser.post(
        PATH, mot_de_passe_actuel=current, mot_de_passe=new, confirmation=again
    )

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert all(text not in answer.text for text in (current, new, again) if text)
    assert nadia.accepts(OLD)


def test_a_letters_password_is_not_to_be_chosen(sqlite_browser: Browser) -> None:
    """It was printed, and read by whoever carried it (R-4)."""
    nadia = Nadia(sqlite_browser.services)
    letter = nadia.office.letter(nadia.account)
    with nadia.services.transaction() as session:
        from educonnect_admin.domain.letters import Letter

        kept = session.get_one(Letter, letter)
        kept.password_hash = nadia.services.vault.seal("BXNZ57DM", owner_of_letter(kept.number))
    sqlite_browser.come_in("nadia.moreau")

    assert "provisoire du courrier" in change(sqlite_browser, new="bxnz57dm")
    assert nadia.accepts(OLD)


def test_guessing_the_present_password_is_throttled_as_a_log_in(browser: Browser) -> None:
    """After five wrong ones even the right one is not looked at, here as at the log-in."""
    nadia = Nadia(browser.services)
    browser.come_in("nadia.moreau")
    for number in range(5):
        assert "Le mot de passe actuel est incorrect." in change(browser, f"Abricot200{number}")

    assert "Le mot de passe actuel est incorrect." in change(browser)
    assert nadia.accepts(OLD)
    assert nadia.office.one("SELECT failures FROM try_counts WHERE kind = 'log_in'") == 5


def test_a_right_password_forgets_the_failures(browser: Browser) -> None:
    """As at a log-in."""
    nadia = Nadia(browser.services)
    browser.come_in("nadia.moreau")
    change(browser, "Abricot2018")

    change(browser)

    assert nadia.office.rows("SELECT * FROM try_counts WHERE kind = 'log_in'") == []


def test_franceconnect_changes_no_password(browser: Browser) -> None:
    """Neither the page nor the form (R-42)."""
    nadia = Nadia(browser.services)
    browser.come_in("nadia.moreau", Entry.FRANCECONNECT)

    assert browser.get(PATH).headers["location"] == "/compte"
    assert "La connexion via FranceConnect ne permet pas" in change(browser)
    assert nadia.accepts(OLD)
