"""What an intruder with the database in hands can't hide (R-63)."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from educonnect_admin.domain.trail import OFFICE_CHAIN, Happening, TrailKind
from educonnect_admin.domain.trail_breaks import Break, BreakCause, KeptHead
from educonnect_admin.edge import Services
from educonnect_admin.office.add_school import SchoolFacts, add_school
from educonnect_admin.office.verify_trail import TrailVerdict, verify_trail
from educonnect_admin.opening import open_services
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE, MARIE_CURIE

Sql = Callable[[str], None]
GUARDS = {
    "sqlite": (
        "DROP TRIGGER trail_entries_no_update",
        "DROP TRIGGER trail_entries_no_delete",
        "DROP TRIGGER trail_entries_no_replace",
    ),
    "postgresql": ("DROP FUNCTION trail_entries_refuse CASCADE",),
}


@pytest.fixture
def school(services: Services) -> int:
    """A school with a chain of seven entries, five of them with a reason."""
    school_id = _add_school(services, CHARLEMAGNE)
    _write(services, school_id)
    _write(services, school_id, times=1, reason=None)
    return school_id


@pytest.fixture
def intruder(services: Services, run_sql: Sql) -> Sql:
    """Whoever has the database in hands, its guards removed."""
    for guard in GUARDS[services.engine.dialect.name]:
        run_sql(guard)
    return run_sql


def _add_school(services: Services, uai: str) -> int:
    with services.transaction() as session:
        add_school(session, SchoolFacts(uai, "École"), services.author(NOW))
        return int(session.scalar(text(f"SELECT id FROM schools WHERE uai = '{uai}'")) or 0)


def _write(
    services: Services, school_id: int, *, times: int = 5, reason: str | None = "a téléphoné"
) -> None:
    with services.transaction() as session:
        append_to_trail(
            session,
            services.author(NOW),
            [
                Happening(
                    TrailKind.ACCOUNT_CLOSED,
                    school_id=school_id,
                    account_id=n,
                    guardian_id=n,
                    pupil_id=n,
                    letter_id=n,
                    batch_id=n,
                    details={"n": n},
                    reason=reason and f"{reason} {n}",
                )
                for n in range(times)
            ],
        )


def verdict(services: Services, kept: dict[str | None, KeptHead] | None = None) -> TrailVerdict:
    """Follow every chain."""
    with services.reading() as session:
        return verify_trail(session, services.author(NOW).pen, kept=kept)


def breaks(services: Services, kept: dict[str | None, KeptHead] | None = None) -> dict[int, Break]:
    """Return the first break of each chain that has one."""
    return {
        chain.chain: chain.broken
        for chain in verdict(services, kept).chains
        if chain.broken is not None
    }


def test_a_trail_that_nobody_touched_verifies(services: Services, school: int) -> None:
    """Every chain, with its number of entries and its last digest."""
    found = verdict(services)

    assert found.broken == []
    assert [(chain.uai, chain.count) for chain in found.chains] == [(None, 1), (CHARLEMAGNE, 7)]
    assert all(len(chain.digest) == 64 for chain in found.chains)


CHANGES = {
    "id": "id = id + 100",
    "happened_at": "happened_at = '2026-11-23 17:30:00.000001+00'",
    "operator": "operator = 'alicf'",
    "kind": "kind = 'account.reopened'",
    "account_id": "account_id = 9",
    "guardian_id": "guardian_id = NULL",
    "pupil_id": "pupil_id = 9",
    "letter_id": "letter_id = 9",
    "batch_id": "batch_id = 9",
    "details": """details = '{"n":9}'""",
    "reason_digest": "reason_digest = NULL",
    "key_id": "key_id = 'k2'",
    "previous": "previous = 'z' || substr(previous, 2)",
    "digest": "digest = 'z' || substr(digest, 2)",
}


@pytest.mark.parametrize("column", CHANGES)
def test_one_change_in_any_column_is_found_where_it_is(
    services: Services, school: int, intruder: Sql, column: str
) -> None:
    """The chain breaks at that very entry, and no other chain does."""
    intruder("DELETE FROM trail_reasons")
    intruder(f"UPDATE trail_entries SET {CHANGES[column]} WHERE chain = {school} AND sequence = 4")

    (place,) = breaks(services).items()
    # A row under a later id shows where the next one falls behind it.
    where = (5, BreakCause.RENUMBERED) if column == "id" else (4, BreakCause.CHANGED)
    assert place == (school, Break(*where))


def test_the_columns_of_the_test_are_those_of_the_table(services: Services) -> None:
    """A column that is added must be sealed too; chain and sequence have tests of their own."""
    with services.reading() as session:
        names = set(session.execute(text("SELECT * FROM trail_entries")).keys())

    assert names == {*CHANGES, "chain", "sequence"}


def test_an_entry_moved_to_another_chain_is_missed_here_and_told_there(
    services: Services, school: int, intruder: Sql
) -> None:
    """Its place is empty; where it went, nothing should be."""
    intruder("DELETE FROM trail_reasons")
    intruder(f"UPDATE trail_entries SET chain = 99 WHERE chain = {school} AND sequence = 4")

    assert breaks(services) == {
        school: Break(4, BreakCause.MISSING),
        99: Break(1, BreakCause.MISSING),
    }


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("DELETE FROM trail_entries WHERE {c} AND sequence = 1", Break(1, BreakCause.MISSING)),
        ("DELETE FROM trail_entries WHERE {c} AND sequence = 3", Break(3, BreakCause.MISSING)),
        ("DELETE FROM trail_entries WHERE {c} AND sequence > 5", Break(6, BreakCause.CUT)),
        ("DELETE FROM trail_entries WHERE {c}", Break(1, BreakCause.CUT)),
        ("DELETE FROM trail_heads WHERE {c}", Break(8, BreakCause.NO_HEAD)),
        ("UPDATE trail_heads SET count = 6 WHERE {c}", Break(8, BreakCause.FORGED_HEAD)),
        ("UPDATE trail_heads SET key_id = 'k9' WHERE {c}", Break(8, BreakCause.FORGED_HEAD)),
        ("UPDATE trail_heads SET seal = 'x' WHERE {c}", Break(8, BreakCause.FORGED_HEAD)),
        ("UPDATE trail_entries SET sequence = 0 WHERE {c} AND sequence = 1",
         Break(0, BreakCause.CHANGED)),
        ("UPDATE trail_entries SET sequence = 9 WHERE {c} AND sequence = 7",
         Break(7, BreakCause.MISSING)),
    ],
)  # fmt: skip
def test_what_is_taken_away_is_found_where_it_was(
    services: Services, school: int, intruder: Sql, statement: str, broken: Break
) -> None:
    """One entry, the end, all of them, the head; the first that is missing is named."""
    intruder("DELETE FROM trail_reasons")

    intruder(statement.format(c=f"chain = {school}"))

    assert breaks(services) == {school: broken}


def test_two_entries_that_changed_places_are_found(
    services: Services, school: int, intruder: Sql
) -> None:
    """Each is genuine; where they stand is not."""
    intruder("DELETE FROM trail_reasons")
    for old, new in ((3, 100), (4, 3), (100, 4)):
        intruder(
            f"UPDATE trail_entries SET sequence = {new} WHERE chain = {school} AND sequence = {old}"
        )

    assert breaks(services) == {school: Break(3, BreakCause.CHANGED)}


@pytest.mark.parametrize("sequence", [8, 100, -1])
def test_an_entry_that_is_slipped_in_is_found(
    services: Services, school: int, intruder: Sql, sequence: int
) -> None:
    """A genuine entry copied elsewhere, at the end or before the first."""
    columns = (
        "happened_at, operator, kind, account_id, guardian_id, pupil_id, letter_id, batch_id,"
        " details, reason_digest, key_id, previous, digest"
    )
    intruder(
        f"INSERT INTO trail_entries (id, chain, sequence, {columns})"
        f" SELECT 999, chain, {sequence}, {columns} FROM trail_entries"
        f" WHERE chain = {school} AND sequence = 4"
    )

    expected = {
        8: Break(8, BreakCause.CHANGED),
        100: Break(8, BreakCause.MISSING),
        -1: Break(-1, BreakCause.CHANGED),
    }
    assert breaks(services) == {school: expected[sequence]}


def test_a_head_put_back_to_an_older_day_is_found(
    services: Services, school: int, intruder: Sql
) -> None:
    """Its seal is genuine; the entries go on after it."""
    with services.reading() as session:
        head = session.execute(
            text(f"SELECT count, digest, seal FROM trail_heads WHERE chain = {school}")
        ).one()
    _write(services, school, times=2)

    intruder(
        f"UPDATE trail_heads SET count = {head[0]}, digest = '{head[1]}', seal = '{head[2]}'"
        f" WHERE chain = {school}"
    )

    assert breaks(services) == {school: Break(8, BreakCause.UNTOLD)}


def test_a_purged_reason_is_no_break(services: Services, school: int, intruder: Sql) -> None:
    """Free text may be removed (R-63); that there was one stays told."""
    intruder("DELETE FROM trail_reasons")

    assert breaks(services) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_reasons SET text = 'autre chose' WHERE entry_id = {third}",
        "UPDATE trail_reasons SET text = text || ' ' WHERE entry_id = {third}",
        "UPDATE trail_reasons SET salt = (SELECT salt FROM trail_reasons WHERE entry_id = {fourth})"
        " WHERE entry_id = {third}",
    ],
)
def test_a_changed_reason_is_found(
    services: Services, school: int, intruder: Sql, statement: str
) -> None:
    """The text, a space of it, or its salt."""
    third, fourth = _ids(services, school, 3, 4)

    intruder(statement.format(third=third, fourth=fourth))

    assert breaks(services) == {school: Break(3, BreakCause.REASON_CHANGED)}


def test_reasons_that_changed_places_are_found(
    services: Services, school: int, intruder: Sql
) -> None:
    """Each is genuine, with its salt; its entry is another."""
    third, fourth, last = _ids(services, school, 3, 4, 7)
    for old, new in ((third, last), (fourth, third), (last, fourth)):
        intruder(f"UPDATE trail_reasons SET entry_id = {new} WHERE entry_id = {old}")

    assert breaks(services) == {school: Break(3, BreakCause.REASON_CHANGED)}


def test_a_reason_given_to_an_entry_that_had_none_is_found(
    services: Services, school: int, intruder: Sql
) -> None:
    """Nobody may put words into somebody's mouth afterwards."""
    third, last = _ids(services, school, 3, 7)
    intruder(f"UPDATE trail_reasons SET entry_id = {last} WHERE entry_id = {third}")

    assert breaks(services) == {school: Break(7, BreakCause.REASON_CHANGED)}


