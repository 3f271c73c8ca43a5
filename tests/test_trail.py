"""The chains of the trail: append-only, and a change shows (R-63)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from educonnect_admin.domain.trail import OFFICE_CHAIN, Happening, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.conftest import NOW

GUARDS = {
    "sqlite": ("DROP TRIGGER trail_entries_no_update", "DROP TRIGGER trail_entries_no_delete"),
    "postgresql": ("DROP FUNCTION trail_entries_refuse CASCADE",),
}


def write(services: Services, times: int = 5) -> None:
    """Write some entries to the chain of the office."""
    with services.transaction() as session:
        append_to_trail(
            session,
            services.author(NOW),
            [
                Happening(TrailKind.SCHOOL_ADDED, details={"n": n}, reason="vu")
                for n in range(times)
            ],
        )


def broken_at(services: Services) -> int | None:
    """Return where the chain of the office does not verify."""
    with services.reading() as session:
        return first_broken_entry(session, services.author(NOW).pen, OFFICE_CHAIN)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE trail_entries SET operator = 'bob'", "DELETE FROM trail_entries"],
)
def test_the_database_refuses_to_change_the_trail(
    services: Services, run_sql: Callable[[str], None], statement: str
) -> None:
    """Neither an update nor a delete goes through, whoever asks."""
    write(services)

    with pytest.raises(DBAPIError, match="append-only"):
        run_sql(statement)

    assert broken_at(services) is None


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE trail_entries SET operator = 'bob' WHERE sequence = 3", 3),
        ("UPDATE trail_entries SET account_id = 7 WHERE sequence = 2", 2),
        ("DELETE FROM trail_entries WHERE sequence = 4", 4),
        ("DELETE FROM trail_entries WHERE sequence > 4", 5),
    ],
)
def test_a_forced_change_shows_and_is_located(
    services: Services, run_sql: Callable[[str], None], statement: str, where: int
) -> None:
    """Whoever removes the guards still can't change an entry, remove one or cut the end."""
    write(services)
    run_sql("DELETE FROM trail_reasons")
    for guard in GUARDS[services.engine.dialect.name]:
        run_sql(guard)

    run_sql(statement)

    assert broken_at(services) == where


def test_a_head_moved_back_shows(services: Services, run_sql: Callable[[str], None]) -> None:
    """Cutting the end and telling the head so does not help without the key."""
    write(services)
    run_sql("DELETE FROM trail_reasons")
    for guard in GUARDS[services.engine.dialect.name]:
        run_sql(guard)
    run_sql("DELETE FROM trail_entries WHERE sequence > 4")

    run_sql(
        "UPDATE trail_heads SET count = 4, digest ="
        " (SELECT digest FROM trail_entries WHERE chain = 0 AND sequence = 4)"
    )

    assert broken_at(services) == 5


def test_eight_writers_leave_a_chain_that_verifies(services: Services) -> None:
    """Writers at the same time line up: no number twice, none missing."""
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: write(services), range(8)))

    assert broken_at(services) is None
    with services.reading() as session:
        assert session.scalar(text("SELECT max(sequence) FROM trail_entries")) == 41


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_entries SET kind = 'no.such.kind' WHERE sequence = 3",
        "UPDATE trail_entries SET details = '{}' WHERE sequence = 3",
    ],
)
def test_what_nobody_ever_wrote_is_a_break_not_a_crash(
    services: Services, run_sql: Callable[[str], None], statement: str
) -> None:
    """A value that no version of ours writes is reported where it stands."""
    write(services)
    for guard in GUARDS[services.engine.dialect.name]:
        run_sql(guard)

    run_sql(statement)

    assert broken_at(services) == 3


def test_a_chain_that_is_gone_shows(services: Services, run_sql: Callable[[str], None]) -> None:
    """Entries and head removed together: a chain that must be there is broken at its first."""
    write(services)
    run_sql("DELETE FROM trail_reasons")
    for guard in GUARDS[services.engine.dialect.name]:
        run_sql(guard)

    run_sql("DELETE FROM trail_entries")
    run_sql("DELETE FROM trail_heads")

    assert broken_at(services) == 1
