"""Which accounts are closed for want of a child, and from which midnight on (R-62)."""

import json
from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.errors import UnknownSchool
from educonnect_admin.domain.messages import Channel
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.domain.uai import check_letter
from educonnect_admin.edge import Services
from educonnect_admin.office import close_leavers as closing
from educonnect_admin.office.close_leavers import LeaversClosed, close_leavers
from educonnect_admin.office.desk.close_account import reopen_account
from educonnect_admin.queries.trail import append_to_trail
from tests.office.leaving import CLOSING, JEANNE, JULY, SEPTEMBER, Years, noon
from tests.office.printing import fill, issue
from tests.office.resending import account, letters_of
from tests.parents.portal_office import messages
from tests.support.families import OTHER_UAI, UAI, child, guardian, pupil

REUNION = "9740001" + check_letter("9740001")
PARIS_MIDNIGHT = datetime(2027, 9, 30, 22, tzinfo=UTC)
REUNION_MIDNIGHT = datetime(2027, 9, 30, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def years(services: Services) -> Years:
    """Two schools, on each database."""
    return Years(services)


@pytest.fixture
def village(sqlite_services: Services) -> Years:
    """Two schools on SQLite, for rules that no database can see."""
    return Years(sqlite_services)


def left(years: Years, uai: str = UAI) -> None:
    """Let Jeanne's only child leave in July."""
    years.begin("Alice", uai=uai)
    years.take_in(JULY, uai=uai)


def test_ninety_days_by_the_clock_of_each_school(years: Years) -> None:
    """On the 89th day nothing; at the midnight of La Réunion hers, two hours later the other."""
    with years.services.transaction() as session:
        session.add(School(uai=REUNION, name="École de Saint-Denis"))
    left(years)
    years.take_rows(
        SEPTEMBER, [pupil("Inès", "Payet"), pupil("Zoé", "Personne")],
        [guardian("Rose", "Payet", child("Inès", "Payet"))], REUNION,
    )  # fmt: skip
    years.generate(SEPTEMBER, REUNION)
    years.take_rows(JULY, [pupil("Zoé", "Personne")], [], REUNION)

    both = LeaversClosed(kept=2, next_on=CLOSING)
    assert years.close(REUNION_MIDNIGHT - SECOND) == both
    assert years.close(REUNION_MIDNIGHT) == LeaversClosed(closed=1, kept=1, next_on=CLOSING)
    assert years.accounts() == {JEANNE: "not_notified", "rose.payet": "closed"}
    assert years.close(PARIS_MIDNIGHT - SECOND).closed == 0
    assert years.close(PARIS_MIDNIGHT) == LeaversClosed(closed=1)
    assert years.accounts()[JEANNE] == "closed"


def test_what_is_over_with_the_account(services: Services, tmp_path: Any) -> None:
    """Its letter, its waiting messages and its visits; the record, the e-mail and the rest stay."""
    years = Years(services)
    years.do("DELETE FROM schools")
    fill(services)
    issue(services, tmp_path / "out")
    years.do("UPDATE enrolments SET ended_on = '2026-09-30' WHERE pupil_id <= 2")  # the Duponts'

    done = years.close(date(2027, 2, 22))

    assert (done.closed, done.kept, done.letters, done.next_on) == (2, 0, 2, None)
    celine = account(services, "celine.dupont")
    assert (celine.state, celine.former_state) == (AccountState.CLOSED, AccountState.NOTIFIED)
    assert celine.closed_without_child
    assert celine.sessions_void_at == celine.ended_at == noon(date(2027, 2, 22))
    assert [letter.end for letter in letters_of(services, "celine.dupont")] == ["closed"]
    assert account(services).state is AccountState.NOTIFIED
    told = years.trail("account.closed")
    assert [json.loads(details) for _, details in told] == [
        {"former": "notified", "why": "no_child"}
    ] * 2
    assert years.count("guardians WHERE account_id IS NULL") == 0


def test_messages_that_wait_are_wiped(years: Years) -> None:
    """A child was added the day before it left: the mail that tells of it does not leave."""
    years.begin("Alice")
    years.activate(email="j@x.fr", email_confirmed_at=noon(SEPTEMBER))
    years.take_in(JULY - DAY, "Alice", "Tom")
    assert len(messages(years.services, Channel.MAIL)) == 1
    years.take_in(JULY)

    assert years.close(CLOSING).messages == 1
    assert messages(years.services, Channel.MAIL) == []


@pytest.mark.parametrize(
    ("ends", "is_closed"),
    [
        ("UPDATE enrolments SET ended_on = '2027-07-03'", True),
        ("UPDATE guardianships SET ended_on = '2027-07-03'", True),
        # The first of the two is what left Jeanne alone.
        (
            "UPDATE guardianships SET ended_on = '2027-07-03';"
            "UPDATE enrolments SET ended_on = '2027-09-01'",
            True,
        ),
        ("UPDATE enrolments SET ended_on = '2027-07-04'", False),
        ("UPDATE guardianships SET ended_on = '2027-07-04'", False),
        ("UPDATE guardianships SET legal = false", True),
    ],
)
def test_one_way_or_the_other(years: Years, ends: str, *, is_closed: bool) -> None:
    """The child left the school, or its guardian's care, or is no longer legally hers."""
    years.begin("Alice")
    for statement in ends.split(";"):
        years.do(statement)

    assert years.close(CLOSING).closed == is_closed


def test_the_last_child_counts(years: Years) -> None:
    """Alice left in July, Tom a month later: the delay begins with Tom."""
    years.begin("Alice", "Tom")
    years.take_in(JULY, "Tom")
    assert years.close(CLOSING) == LeaversClosed()  # Tom remains
    years.take_in(JULY + 30 * DAY)

    assert years.close(CLOSING) == LeaversClosed(kept=1, next_on=CLOSING + 30 * DAY)
    assert years.close(CLOSING + 30 * DAY).closed == 1


def test_a_child_at_another_school_keeps_the_account(years: Years) -> None:
    """The account holds a record of each school: one with a child is enough."""
    years.begin("Tom", uai=OTHER_UAI)
    left(years)
    assert years.accounts() == {JEANNE: "not_notified"}

    assert years.close(CLOSING + 300 * DAY) == LeaversClosed()


def test_who_has_no_legal_right_keeps_nothing(years: Years) -> None:
    """A step-parent may be named for a child: that alone gives no account."""
    years.begin("Alice", "Tom")
    years.take_in(JULY, "Tom")
    (tom,) = years.rows("SELECT id FROM pupils WHERE given_name = 'Tom'")[0]
    years.do(f"UPDATE guardianships SET legal = false WHERE pupil_id = {tom}")

    assert years.close(CLOSING).closed == 1


def test_a_link_that_changed_begins_the_delay(years: Years) -> None:
    """Losing the legal right has no day of its own: the trail's is taken."""
    years.begin("Alice")
    years.do("UPDATE guardianships SET legal = false")
    with years.services.transaction() as session:
        happening = Happening(TrailKind.LINK_CHANGED, school_id=1, guardian_id=1, pupil_id=1)
        append_to_trail(session, years.services.author(noon(JULY)), [happening])

    assert years.close(PARIS_MIDNIGHT - SECOND) == LeaversClosed(kept=1, next_on=CLOSING)
    assert years.close(PARIS_MIDNIGHT).closed == 1


def test_an_account_that_never_had_a_child_counts_from_its_creation(years: Years) -> None:
    """No school knows it: the calendar of Paris counts, and the office's chain is told."""
    years.do(
        "INSERT INTO accounts (id, identifier, state, created_at)"
        " VALUES (1, 'x.perdu', 'active', '2027-07-02 22:30:00')"  # already the 3rd in Paris
    )

    assert years.close(PARIS_MIDNIGHT - SECOND).kept == 1
    assert years.close(PARIS_MIDNIGHT).closed == 1
    assert years.trail("account.closed") == [(0, '{"former":"active","why":"no_child"}')]


def test_a_second_run_closes_nothing(years: Years) -> None:
    """And writes nothing."""
    left(years)
    assert years.close(CLOSING).closed == 1
    before = years.everything()

    assert years.close(CLOSING + DAY) == LeaversClosed()
    assert years.everything() == before
    assert years.is_sound()


def test_what_an_operator_opened_again_has_ninety_more_days(years: Years) -> None:
    """Somebody wanted it to live: the next night does not undo that."""
    left(years)
    years.close(CLOSING)
    with years.services.transaction() as session:
        author = years.services.author(noon(CLOSING))
        reopen_account(session, JEANNE, reason="appel", author=author)

    later = CLOSING + 90 * DAY
    assert years.close(later - DAY) == LeaversClosed(kept=1, next_on=later)
    assert years.close(later).closed == 1


def test_an_account_of_two_schools_is_closed_and_told_once_in_each(years: Years) -> None:
    """A dry run counts it once too, though nothing is kept between two schools."""
    years.begin("Tom", uai=OTHER_UAI)
    left(years)
    bobs_father(years, OTHER_UAI)

    foreseen = years.close(CLOSING, dry_run=True)

    assert set(years.accounts().values()) == {"not_notified"}
    assert years.trail("account.closed") == []
    assert foreseen == years.close(CLOSING) == LeaversClosed(closed=2)
    assert [chain for chain, _ in years.trail("account.closed")] == [1, 2, 2]


def bobs_father(years: Years, uai: str) -> None:
    """Let Paul Roux have a child in a school, and everybody's leave it in July."""
    people = [pupil("Bob", "Roux"), pupil("Zoé", "Personne")]
    years.take_rows(SEPTEMBER, people, [guardian("Paul", "Roux", child("Bob", "Roux"))], uai)
    years.generate(SEPTEMBER, uai)
    years.take_rows(JULY, [pupil("Zoé", "Personne")], [], uai)


def test_one_school_only(years: Years) -> None:
    """The accounts it knows, those it shares included; an unknown school is refused."""
    bobs_father(years, UAI)
    left(years, OTHER_UAI)

    assert years.close(CLOSING, uai=OTHER_UAI).closed == 1
    assert years.accounts() == {JEANNE: "closed", "paul.roux": "not_notified"}
    with pytest.raises(UnknownSchool):
        years.close(CLOSING, uai="0140071B")


def test_a_run_that_was_killed_goes_on(years: Years) -> None:
    """What one school's transaction has closed is closed; the next run does the rest, once."""
    left(years)
    bobs_father(years, OTHER_UAI)
    begun = 0

    def dying() -> AbstractContextManager[Session]:
        nonlocal begun
        begun += 1
        if begun == 3:
            raise KeyboardInterrupt
        return years.services.transaction()

    with pytest.raises(KeyboardInterrupt):
        close_leavers(dying, years.services.author(noon(CLOSING)))

    assert years.accounts() == {JEANNE: "closed", "paul.roux": "not_notified"}
    assert years.close(CLOSING) == LeaversClosed(closed=1)
    assert len(years.trail("account.closed")) == 2
    assert years.is_sound()


def test_who_returns_between_the_look_and_the_lock_is_not_closed(
    village: Years, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schools are held, then it is looked at again."""
    left(village)

    def import_first(session: Session, schools: Collection[int]) -> None:
        assert set(schools) == {1}
        session.connection().exec_driver_sql("UPDATE enrolments SET ended_on = NULL")

    monkeypatch.setattr(closing, "hold_schools", import_first)

    assert village.close(CLOSING) == LeaversClosed()
    assert village.trail("account.closed") == []


def test_three_hundred_accounts_cost_few_statements(
    years: Years, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By pages, each a dozen statements however many accounts it has."""
    monkeypatch.setattr(closing, "PAGE", 100)
    words = ["".join(chr(ord("a") + int(d)) for d in str(n)) for n in range(300)]
    pupils = [pupil(f"Enfant{word}", f"Famille{word}") for word in words]
    parents = [
        guardian("Anne", f"Famille{word}", child(f"Enfant{word}", f"Famille{word}"))
        for word in words
    ]
    years.take_rows(SEPTEMBER, pupils, parents)
    assert years.generate(SEPTEMBER).created == 300
    years.take_rows(JULY, [pupil("Zoé", "Personne")], [])
    statements: list[str] = []
    event.listen(
        years.services.engine, "before_cursor_execute",
        lambda *arguments: statements.append(arguments[2]),
    )  # fmt: skip

    assert years.close(CLOSING, dry_run=True).closed == 300
    assert len(statements) < 4 * 25
    assert years.close(CLOSING) == LeaversClosed(closed=300)
    assert len(years.trail("account.closed")) == 300
