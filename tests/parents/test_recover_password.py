"""A forgotten password: three answers, a link, one new password (R-6, R-55)."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.holder_passwords import PasswordFault
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.messages import Channel, MessageKind
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from educonnect_admin.parents.coming_in import come_in
from educonnect_admin.parents.mail_links import LinkVerdict, look_at_link, send_link
from educonnect_admin.parents.means import Client
from educonnect_admin.parents.recover_identifier import ask_identifiers
from educonnect_admin.parents.recover_password import ResetAsked, ResetVerdict, ask_for_reset
from educonnect_admin.parents.reset_password import Reset, look_at_reset, reset_password
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.parents.portal_office import HOME, Clock, messages

EMAIL = "dupont@example.fr"
NEW, OTHER = "Soleil2027", "Nuage2028"
HOUR = timedelta(hours=1)
SENT, PARTLY, UNKNOWN = (
    ResetAsked(verdict)
    for verdict in (ResetVerdict.SENT, ResetVerdict.PARTLY, ResetVerdict.UNKNOWN)
)


class Forgetful(Clock):
    """Jean has forgotten his password."""

    def __init__(self, services: Services, **facts: Any) -> None:
        super().__init__(services)
        self.office = Office(services)
        facts = {
            "state": AccountState.ACTIVE, "email": EMAIL, "email_confirmed_at": NOW, **facts,
        }  # fmt: skip
        self.account = self.office.account("jean.dupont", self.office.record("Jean"), **facts)

    def ask(self, identifier: str = "jean.dupont", client: Client = HOME) -> ResetAsked:
        """Ask for a link."""
        return ask_for_reset(self.means, client, identifier)

    def tokens(self) -> list[str]:
        """Return what the links that wait hold, the newest last."""
        mails = messages(self.services, Channel.MAIL)
        links = [str(values["link"]) for _, values in mails if "request_number" in values]
        return [link.rsplit("/", 1)[-1] for link in links]

    def link(self) -> str:
        """Ask for a link and return what it holds."""
        assert self.ask() == SENT
        return self.tokens()[-1]

    def reset(self, token: str, password: str = NEW) -> Reset | PasswordFault:
        """Set another password."""
        return reset_password(self.means, token, password)

    def change(self, **facts: Any) -> None:
        """Let the account become something else."""
        with self.services.transaction() as session:
            account = session.get_one(Account, self.account)
            for name, value in facts.items():
                setattr(account, name, value)

    def accepts(self, password: str) -> bool:
        """Tell whether the account has this password."""
        with self.services.reading() as session:
            sealed = session.get_one(Account, self.account).password_hash
        owner = owner_of_account(self.account)
        return sealed is not None and self.services.vault.accepts(sealed, password, owner)

    def come_in(self) -> str:
        """Be in, in some browser."""
        means = self.means
        with means.transaction() as session:
            account = session.get_one(Account, self.account)
            return come_in(session, means, account, Entry.PASSWORD)


@pytest.fixture
def jean(services: Services) -> Forgetful:
    """Jean, active, with a confirmed address, on both databases."""
    return Forgetful(services)


@pytest.mark.parametrize("typed", ["jean.dupont", " Jean.Dupont "])
def test_a_link_is_sent_to_the_confirmed_address(jean: Forgetful, typed: str) -> None:
    """With the number of the request, which the trail tells too: the helpdesk may ask for it."""
    assert jean.ask(typed) == SENT

    [(to, values)] = messages(jean.services, Channel.MAIL)
    assert (to, values["holder"], values["hours"]) == (EMAIL, "M. Jean DUPONT", 1)
    number = values["request_number"]
    [asked] = jean.office.trail("account.password_reset_asked")
    assert tuple(asked) == (jean.office.school, jean.account, f'{{"request":"{number}"}}')
    [queued] = jean.office.trail("message.queued")
    assert f'"request":"{number}"' in queued[2]
    assert jean.office.is_sound([jean.office.school])


@pytest.mark.parametrize(
    "facts",
    [
        {"state": AccountState.NOT_NOTIFIED, "email": None, "email_confirmed_at": None},
        {"state": AccountState.NOTIFIED, "email": None, "email_confirmed_at": None},
        {"state": AccountState.NOTIFIED},
        {"state": AccountState.EMAIL_PENDING, "email_confirmed_at": None},
        {"email_confirmed_at": None},
        {"email": None, "email_confirmed_at": None},
        {"email_bounced_at": NOW},
    ],
)
def test_an_account_without_an_address_to_write_to_is_partly_recognised(
    services: Services, facts: dict[str, Any]
) -> None:
    """Not confirmed, not notified, not activated; or an address that its server does not know."""
    jean = Forgetful(services, **facts)

    assert jean.ask() == PARTLY
    assert jean.tokens() == []
    assert jean.office.trail("account.password_reset_asked") == []


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.REGROUPED])
def test_an_account_that_is_over_is_not_recognised(services: Services, state: AccountState) -> None:
    """Its identifier opens nothing any more."""
    jean = Forgetful(services, state=state)

    assert jean.ask() == UNKNOWN
    assert jean.tokens() == []


@pytest.mark.parametrize("typed", ["jean.dupond", "dupont@example.fr", "", "%", "x" * 1000])
def test_what_nobody_bears_is_not_recognised(jean: Forgetful, typed: str) -> None:
    """Whatever was typed."""
    assert jean.ask(typed) == UNKNOWN


def test_guessing_identifiers_is_slow(jean: Forgetful) -> None:
    """Known in part or not at all, both count; other places are not held up."""
    jean.office.account("nadia.moreau", jean.office.record("Nadia"))
    for number in range(jean.means.limits.guess.most):
        assert jean.ask("nadia.moreau" if number % 2 else "nobody") in {PARTLY, UNKNOWN}

    assert jean.ask() == ResetAsked(ResetVerdict.TOO_OFTEN, NOW + HOUR)
    assert jean.tokens() == []
    assert jean.ask(client=Client("192.0.2.8")) == SENT


def test_identifiers_and_addresses_are_guessed_from_one_count(jean: Forgetful) -> None:
    """Going from one page to the other gains nothing."""
    for number in range(jean.means.limits.guess.most):
        ask_identifiers(jean.means, HOME, f"{number}@example.fr")

    assert jean.ask().verdict is ResetVerdict.TOO_OFTEN


def test_a_stranger_who_asks_again_and_again_takes_nothing_away(jean: Forgetful) -> None:
    """The mails stop; the answer does not tell, and the link of the last mail works."""
    most = jean.means.limits.mail.most
    for number in range(most + 4):
        assert jean.ask(client=Client(f"198.51.100.{number}")) == SENT
        jean.later(timedelta(minutes=5))

    sent = jean.office.one("SELECT count(*) FROM mail_links")
    assert sent == most
    assert jean.reset(jean.tokens()[-1]) is Reset.DONE
    assert jean.ask() == SENT
    assert jean.office.one("SELECT count(*) FROM mail_links") == most + 1


def test_the_new_password_takes_the_place_of_the_former(jean: Forgetful) -> None:
    """At once; the trail and a mail to the same address tell of it."""
    jean.change(password_hash=jean.services.vault.seal(OTHER, owner_of_account(jean.account)))
    token = jean.link()

    assert jean.accepts(OTHER)
    assert jean.reset(token) is Reset.DONE

    assert (jean.accepts(NEW), jean.accepts(OTHER)) == (True, False)
    [changed] = jean.office.trail("account.password_changed")
    number = jean.office.one("SELECT request_number FROM mail_links")
    assert tuple(changed) == (jean.office.school, jean.account, f'{{"request":"{number}"}}')
    to, values = messages(jean.services, Channel.MAIL)[-1]
    assert (to, values) == (
        EMAIL, {"holder": "M. Jean DUPONT", "portal_url": jean.means.portal_url},
    )  # fmt: skip
    assert jean.office.one("SELECT kind FROM messages ORDER BY id DESC LIMIT 1") == (
        MessageKind.PASSWORD_CHANGED
    )
    assert jean.office.is_sound([jean.office.school])


def test_a_link_sets_one_password(jean: Forgetful) -> None:
    """Whoever finds the mail later finds a door that is shut."""
    token = jean.link()

    assert jean.reset(token) is Reset.DONE
    assert jean.reset(token, OTHER) is Reset.GONE
    assert jean.accepts(NEW)
    link = look_at_reset(jean.means, token)
    assert link is not None
    assert link.verdict is LinkVerdict.USED


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("court1", PasswordFault.SHORT),
        ("jeandupont", PasswordFault.NO_DIGIT),
        ("Soleil 2027", PasswordFault.SIGNS),
        ("password1", PasswordFault.COMMON),
    ],
)
def test_a_password_that_is_refused_leaves_the_link_as_it_was(
    jean: Forgetful, password: str, fault: PasswordFault
) -> None:
    """R-4; the parent chooses another."""
    token = jean.link()

    assert jean.reset(token, password) is fault
    assert jean.reset(token) is Reset.DONE


def test_the_temporary_password_is_refused(jean: Forgetful) -> None:
    """However it is typed, as long as the hash of the letter is kept (R-4, R-11)."""
    letter = jean.office.letter(jean.account)
    number = f"L{jean.account:011}"
    sealed = jean.services.vault.seal("BVNZ57DM", owner_of_letter(number))
    with jean.services.transaction() as session:
        kept = session.get_one(Letter, letter)
        kept.password_hash, kept.ended_at = sealed, NOW
    token = jean.link()

    assert jean.reset(token, "bvnz57dm") is PasswordFault.IS_TEMPORARY
    assert jean.reset(token, "BVNZ57DK") is Reset.DONE


def test_every_visit_ends_and_every_lock_on_the_way_in_is_lifted(jean: Forgetful) -> None:
    """The mail is a proof: the holder gets in, whoever else was in is out (R-6)."""
    before = jean.come_in()
    locked: dict[str, Any] = {"failures": 10, "locked_until": NOW + HOUR}
    jean.office.tries(jean.account, TryKind.LOG_IN, **locked)
    jean.office.tries(
        jean.account, TryKind.BIRTH_DATE, pupil_id=jean.office.pupil("Enzo"), **locked
    )
    token = jean.link()

    assert jean.who(before) is not None
    jean.later(timedelta(minutes=5))
    assert jean.reset(token) is Reset.DONE

    assert jean.who(before) is None
    kinds = jean.office.rows("SELECT kind FROM try_counts WHERE account_id IS NOT NULL")
    assert [row[0] for row in kinds] == [TryKind.BIRTH_DATE]


def test_a_change_of_address_that_waits_is_over(jean: Forgetful) -> None:
    """Whoever asked for it may be whom the holder shuts out (R-53)."""
    means = jean.means
    with means.transaction() as session:
        account = session.get_one(Account, jean.account)
        account.pending_email, account.pending_email_at = "thief@example.org", NOW
        send_link(session, means, account, LinkKind.EMAIL_CHANGE, "thief@example.org")
    [theirs] = jean.tokens()

    assert jean.reset(jean.link()) is Reset.DONE

    found = look_at_link(jean.means, theirs)
    assert found is not None
    assert found.verdict is LinkVerdict.REPLACED
    assert jean.office.one("SELECT pending_email FROM accounts") is None


@pytest.mark.parametrize(
    "facts",
    [
        {"state": AccountState.NOTIFIED, "password_hash": None},
        {"state": AccountState.CLOSED},
        {"state": AccountState.REGROUPED},
        {"email": "other@example.org"},
        {"email": None, "email_confirmed_at": None},
    ],
)
def test_an_account_that_has_changed_since_is_not_opened(
    jean: Forgetful, facts: dict[str, Any]
) -> None:
    """Reset by the desk, over, or of another address: the page says that the link is over."""
    token = jean.link()
    jean.change(**facts)

    link = look_at_reset(jean.means, token)
    assert link is not None
    assert link.verdict is LinkVerdict.REPLACED
    assert jean.reset(token) is Reset.GONE
    assert not jean.accepts(NEW)


def test_the_desk_is_faster(jean: Forgetful, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reset while the password is being hashed: nothing is set, the letter stays good."""
    token = jean.link()
    means = jean.means
    seal = means.vault.seal

    def slowly(password: str, owner: str) -> bytes:
        jean.change(state=AccountState.NOTIFIED, password_hash=None)
        return seal(password, owner)

    monkeypatch.setattr(means.vault, "seal", slowly)

    assert reset_password(means, token, NEW) is Reset.GONE
    assert not jean.accepts(NEW)
    assert jean.office.trail("account.password_changed") == []