def test_a_salt_cannot_swallow_the_beginning_of_a_reason(services: Services, school: int) -> None:
    """Salt and text are sealed as one: a longer salt would leave a shorter text."""
    (third,) = _ids(services, school, 3)
    with services.engine.begin() as connection:
        salt, told = connection.execute(
            text(f"SELECT salt, text FROM trail_reasons WHERE entry_id = {third}")
        ).one()
        connection.execute(
            text("UPDATE trail_reasons SET salt = :salt, text = :text WHERE entry_id = :id"),
            {"salt": bytes(salt) + told[:2].encode(), "text": told[2:], "id": third},
        )

    assert breaks(services) == {school: Break(3, BreakCause.REASON_CHANGED)}


def _ids(services: Services, school_id: int, *sequences: int) -> list[int]:
    with services.reading() as session:
        return [
            int(session.scalar(text(
                f"SELECT id FROM trail_entries WHERE chain = {school_id} AND sequence = {sequence}"
            )) or 0)
            for sequence in sequences
        ]  # fmt: skip


def test_the_chain_of_a_school_can_not_vanish(
    services: Services, school: int, intruder: Sql
) -> None:
    """Entries and head gone together: every school began with an entry."""
    intruder("DELETE FROM trail_reasons")
    intruder(f"DELETE FROM trail_entries WHERE chain = {school}")
    intruder(f"DELETE FROM trail_heads WHERE chain = {school}")

    assert breaks(services) == {school: Break(1, BreakCause.GONE)}


