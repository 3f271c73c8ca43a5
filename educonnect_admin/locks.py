"""Named locks that die with their process, on both databases.

SQLite is one machine's: the lock is a locked file beside the database. PostgreSQL may be
several machines': the lock is the server's, held by a connection of its own, and is lost with
that connection. Whoever goes on without it would work beside whoever got it next: no
transaction of its thread begins any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from educonnect_admin.databases import beside
from educonnect_admin.domain.database_trouble import DatabaseTrouble
from educonnect_admin.domain.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from psycopg import Connection

_HELD: ContextVar[tuple["Connection[Any]", ...]] = ContextVar("held", default=())


def lock_number(name: str) -> int:
    """Return the number that PostgreSQL knows a lock by: 64 bits, with their sign.

    Of 32 bits, two of the country's sixty thousand schools would share one, one time in three,
    and one of the two would be told that it is printing already.
    """
    digest = sha256(f"educonnect-admin/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@contextmanager
def exclusive(engine: Engine, name: str) -> Iterator[bool]:
    """Hold a named lock that dies with its process, or give False at once.

    Raises:
        DatabaseUnavailable: the server was lost before the lock was had.
    """
    holder = _locked_number if engine.dialect.name == "postgresql" else _locked_file
    with holder(engine, name) as held:
        yield held


@contextmanager
def watched() -> Iterator[None]:
    """Begin nothing once a lock that this thread holds is lost.

    Raises:
        DatabaseUnavailable: it is.
    """
    for holder in _HELD.get():
        if not _answers(holder):
            raise DatabaseUnavailable(DatabaseTrouble.LOST)
    yield


@contextmanager
def _locked_file(engine: Engine, name: str) -> Iterator[bool]:
    from filelock import FileLock, Timeout

    folder = beside(engine.url, ".locks")
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock", mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def _locked_number(engine: Engine, name: str) -> Iterator[bool]:
    number = lock_number(name)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (number,))
        if not asked.scalar():
            yield False
            return
        # The driver's own: SQLAlchemy would open another connection, without the lock.
        driver: Any = connection.connection.driver_connection
        token = _HELD.set((*_HELD.get(), driver))
        try:
            yield True
        finally:
            _HELD.reset(token)
            # A connection that was lost has let go of the lock already.
            with suppress(DBAPIError):
                connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (number,))


def _answers(holder: "Connection[Any]") -> bool:
    from psycopg import Error

    try:
        holder.execute("SELECT 1").close()
    except Error:
        return False
    return True
