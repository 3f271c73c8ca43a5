"""A copy of an SQLite file at one moment, while others go on writing."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine

from educonnect_admin.database_troubles import database_words
from educonnect_admin.domain.database_trouble import DatabaseTrouble
from educonnect_admin.domain.errors import DatabaseUnavailable, UnwritableFolder

_PATIENCE_SECONDS = 30


@contextmanager
def momentary_copy(source: Path, to: Path) -> Iterator[Path]:
    """Give a copy of the file as it was at one moment, mode 600; it is gone afterwards.

    `VACUUM INTO` reads, so that writers go on (WAL), and leaves out the free pages: what was
    wiped or purged is not carried along, which a copy of the pages would do.

    Args:
        source: The database.
        to: Where the copy lies meanwhile; what a killed run left there is removed. Beside the
            database, where the same things lie in clear already.

    Raises:
        DatabaseUnavailable: the file can't be read, or is damaged.
        UnwritableFolder: there is no room for the copy.
    """
    try:
        to.unlink(missing_ok=True)
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise UnwritableFolder(to.parent, error.errno) from error
    try:
        with database_words(), closing(_opened(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(to),))
        refuse_damaged(to)
        yield to
    finally:
        with suppress(OSError):
            to.unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)


def refuse_damaged(path: Path) -> None:
    """Look whether a file that nobody writes to is whole.

    Raises:
        DatabaseUnavailable: it is damaged, or no database.
    """
    with database_words(), closing(still(path)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise DatabaseUnavailable(DatabaseTrouble.DAMAGED)


def still(path: Path) -> sqlite3.Connection:
    """Open a file that nobody writes to, without leaving anything beside it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)


def still_engine(path: Path) -> Engine:
    """Return an engine that reads a file that nobody writes to."""
    url = URL.create("sqlite", database=str(path))
    return create_engine(url, creator=lambda: still(path), hide_parameters=True)
