"""Another address: two mails, one link, and the former address until it is followed (R-53)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services, clock
from educonnect_admin.parents import change_email
from educonnect_admin.parents.change_email import confirm
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.visits import end_visits_of
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.portal.browser import Browser, words
from tests.portal.outgoing import queued

OLD, NEW, OTHER = "dupont@example.fr", "jean@example.org", "jean2@example.org"
CHANGE = MessageKind.EMAIL_CHANGE
PATH = "/compte/adresse-mail"
AGAIN = {"action": "renvoyer"}


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays in the outbox, where a test can read it."""
    monkeypatch.setattr(Services, "deliver", lambda _self, _ids: None)


class Jean:
    """Jean is in, with a confirmed address unless told otherwise."""

    def __init__(self, browser: Browser, **facts: Any) -> None:
        self.browser = browser
        self.services = browser.services
        self.office = Office(browser.services)
        facts = {"email": OLD, "email_confirmed_at": NOW, **facts}
        self.account = self.office.account(
            "jean.dupont", self.office.record("Jean"), state=AccountState.ACTIVE, **facts
        )
        browser.come_in("jean.dupont", facts.pop("entry", Entry.PASSWORD))

    def ask(self, email: str, again: str | None = None) -> str:
        """Ask for an address and return what the page that follows says."""
        answer = self.browser.post(
            PATH, email=email, email_confirmation=email if again is None else again
        )
        return words(self.browser.follow(answer))

    def ask_again(self) -> str:
        """Have the link sent again."""
        return words(self.browser.follow(self.browser.post(PATH, action="renvoyer")))

    def mails(self) -> list[tuple[str, str]]:
        """Return kind and address of what is to leave."""
        return [(kind, to) for kind, to, _ in queued(self.services)]

    def token(self) -> str:
        """Return what the newest link holds."""
        link = queued(self.services, CHANGE)[-1][2]["link"]
        return str(link).rsplit("/", 1)[-1]

    def follow(self, token: str, **later: int) -> bool:
        """Follow a link, some time later."""
        return confirm(self.services.means(clock() + timedelta(**later)), token)

    def emails(self) -> tuple[Any, ...]:
        """Return address, whether confirmed, pending address."""
        [row] = self.office.rows(
            "SELECT email, email_confirmed_at IS NOT NULL, pending_email FROM accounts"
        )
        return tuple(row)


def test_two_mails_leave_and_the_former_address_stays(browser: Browser) -> None:
    """The new one gets the link, the former one learns which it is."""
    jean = Jean(browser)

    said = jean.ask(f" {NEW} ")

    assert "La modification de votre adresse de messagerie a bien été prise en compte." in said
    assert "Un courriel de confirmation vient de vous être transmis" in said
    assert sorted(jean.mails()) == [("email_change", NEW), ("email_change_told", OLD)]
    [(_, _, told)] = queued(jean.services, MessageKind.EMAIL_CHANGE_TOLD)
    assert told["new_email"] == NEW
    assert jean.emails() == (OLD, True, NEW)
    assert jean.office.trail("account.email_given", "message.queued") != []
    assert jean.office.is_sound([jean.office.school])


def test_following_the_link_changes_the_address(browser: Browser) -> None:
    """Once; bounces of the former address are forgotten, the trail knows."""
    jean = Jean(browser, email_bounced_at=NOW)
    jean.ask(NEW)
    token = jean.token()

    assert jean.follow(token)

    assert jean.emails() == (NEW, True, None)
    assert jean.office.one("SELECT email_bounced_at FROM accounts") is None
    assert len(jean.office.trail("account.email_confirmed")) == 1
    assert not jean.follow(token)


def test_a_link_is_over_after_three_days(browser: Browser) -> None:
    """The former address stays, the change is still pending: it can be sent again."""
    jean = Jean(browser)
    jean.ask(NEW)

    assert not jean.follow(jean.token(), hours=72)
    assert jean.emails() == (OLD, True, NEW)


def test_without_a_confirmed_address_one_mail_leaves(browser: Browser) -> None:
    """After the SMS journey; an address that nobody confirmed learns nothing of Jean."""
    jean = Jean(browser, email="quelqu.un@example.fr", email_confirmed_at=None)

    jean.ask(NEW)

    assert jean.mails() == [("email_change", NEW)]
    assert jean.follow(jean.token())
    assert jean.emails() == (NEW, True, None)


