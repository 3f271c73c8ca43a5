"""SQLite made strict, PostgreSQL as it is: engines, addresses and locks of both.

Measured: with SQLAlchemy's defaults on SQLite, eight threads that each add one to a counter
end at one. `isolation_level=None` and `BEGIN IMMEDIATE` make them end at eight.
"""

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from educonnect_admin.domain.errors import (
    BadDatabaseAddress,
    NoDatabase,
    OutdatedDatabase,
    UnwritableFolder,
)
from educonnect_admin.homes import at_home

READ_ONLY = {"educonnect_read_only": True}
"""Execution option of engines that only read."""

_BUSY_SECONDS = 30
_PATIENCE: Mapping[str, Any] = {
    "application_name": "educonnect-admin",
    "connect_timeout": 10,
    # A server that went away without a word is found out within a minute, not in two hours.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""What libpq is told (its manual, «Connection Control Functions»); milliseconds in the last."""
_NO_RIGHT = "42501"
"""The SQLSTATE insufficient_privilege (appendix A of PostgreSQL's manual)."""
_NAP_SECONDS = 0.001
_KEPT_OPEN = 24
_TURNS: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


def parse_address(address: str) -> URL:
    """Return the URL of a database address; a bare path is an SQLite file.

    Raises:
        BadDatabaseAddress: neither an SQLite file nor PostgreSQL.
    """
    if "://" not in address:
        return URL.create("sqlite", database=str(at_home(Path(address)).absolute()))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise BadDatabaseAddress from None
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(database=str(at_home(Path(url.database or "")).absolute()))
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise BadDatabaseAddress


def shown(address: str) -> str:
    """Return the address of a database as it was typed, without its password."""
    if "://" not in address:
        return address
    hidden = re.sub(r"(://[^/@:?]*:)[^/]*@", r"\1***@", address)
    return re.sub(r"([?&](?:ssl)?password=)[^&]*", r"\1***", hidden)


def beside(url: URL, suffix: str) -> Path:
    """Return the path of a companion of the SQLite file.

    Raises:
        BadDatabaseAddress: the database is not a file.
    """
    if url.get_backend_name() != "sqlite":
        raise BadDatabaseAddress
    return Path(str(url.database) + suffix)


def refuse_missing_file(url: URL) -> None:
    """Refuse an SQLite file that is not there, rather than make an empty one.

    Raises:
        NoDatabase: there is no such file.
    """
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise NoDatabase


def create_file(url: URL) -> None:
    """Make the SQLite file with mode 600 before SQLite does with the mode of the day.

    Raises:
        UnwritableFolder: it can't be made there.
    """
    if url.get_backend_name() != "sqlite":
        return
    path = Path(str(url.database))
    try:
        if path.exists():
            return  # closing it would let go of the locks that this process has on it
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise UnwritableFolder(path, error.errno) from error


def make_engine(url: URL) -> Engine:
    """Return an engine that keeps the house rules of its database."""
    # Kept, not closed after use: opening one costs more than most of what it is opened for.
    pool = {"pool_size": _KEPT_OPEN, "max_overflow": _KEPT_OPEN}
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args=_patience(url), **pool
        )
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS}, **pool
    )
    event.listen(engine, "connect", _make_strict)
    event.listen(engine, "begin", _begin)
    return engine


def _patience(url: URL) -> dict[str, Any]:
    """Return how long a server may be silent, where the address does not say itself."""
    return {name: value for name, value in _PATIENCE.items() if name not in url.query}


def _make_strict(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions of its own
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def begin_with(engine: Engine, statements: Sequence[str], *, mark: str) -> None:
    """Run statements at the start of each connection from now on, and mark it in its `info`.

    Those that are open already are not used again.
    """

    def begin(connection: Any, record: Any) -> None:
        for statement in statements:
            connection.execute(statement).close()
        connection.commit()  # or the next rollback would undo them
        record.info[mark] = True

    engine.dispose()
    event.listen(engine, "connect", begin)


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("educonnect_read_only", False):
        connection.exec_driver_sql("BEGIN")
        return
    _begin_writing(connection.connection.driver_connection)


def _begin_writing(driver: Any) -> None:
    """Take the file for writing as soon as another process lets go of it.

    SQLite's own wait sleeps up to a tenth of a second at a time, while the file is free.
    """
    patience = time.monotonic() + _BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout = 0").close()
    try:
        while not _has_begun(driver, last=time.monotonic() > patience):
            time.sleep(_NAP_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}").close()


def _has_begun(driver: Any, *, last: bool) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE").close()
    except driver.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
            raise
        return False
    return True


def reading_options(engine: Engine) -> dict[str, Any]:
    """Return the execution options under which a transaction only reads, and one moment only.

    On SQLite a reader sees the moment of its first look; PostgreSQL must be asked to.
    """
    if engine.dialect.name == "postgresql":
        return {**READ_ONLY, "isolation_level": "REPEATABLE READ"}
    return READ_ONLY


def has_table(connection: Connection, name: str) -> bool:
    """Tell whether there is a table of this name."""
    return inspect(connection).has_table(name)


def schema_version(connection: Connection) -> str | None:
    """Return the revision of the schema, or nothing where there is none yet."""
    if not has_table(connection, "alembic_version"):
        return None
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if version is None else str(version)


def empty_journal(engine: Engine) -> None:
    """Bring what the WAL of an SQLite file still holds into the file, and empty it.

    What was removed stands there until it is overwritten; readers that are at work keep it.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()


def refuse_other_schema(session: Session, expected: str) -> None:
    """Refuse to write what another version of the program would not understand.

    Asked in each transaction that writes: a portal that was left running while a newer program
    brought the database up to date must not go on as before.

    Raises:
        OutdatedDatabase: the schema is not the expected one.
    """
    found = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found != expected:
        raise OutdatedDatabase(None if found is None else str(found), expected)


def is_let(connection: Connection, work: Callable[[Connection], None]) -> bool:
    """Do something that needs a right; undo it alone if the server refuses that, and tell.

    Raises:
        DBAPIError: it failed for another reason.
    """
    try:
        with connection.begin_nested():
            work(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_RIGHT:
            raise
        return False
    return True


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Let the writers of this process go to an SQLite file one after the other.

    SQLite lets one write at a time; the others sleep, longer and longer, and whoever wakes up at
    the right moment wins. In a line nobody sleeps while the file is free. PostgreSQL needs none.
    """
    if engine.dialect.name == "postgresql":
        yield
        return
    line = _TURNS.setdefault(engine, Lock())
    # After as long as SQLite would wait, it is SQLite that says so.
    held = line.acquire(timeout=_BUSY_SECONDS)
    try:
        yield
    finally:
        if held:
            line.release()
