"""Named locks: their numbers, and what becomes of whoever loses one."""

import pytest
from sqlalchemy import text

from educonnect_admin.domain.database_trouble import DatabaseTrouble
from educonnect_admin.domain.errors import DatabaseUnavailable
from educonnect_admin.edge import Services
from educonnect_admin.locks import lock_number

_HOLDERS = text("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")


@pytest.fixture
def office(postgres_office: Services) -> Services:
    """An office on PostgreSQL."""
    return postgres_office


def test_no_two_schools_of_the_country_share_a_lock() -> None:
    """Sixty thousand names give as many numbers; of 32 bits some would be the same."""
    numbers = {lock_number(f"letters-{school_id}") for school_id in range(200_000)}

    assert len(numbers) == 200_000
    assert min(numbers) < -(2**62)
    assert max(numbers) > 2**62


def test_the_number_of_a_lock_never_changes() -> None:
    """Two versions of the program, on two machines, hold the same lock."""
    assert lock_number("mail") == 4477929131480866990


def _cut_holder(office: Services) -> None:
    with office.engine.connect() as connection:
        (pid,) = connection.scalars(_HOLDERS).all()
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_nothing_is_written_once_the_lock_is_lost(office: Services) -> None:
    """The server let go of the lock: another run may hold it, so this one stops."""
    with office.lock("letters-1") as held:
        assert held
        with office.transaction() as session:
            session.execute(text("SELECT 1"))
        _cut_holder(office)
        with pytest.raises(DatabaseUnavailable) as refused, office.transaction():
            pass
        with office.lock("letters-1") as other:
            assert other

    assert refused.value.trouble is DatabaseTrouble.LOST
    with office.transaction() as session:  # without the lock, as before
        session.execute(text("SELECT 1"))