def test_the_link_of_an_address_sets_no_password(jean: Forgetful) -> None:
    """Each link opens its own door."""
    means = jean.means
    with means.transaction() as session:
        account = session.get_one(Account, jean.account)
        send_link(session, means, account, LinkKind.EMAIL_CHANGE, EMAIL)

    [token] = jean.tokens()
    assert look_at_reset(jean.means, token) is None
    assert jean.reset(token) is Reset.GONE


def test_of_many_at_once_one_sets_the_password(jean: Forgetful) -> None:
    """Eight browsers with the same link: one password, one mail, one entry."""
    token = jean.link()
    gate, done = Barrier(8), []

    def hurry(number: int) -> None:
        gate.wait()
        done.append((jean.reset(token, f"Soleil{number}x"), f"Soleil{number}x"))

    threads = [Thread(target=hurry, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [winner] = [password for verdict, password in done if verdict is Reset.DONE]
    assert jean.accepts(winner)
    assert len(jean.office.trail("account.password_changed")) == 1


@pytest.mark.parametrize("typed", ["Jean. Dupont", " jean.dupont ", "jéan.dupont"])
def test_an_identifier_is_read_as_at_the_log_in(sqlite_services: Services, typed: str) -> None:
    """Telephones begin with a capital, put a space after a full stop, add an accent."""
    assert Forgetful(sqlite_services).ask(typed) == SENT