def test_the_pending_change_is_shown_and_its_link_sent_again(browser: Browser) -> None:
    """Only the newest link works; the former address is not told twice of the same thing."""
    jean = Jean(browser)
    jean.ask(NEW)
    first = jean.token()
    assert f"Ma nouvelle adresse mail : {NEW}" in words(browser.get(PATH))
    assert "Renvoyer un email de validation" in words(browser.get(PATH))

    assert "L'email a été envoyé" in jean.ask_again()

    assert [kind for kind, _ in jean.mails()].count("email_change_told") == 1
    assert not jean.follow(first)
    assert jean.follow(jean.token())


def test_another_address_instead_of_the_pending_one(browser: Browser) -> None:
    """Both mails again; the link of the first does nothing any more (§6.3)."""
    jean = Jean(browser)
    jean.ask(NEW)
    first = jean.token()

    jean.ask(OTHER)

    told = queued(jean.services, MessageKind.EMAIL_CHANGE_TOLD)
    assert (told[-1][1], told[-1][2]["new_email"]) == (OLD, OTHER)
    assert not jean.follow(first)
    assert jean.emails() == (OLD, True, OTHER)


def test_the_pending_address_typed_again_is_sent_its_link(browser: Browser) -> None:
    """That is what «Renvoyer» does."""
    jean = Jean(browser)
    jean.ask(NEW)

    assert "L'email a été envoyé" in jean.ask(NEW.upper())


def test_the_present_address_gives_the_pending_one_up(browser: Browser) -> None:
    """Nothing to confirm: the page says so, and the link sent before is over."""
    jean = Jean(browser)
    jean.ask(NEW)
    token = jean.token()

    assert "déjà celle de votre compte" in jean.ask(OLD.upper())

    assert jean.emails() == (OLD, True, None)
    assert not jean.follow(token)


@pytest.mark.parametrize(
    ("email", "again", "sentence"),
    [
        ("", "", "Saisissez votre nouvelle adresse mail."),
        ("jean", "jean", "Cette adresse mail n'est pas valable."),
        (NEW, OTHER, "Les deux adresses mail saisies ne sont pas identiques."),
        (NEW, "", "Les deux adresses mail saisies ne sont pas identiques."),
    ],
)
def test_what_can_not_be_an_address(
    sqlite_browser: Browser, email: str, again: str, sentence: str
) -> None:
    """What was typed stays, the sentence says what is wrong, nothing leaves."""
    jean = Jean(sqlite_browser)

    answer = sqlite_browser.post(PATH, email=email, email_confirmation=again)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'value="{email}"' in answer.text
    assert jean.mails() == []


def test_so_many_mails_are_enough(browser: Browser) -> None:
    """Five an hour; the sixth is refused with the time to wait, an hour later it goes on."""
    jean = Jean(browser)
    jean.ask(NEW)
    for _ in range(4):
        assert "L'email a été envoyé" in jean.ask_again()

    assert "Trop de courriels ont été demandés." in jean.ask_again()
    assert "Trop de courriels" in jean.ask(OTHER)
    assert jean.emails() == (OLD, True, NEW)


def test_an_account_that_is_no_longer_active_confirms_nothing(browser: Browser) -> None:
    """A letter has taken its password back, or it was regrouped: its links are over."""
    jean = Jean(browser)
    jean.ask(NEW)
    with jean.services.transaction() as session:
        from educonnect_admin.domain.accounts import Account

        session.get_one(Account, jean.account).state = AccountState.NOTIFIED

    assert not jean.follow(jean.token())


def test_a_link_of_nobody(sqlite_services: Services) -> None:
    """An invented token confirms nothing."""
    assert not confirm(sqlite_services.means(NOW), "inventé")


@pytest.mark.parametrize("how", [{"email": OTHER, "email_confirmation": OTHER}, AGAIN])
def test_whoever_is_shut_out_in_this_moment_leaves_no_address(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, how: dict[str, str]
) -> None:
    """The page was sent before another password was set elsewhere, and is taken after it (R-55)."""
    jean = Jean(browser, pending_email=NEW, pending_email_at=NOW)

    def shut_out_first(session: Session, account_ids: list[int]) -> list[Account]:
        end_visits_of(session, jean.account)
        return locked_accounts(session, account_ids)

    monkeypatch.setattr(change_email, "locked_accounts", shut_out_first)
    answer = browser.post(PATH, **how)

    assert answer.headers["location"] == "/session-expiree"
    assert 'visite=""' in answer.headers["set-cookie"]
    assert jean.emails() == (OLD, True, NEW)
    assert jean.mails() == []
