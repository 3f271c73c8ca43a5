"""Codes by SMS: thirty minutes, five tries, so many for a mobile and for all (R-6, R-32)."""

from datetime import timedelta

import pytest

from educonnect_admin.domain.messages import MessageKind, MessageState
from educonnect_admin.edge import Services
from educonnect_admin.parents.sms_proof import (
    CodeSent,
    CodeVerdict,
    SendVerdict,
    check_code,
    send_code,
)
from educonnect_admin.queries.visits import Visitor
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.parents.portal_office import Clock, last_code, messages

MOBILE = "+33612345678"
OTHER = "+262692123456"
MINUTE = timedelta(minutes=1)


class Asking(Clock):
    """Céline, whose account awaits her, asks for codes and types them."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.office = Office(services)
        self.record = self.office.record("Céline")
        self.account = self.office.account("celine.dupont", self.record)

    def ask(self, visitor: Visitor, mobile: str = MOBILE) -> CodeSent:
        """Ask for a code."""
        means = self.means
        with means.transaction() as session:
            return send_code(
                session,
                means,
                visitor,
                mobile=mobile,
                account_id=self.account,
                guardian_id=self.record,
                school_id=self.office.school,
            )

    def type(self, visitor: Visitor, code: str) -> CodeVerdict:
        """Type a code."""
        means = self.means
        with means.transaction() as session:
            return check_code(session, means, visitor, code)


@pytest.fixture
def asking(services: Services) -> Asking:
    """An office where Céline may register, on both databases."""
    return Asking(services)


@pytest.fixture
def sqlite_asking(sqlite_services: Services) -> Asking:
    """The same on SQLite, for what does not depend on the database."""
    return Asking(sqlite_services)


def test_the_code_that_was_sent_is_the_right_one_once(asking: Asking) -> None:
    """Typed as telephones show it, with a space in it; then it is over."""
    visitor = asking.journey()
    assert asking.ask(visitor) == CodeSent(SendVerdict.SENT)
    code = last_code(asking.services)
    asking.later(29 * MINUTE)

    assert asking.type(visitor, f" {code[:3]} {code[3:]} ") is CodeVerdict.RIGHT
    assert asking.type(visitor, code) is CodeVerdict.EXPIRED


def test_the_sms_ends_with_the_code(sqlite_asking: Asking) -> None:
    """It goes to the mobile, never after the thirty minutes, and tells of the page for phones."""
    sqlite_asking.ask(sqlite_asking.journey())

    ((to, values),) = messages(sqlite_asking.services)
    assert to == MOBILE
    assert values["minutes"] == 30
    assert values["host"] == "educonnect.education.gouv.fr"
    assert len(str(values["code"])) == 6
    (row,) = sqlite_asking.office.rows("SELECT not_after, kind, channel, school_id FROM messages")
    assert row[0].startswith("2026-11-23 18:00")
    assert row[1:] == (MessageKind.ACTIVATION_CODE, "sms", sqlite_asking.office.school)


def test_the_trail_tells_that_a_code_left_not_which(sqlite_asking: Asking) -> None:
    """Nor to which mobile (R-63)."""
    sqlite_asking.ask(sqlite_asking.journey())

    ((chain, account, details),) = sqlite_asking.office.trail("message.queued")
    assert (chain, account) == (sqlite_asking.office.school, sqlite_asking.account)
    assert last_code(sqlite_asking.services) not in details
    assert "612345678" not in details
    assert sqlite_asking.office.is_sound([sqlite_asking.office.school])


def test_a_code_lives_thirty_minutes(asking: Asking) -> None:
    """To the second (R-32)."""
    visitor = asking.journey()
    asking.ask(visitor)
    asking.later(30 * MINUTE)

    assert asking.type(visitor, last_code(asking.services)) is CodeVerdict.EXPIRED


def test_nobody_was_sent_a_code_that_never_was(sqlite_asking: Asking) -> None:
    """A journey that jumped here has nothing to type."""
    assert sqlite_asking.type(sqlite_asking.journey(), "123456") is CodeVerdict.EXPIRED


def test_the_fifth_wrong_code_ends_it(asking: Asking) -> None:
    """The right one then no longer helps (R-6)."""
    visitor = asking.journey()
    asking.ask(visitor)
    code = last_code(asking.services)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    assert [asking.type(visitor, wrong) for _ in range(4)] == [CodeVerdict.WRONG] * 4
    assert asking.type(visitor, wrong) is CodeVerdict.TOO_OFTEN
    assert asking.type(visitor, code) is CodeVerdict.TOO_OFTEN


def test_another_code_has_its_own_five_tries(sqlite_asking: Asking) -> None:
    """Who asked for another one begins anew."""
    visitor = sqlite_asking.journey()
    sqlite_asking.ask(visitor)
    for _ in range(5):
        sqlite_asking.type(visitor, "no code")
    sqlite_asking.ask(visitor)

    assert sqlite_asking.type(visitor, "no code") is CodeVerdict.WRONG
    code = last_code(sqlite_asking.services)
    assert sqlite_asking.type(visitor, code) is CodeVerdict.RIGHT


def test_a_newer_code_ends_the_former(asking: Asking) -> None:
    """Even if the former SMS arrives last; one that has not left never does."""
    visitor = asking.journey()
    asking.ask(visitor)
    former = last_code(asking.services)
    asking.later(MINUTE).ask(visitor)
    newer = last_code(asking.services)

    states = asking.office.rows("SELECT state FROM messages ORDER BY id")
    assert states == [(MessageState.CANCELLED,), (MessageState.WAITING,)]
    if former != newer:
        assert asking.type(visitor, former) is CodeVerdict.WRONG
    assert asking.type(visitor, newer) is CodeVerdict.RIGHT


def test_a_code_is_good_for_the_visit_that_asked_for_it(asking: Asking) -> None:
    """Whoever overhears it can't type it elsewhere."""
    mine, theirs = asking.journey(), asking.journey()
    asking.ask(theirs)
    asking.ask(mine)
    code = last_code(asking.services)

    assert asking.type(theirs, code) in {CodeVerdict.WRONG, CodeVerdict.EXPIRED}
    assert asking.type(mine, code) is CodeVerdict.RIGHT