def test_a_moment_before_christ_is_a_break(services: Services, school: int, intruder: Sql) -> None:
    """Only the era was changed: it hides the entry from whoever asks since a day."""
    if services.engine.dialect.name == "postgresql":
        intruder("UPDATE trail_entries SET happened_at = '2026-11-23 17:30+00 BC' WHERE id = 4")

        assert [one.cause for one in breaks(services).values()] == [BreakCause.CHANGED]


def test_a_school_can_not_leave_its_chain_behind(
    services: Services, school: int, intruder: Sql
) -> None:
    """A chain that verifies and belongs to nobody is told."""
    intruder(f"DELETE FROM schools WHERE id = {school}")

    assert breaks(services) == {school: Break(7, BreakCause.NO_SCHOOL)}


def test_a_database_put_back_to_an_older_day_is_told_by_a_kept_head(
    services: Services, school: int, intruder: Sql
) -> None:
    """It verifies in itself: only what was noted elsewhere can tell."""
    with services.reading() as session:
        head = session.execute(
            text(f"SELECT count, digest, seal FROM trail_heads WHERE chain = {school}")
        ).one()
    _write(services, school, times=2, reason=None)
    noted = {chain.uai: KeptHead(chain.count, chain.digest) for chain in verdict(services).chains}
    assert breaks(services, noted) == {}
    intruder(f"DELETE FROM trail_entries WHERE chain = {school} AND sequence > 7")
    intruder(
        f"UPDATE trail_heads SET count = {head[0]}, digest = '{head[1]}', seal = '{head[2]}'"
        f" WHERE chain = {school}"
    )

    assert breaks(services) == {}
    assert breaks(services, noted) == {school: Break(8, BreakCause.BEFORE_KEPT)}
    _write(services, school, times=3, reason="un autre passé")
    assert breaks(services, noted) == {school: Break(9, BreakCause.BESIDE_KEPT)}


