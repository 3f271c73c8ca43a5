"""What PostgreSQL refuses or keeps waiting is told as what it is, and not waited for for ever."""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from educonnect_admin import databases
from educonnect_admin.domain.database_trouble import DatabaseTrouble
from educonnect_admin.domain.errors import DatabaseUnavailable
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.opening import open_services
from educonnect_admin.settings import Settings
from tests.support.postgres import KeptDatabase

_LOCKS = "SELECT * FROM schools WHERE uai = '{}' FOR UPDATE"


@pytest.fixture
def office(postgres_office: Services) -> Services:
    """An office on PostgreSQL, with two schools."""
    with postgres_office.transaction() as session:
        for uai in ("0140070A", "0752387M"):
            session.add(School(uai=uai, name="École"))
    return postgres_office


def _too_slow(session: Session) -> None:
    session.execute(text("SET LOCAL statement_timeout = '20ms'"))
    session.execute(text("SELECT pg_sleep(5)"))


def _waits_for_a_row(session: Session) -> None:
    session.execute(text("SET LOCAL lock_timeout = '20ms'"))
    session.execute(text(_LOCKS.format("0140070A")))


def _writes_where_none_may(session: Session) -> None:
    session.execute(text("SET LOCAL transaction_read_only = on"))
    session.execute(text("UPDATE schools SET city = 'Caen'"))


def _is_not_let_in(session: Session) -> None:
    session.execute(text("SET LOCAL ROLE pg_read_all_settings"))
    session.execute(text("SELECT * FROM schools"))


@pytest.mark.parametrize(
    ("accident", "trouble"),
    [
        (_too_slow, DatabaseTrouble.BUSY),
        (_waits_for_a_row, DatabaseTrouble.BUSY),
        (_writes_where_none_may, DatabaseTrouble.READ_ONLY),
        (_is_not_let_in, DatabaseTrouble.REFUSED),
    ],
)
def test_an_accident_of_postgresql_is_told_as_what_it_is(
    office: Services, accident: Callable[[Session], None], trouble: DatabaseTrouble
) -> None:
    """A time-out is no fault of ours, nor is a database that may not be written to."""
    with office.transaction() as other:
        other.execute(text(_LOCKS.format("0140070A")))
        with pytest.raises(DatabaseUnavailable) as refused, office.transaction() as session:
            accident(session)

    assert refused.value.trouble is trouble


def test_of_two_that_wait_for_each_other_one_is_told_that_it_is_busy(office: Services) -> None:
    """The server ends a deadlock; the other one goes on."""
    both = Barrier(2, timeout=20)

    def write(order: tuple[str, str]) -> DatabaseTrouble | None:
        try:
            with office.transaction() as session:
                session.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
                session.execute(text(_LOCKS.format(order[0])))
                both.wait()
                session.execute(text(_LOCKS.format(order[1])))
        except DatabaseUnavailable as refused:
            return refused.trouble
        return None

    orders = [("0140070A", "0752387M"), ("0752387M", "0140070A")]
    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(write, orders))

    assert sorted(map(str, told)) == ["None", "busy"]


def test_the_server_sees_who_asks(office: Services) -> None:
    """Sessions bear our name; whoever gives another in the address keeps it."""
    asked = text("SELECT current_setting('application_name')")
    with office.reading() as session:
        assert session.scalar(asked) == "educonnect-admin"

    address = f"{office.settings.database_url}&application_name=nuit"
    engine = databases.make_engine(databases.parse_address(address))
    with engine.connect() as connection:
        assert connection.scalar(asked) == "nuit"
    engine.dispose()


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [
        ({"database": "nulle_part"}, DatabaseTrouble.NO_SUCH_DATABASE),
        ({"username": "personne"}, DatabaseTrouble.NOT_LET_IN),
        ({"query": {"host": "/nowhere"}}, DatabaseTrouble.UNREACHABLE),
    ],
)
def test_what_is_wrong_with_an_address_is_told_with_it(
    kept_database: KeptDatabase, tmp_path: Path, wrong: dict[str, Any], trouble: DatabaseTrouble
) -> None:
    """A server that is away, that has no such database, that knows no such user: three things."""
    address = make_url(kept_database.emptied()).set(**wrong).render_as_string(hide_password=False)

    with pytest.raises(DatabaseUnavailable) as refused:
        open_services(Settings(database_url=address, secret_key_file=tmp_path / "k"))

    assert (refused.value.trouble, refused.value.where) == (trouble, address)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    """It takes the call and says nothing: the address can tell how long to wait."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        settings = Settings(
            database_url=f"postgresql://x@127.0.0.1:{port}/x?connect_timeout=2",
            secret_key_file=tmp_path / "k",
        )
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable) as refused:
            open_services(settings)

    assert refused.value.trouble is DatabaseTrouble.UNREACHABLE
    assert time.monotonic() - began < 10
