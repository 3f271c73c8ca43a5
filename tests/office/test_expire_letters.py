"""Letters that end by the clock of their school, and hashes that go 90 days later (R-11)."""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.errors import UnknownSchool
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.people import Guardian, Pupil
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import TrailEntry, TrailKind
from educonnect_admin.domain.uai import check_letter
from educonnect_admin.edge import Services
from educonnect_admin.office import expire_letters as expiring
from educonnect_admin.office.expire_letters import Expired, expire_letters
from educonnect_admin.opening import open_services
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.office.resending import told
from tests.support.households import MOREAUS, NGUYENS, add_families, add_school

PARIS, MARTINIQUE = (digits + check_letter(digits) for digits in ("0752387", "9720001"))
LAST_DAY = date(2027, 1, 15)
PARIS_MIDNIGHT = datetime(2027, 1, 15, 23, tzinfo=UTC)
MARTINIQUE_MIDNIGHT = datetime(2027, 1, 16, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def expire(services: Services, now: datetime, *, dry_run: bool = False, **options: Any) -> Expired:
    """End what is over at a moment, as cron does."""
    transaction = partial(services.transaction, dry_run=dry_run)
    return expire_letters(transaction, services.author(now), **options)


def add_letters(session: Session, school_id: int, number: int, last_day: date = LAST_DAY) -> None:
    """Give so many new accounts a letter each, without printing any."""
    guardian = session.scalars(select(Guardian.id).where(Guardian.school_id == school_id)).first()
    pupil = session.scalars(select(Pupil.id)).first()
    first = (session.scalar(select(func.max(Account.id))) or 0) + 1
    made = datetime(2026, 10, 15, 8, tzinfo=UTC)
    ids = range(first, first + number)
    session.execute(
        insert(Account),
        [
            {"id": n, "identifier": f"a.b{n}", "state": AccountState.NOTIFIED, "created_at": made}
            for n in ids
        ],
    )
    session.execute(
        insert(Letter),
        [
            {
                "number": f"N{n}", "account_id": n, "school_id": school_id, "file_id": None,
                "guardian_id": guardian, "carrier_id": pupil, "created_at": made,
                "former_state": AccountState.NOT_NOTIFIED, "last_day": last_day,
                "password_hash": b"hash",
            }
            for n in ids
        ],
    )  # fmt: skip


@pytest.fixture
def two_islands(services: Services) -> Services:
    """A school in Paris and one in Martinique, each with two letters of the same last day."""
    with services.transaction() as session:
        for uai, family in ((PARIS, MOREAUS), (MARTINIQUE, NGUYENS)):
            school = add_school(session, uai, uai)
            add_families(session, school, [family])
            add_letters(session, school, 2)
    return services


def ends(services: Services) -> dict[str, tuple[datetime | None, LetterEnd | None, bool]]:
    """Return when and how the letters of each school ended, and whether a hash is left."""
    with services.reading() as session:
        return {
            uai: (ended_at, end, hashed is not None)
            for uai, ended_at, end, hashed in session.execute(
                select(School.uai, Letter.ended_at, Letter.end, Letter.password_hash)
                .join(School, School.id == Letter.school_id)
                .distinct()
            )
        }


def test_each_letter_ends_at_the_midnight_of_its_school(two_islands: Services) -> None:
    """One second before nothing; then Paris; five hours later Martinique. The end is midnight."""
    alive = (None, None, True)

    assert expire(two_islands, PARIS_MIDNIGHT - SECOND) == Expired()
    assert expire(two_islands, PARIS_MIDNIGHT) == Expired(expired=2)
    assert ends(two_islands) == {
        PARIS: (PARIS_MIDNIGHT, LetterEnd.EXPIRED, True), MARTINIQUE: alive,
    }  # fmt: skip
    assert expire(two_islands, MARTINIQUE_MIDNIGHT - SECOND) == Expired()
    assert expire(two_islands, MARTINIQUE_MIDNIGHT + timedelta(days=3)) == Expired(expired=2)
    assert ends(two_islands)[MARTINIQUE] == (MARTINIQUE_MIDNIGHT, LetterEnd.EXPIRED, True)


def test_hashes_go_ninety_days_after_the_end(two_islands: Services) -> None:
    """To the second; once; with a count a school in the trail."""
    expire(two_islands, MARTINIQUE_MIDNIGHT)

    assert expire(two_islands, PARIS_MIDNIGHT + timedelta(days=90) - SECOND) == Expired()
    assert expire(two_islands, PARIS_MIDNIGHT + timedelta(days=90)) == Expired(cleared=2)
    assert [hashed for _, _, hashed in ends(two_islands).values()].count(True) == 1
    assert expire(two_islands, PARIS_MIDNIGHT + timedelta(days=400)) == Expired(cleared=2)
    assert expire(two_islands, PARIS_MIDNIGHT + timedelta(days=400)) == Expired()
    cleared = told(two_islands, TrailKind.HASHES_CLEARED)
    assert [(one.chain, json.loads(one.details)) for one in cleared] == [
        (1, {"letters": 2}), (2, {"letters": 2}),
    ]  # fmt: skip


def test_however_a_letter_ended_its_hash_goes(two_islands: Services) -> None:
    """Used, superseded, closed: 90 days as well. What still lives keeps its own."""
    long_ago = PARIS_MIDNIGHT - timedelta(days=91)
    with two_islands.transaction() as session:
        session.execute(
            update(Letter).where(Letter.id == 1).values(ended_at=long_ago, end=LetterEnd.USED)
        )

    assert expire(two_islands, PARIS_MIDNIGHT - SECOND) == Expired(cleared=1)

    with two_islands.reading() as session:
        hashes = session.scalars(select(Letter.password_hash).order_by(Letter.id)).all()
    assert hashes == [None, b"hash", b"hash", b"hash"]


def test_the_account_stays_what_it_is(two_islands: Services) -> None:
    """«Notification expirée» is a fact about letters, not a state (R-1); the trail tells it."""
    expire(two_islands, MARTINIQUE_MIDNIGHT)

    with two_islands.reading() as session:
        assert set(session.scalars(select(Account.state))) == {AccountState.NOTIFIED}
        assert first_broken_entry(session, two_islands.author(PARIS_MIDNIGHT).pen, 1) is None
    ended = told(two_islands, TrailKind.LETTER_ENDED)
    assert [(one.chain, one.account_id, one.letter_id) for one in ended] == [
        (1, 1, 1), (1, 2, 2), (2, 3, 3), (2, 4, 4),
    ]  # fmt: skip
    assert {one.details for one in ended} == {'{"end":"expired"}'}


@pytest.mark.parametrize("late", [0, 200])
def test_a_dry_run_foresees_the_same_and_keeps_nothing(two_islands: Services, late: int) -> None:
    """Even where a letter would end and lose its hash in the same run."""
    now = MARTINIQUE_MIDNIGHT + timedelta(days=late)
    before = ends(two_islands)

    foreseen = expire(two_islands, now, dry_run=True)

    assert ends(two_islands) == before
    assert told(two_islands, TrailKind.LETTER_ENDED) == []
    assert foreseen == expire(two_islands, now)
    assert foreseen == Expired(expired=4, cleared=4 if late else 0)


def test_one_school_only(two_islands: Services) -> None:
    """The others wait for their turn; an unknown school is refused."""
    later = MARTINIQUE_MIDNIGHT + timedelta(days=200)

    assert expire(two_islands, later, uai=MARTINIQUE) == Expired(expired=2, cleared=2)
    assert ends(two_islands)[PARIS] == (None, None, True)
    with pytest.raises(UnknownSchool):
        expire(two_islands, later, uai="0140070A")


def test_what_ends_between_the_look_and_the_lock_is_not_ended_twice(
    two_islands: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter replaced in that moment stays superseded, and is not counted."""

    def accident(session: Session, account_ids: list[int]) -> None:
        session.execute(
            update(Letter)
            .where(Letter.id == 1)
            .values(ended_at=PARIS_MIDNIGHT, end=LetterEnd.SUPERSEDED)
        )

    monkeypatch.setattr(expiring, "hold_accounts", accident)

    assert expire(two_islands, PARIS_MIDNIGHT) == Expired(expired=1)
    with two_islands.reading() as session:
        ends_of = session.scalars(select(Letter.end).order_by(Letter.id)).all()
    assert ends_of[:2] == [LetterEnd.SUPERSEDED, LetterEnd.EXPIRED]
    assert [one.letter_id for one in told(two_islands, TrailKind.LETTER_ENDED)] == [2]


def _counting(services: Services, do: Callable[[], Expired]) -> tuple[Expired, int]:
    statements = []

    def count(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(services.engine, "before_cursor_execute", count)
    try:
        return do(), len(statements)
    finally:
        event.remove(services.engine, "before_cursor_execute", count)


def _in_a_child(services: Services, now: datetime, begin: int, answers: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        own = open_services(services.settings)
        os.read(begin, 1)
        done = expire(own, now)
        os.write(answers, f"{done.expired} {done.cleared}\n".encode())
    finally:
        os._exit(0)


def test_five_thousand_letters_by_two_at_once(
    two_islands: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few statements a page; two processes count and tell each letter once, the chain holds."""
    monkeypatch.setattr(expiring, "PAGE", 250)
    with two_islands.transaction() as session:
        add_letters(session, 1, 2500)
        add_letters(session, 2, 2496)
    now = MARTINIQUE_MIDNIGHT + timedelta(days=90)
    foreseen, statements = _counting(two_islands, lambda: expire(two_islands, now, dry_run=True))
    assert foreseen == Expired(expired=5000, cleared=5000)
    assert statements < 21 * 12

    (begin, go), (answers, answer) = os.pipe(), os.pipe()
    children = [_in_a_child(two_islands, now, begin, answer) for _ in range(2)]
    os.write(go, b"xx")
    for child in children:
        os.waitpid(child, 0)
    counts = os.read(answers, 100).decode().splitlines()

    expired, cleared = zip(*(map(int, one.split()) for one in counts), strict=True)
    assert (len(counts), sum(expired), sum(cleared)) == (2, 5000, 5000)
    entries = told(two_islands, TrailKind.LETTER_ENDED)
    assert len({entry.letter_id for entry in entries}) == len(entries) == 5000
    with two_islands.reading() as session:
        pen = two_islands.author(now).pen
        assert [first_broken_entry(session, pen, chain) for chain in (1, 2)] == [None, None]
        left = select(func.count()).select_from(Letter).where(Letter.password_hash.is_not(None))
        assert session.scalar(left) == 0
        written = session.scalars(select(func.count()).select_from(TrailEntry)).one()
        assert written >= 5000