def test_the_code_itself_is_nowhere(asking: Asking) -> None:
    """A keyed digest, and what is sealed: nobody who has the database reads it (R-5)."""
    asking.ask(asking.journey())
    code = last_code(asking.services)

    rows = asking.office.rows("SELECT code_digest FROM sms_codes")
    rows += asking.office.rows("SELECT kind, subject FROM try_counts")
    rows += asking.office.rows("SELECT details FROM trail_entries")
    assert code not in repr(rows)
    assert "612345678" not in repr(rows)


def test_three_an_hour_for_a_mobile_whoever_asks(asking: Asking) -> None:
    """From three browsers; the fourth is told from when on (R-6)."""
    assert [asking.ask(asking.journey()).verdict for _ in range(3)] == [SendVerdict.SENT] * 3
    asking.later(10 * MINUTE)

    fourth = asking.ask(asking.journey())
    assert fourth == CodeSent(SendVerdict.TOO_MANY, NOW + timedelta(hours=1))
    assert asking.ask(asking.journey(), OTHER).verdict is SendVerdict.SENT
    assert asking.office.one("SELECT count(*) FROM messages") == 4
    asking.later(50 * MINUTE)
    assert asking.ask(asking.journey()).verdict is SendVerdict.SENT


def test_ten_a_day_for_a_mobile(sqlite_asking: Asking) -> None:
    """However patient; the refused ones count nothing."""
    sent = 0
    for _ in range(6):
        for _ in range(5):
            sent += sqlite_asking.ask(sqlite_asking.journey()).verdict is SendVerdict.SENT
        sqlite_asking.later(timedelta(hours=1))

    assert sent == 10
    refused = sqlite_asking.ask(sqlite_asking.journey())
    assert refused == CodeSent(SendVerdict.TOO_MANY, NOW + timedelta(hours=24))


def test_the_guard_of_the_service_counts_nothing_for_a_mobile_it_refuses(
    sqlite_asking: Asking,
) -> None:
    """Who was refused for the others' sake has their three codes when the hour is over."""
    settings = sqlite_asking.services.settings.model_copy(update={"sms_an_hour": 2})
    services = Services(
        settings,
        sqlite_asking.services.engine,
        sqlite_asking.services.keyring,
        sqlite_asking.services.chance,
    )
    sqlite_asking.services = services
    for number in (1, 2):
        assert sqlite_asking.ask(sqlite_asking.journey(), f"+3361234000{number}").until is None
    refused = [sqlite_asking.ask(sqlite_asking.journey()) for _ in range(4)]
    assert {one.verdict for one in refused} == {SendVerdict.TOO_MANY}

    sqlite_asking.later(timedelta(hours=1))
    assert sqlite_asking.ask(sqlite_asking.journey()).verdict is SendVerdict.SENT
    assert sqlite_asking.ask(sqlite_asking.journey()).verdict is SendVerdict.SENT
    assert sqlite_asking.ask(sqlite_asking.journey()).verdict is SendVerdict.TOO_MANY