def test_a_kept_head_of_a_school_that_is_gone_is_told(services: Services) -> None:
    """School, chain and head removed together leave no trace but that one."""
    assert breaks(services) == {}

    found = verdict(services, {MARIE_CURIE: KeptHead(3, "a" * 64)})

    assert [(one.uai, one.broken) for one in found.broken] == [
        (MARIE_CURIE, Break(1, BreakCause.GONE))
    ]


def test_bytes_that_are_no_text_are_a_break_not_a_crash(
    sqlite_services: Services,
) -> None:
    """SQLite keeps whatever it is given; a flipped bit need not leave valid UTF-8."""
    school_id = _add_school(sqlite_services, CHARLEMAGNE)
    _write(sqlite_services, school_id, reason=None)
    for column in ("operator", "kind", "details", "happened_at", "digest", "previous", "key_id"):
        with sqlite_services.engine.connect() as connection:
            for guard in GUARDS["sqlite"]:
                connection.exec_driver_sql(guard)
            connection.exec_driver_sql(
                f"UPDATE trail_entries SET {column} = CAST(x'ff' AS TEXT)"
                f" WHERE chain = {school_id} AND sequence = 3"
            )
            with sqlite_services.reading() as other:
                assert verify_trail(other, sqlite_services.author(NOW).pen).broken == []
            found = verify_trail(Session(connection), sqlite_services.author(NOW).pen)
            assert [one.broken for one in found.broken] == [Break(3, BreakCause.CHANGED)], column


def test_a_moment_written_another_way_is_a_break(sqlite_services: Services) -> None:
    """It reads the same, but one byte of it was changed."""
    school_id = _add_school(sqlite_services, CHARLEMAGNE)
    with sqlite_services.engine.begin() as connection:
        for guard in GUARDS["sqlite"]:
            connection.exec_driver_sql(guard)
        connection.exec_driver_sql(
            "UPDATE trail_entries SET happened_at = replace(happened_at, ' ', 'T')"
            f" WHERE chain = {school_id}"
        )

    assert breaks(sqlite_services) == {school_id: Break(1, BreakCause.CHANGED)}


REFUSED = {
    "sqlite": [
        "UPDATE trail_entries SET operator = 'bob'",
        "DELETE FROM trail_entries",
        "REPLACE INTO trail_entries SELECT * FROM trail_entries WHERE sequence = 2",
        "INSERT OR REPLACE INTO trail_entries SELECT * FROM trail_entries",
    ],
    "postgresql": [
        "UPDATE trail_entries SET operator = 'bob'",
        "DELETE FROM trail_entries",
        "TRUNCATE trail_entries CASCADE",
        "TRUNCATE schools CASCADE; TRUNCATE trail_reasons, trail_entries",
    ],
}


def test_the_database_itself_refuses_every_way_to_change_an_entry(
    services: Services, school: int, run_sql: Sql
) -> None:
    """Update, delete, replace, truncate."""
    for statement in REFUSED[services.engine.dialect.name]:
        with pytest.raises(DBAPIError, match="append-only"):
            run_sql(statement)

    assert breaks(services) == {}


def _write_much(settings: Settings, number: int) -> None:
    services = open_services(settings)
    for turn in range(6):
        with services.transaction() as session:
            happenings = [
                Happening(TrailKind.ACCOUNT_CLOSED, school_id=school, account_id=number,
                          reason=f"{number} {turn}" if turn % 2 else None)
                # Each writer names the schools in another order.
                for school in sorted((None, 1, 2, 3), key=lambda one: ((one or 0) * number) % 5)
            ]  # fmt: skip
            append_to_trail(session, services.author(NOW), happenings)
    services.close()


@pytest.mark.slow
def test_eight_processes_writing_at_once_leave_chains_that_verify(
    services: Services, settings: Settings, tmp_path: Path
) -> None:
    """Several schools and the office in each transaction, in any order: no lock, no hole."""
    for uai in (CHARLEMAGNE, MARIE_CURIE, "0599901S"):
        _add_school(services, uai)

    with ProcessPoolExecutor(8, mp_context=get_context("spawn")) as writers:
        list(writers.map(_write_much, [settings] * 8, range(1, 9)))

    found = verdict(services)
    assert found.broken == []
    assert [chain.count for chain in found.chains] == [1 + 48, 49, 49, 49]
    assert {chain.chain for chain in found.chains} == {OFFICE_CHAIN, 1, 2, 3}


def test_a_chain_begun_again_without_its_past_is_found(
    services: Services, school: int, intruder: Sql
) -> None:
    """Removed, head and all, then written to by us: sealed throughout, but not from its start."""
    intruder("DELETE FROM trail_reasons")
    intruder("DELETE FROM trail_entries")
    intruder("DELETE FROM trail_heads")
    _write(services, school)
    _write(services, OFFICE_CHAIN)

    gone = Break(1, BreakCause.MISSING)
    assert breaks(services) == {OFFICE_CHAIN: gone, school: gone}
