"""The place that a backup goes to: empty, and held by one restore at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Engine, inspect

from educonnect_admin import databases
from educonnect_admin.database_troubles import database_words
from educonnect_admin.domain.backup_errors import PlaceNotEmpty, RestoreRunning
from educonnect_admin.locks import exclusive
from educonnect_admin.office.printing.letter_folder import prepare_folder
from educonnect_admin.settings import Settings

LOCK = "database-restore"
COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite would take for the other half of a file that is put there."""


@contextmanager
def held_place(settings: Settings) -> Iterator[Engine]:
    """Hold an empty place; what was made to hold it is gone again, if nothing was put there.

    Args:
        settings: The place.

    Raises:
        PlaceNotEmpty: something is there already.
        RestoreRunning: another restore goes to this place.
        UnwritableFolder: nothing can be written there.
        DatabaseUnavailable: the server can't be reached.
    """
    url = databases.parse_address(settings.database_url)
    with connected(settings) as engine:
        _refuse_full_place(engine)
        made = _made_folders(url)
        with exclusive(engine, LOCK) as held:
            if not held:
                raise RestoreRunning
            try:
                # Again: another one may have ended between the look and the lock.
                _refuse_full_place(engine)
                yield engine
            finally:
                # While it is held: whoever got it next would lose its file to this.
                _forget(url, made)


@contextmanager
def connected(settings: Settings) -> Iterator[Engine]:
    """Give an engine for a database that may not be an office yet; its troubles have words."""
    engine = databases.make_engine(databases.parse_address(settings.database_url))
    try:
        with database_words():
            yield engine
    finally:
        engine.dispose()


def _refuse_full_place(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        # Looked at without a connection: that would make the file.
        if any(databases.beside(engine.url, suffix).exists() for suffix in COMPANIONS):
            raise PlaceNotEmpty
        return
    with engine.connect() as connection:
        if inspect(connection).get_table_names():
            raise PlaceNotEmpty


def _made_folders(url: URL) -> list[Path]:
    """Make the folder that a file goes to; return what was missing, the innermost first."""
    if url.get_backend_name() != "sqlite":
        return []
    folder = databases.beside(url, "").parent
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    prepare_folder(folder)
    return missing


def _forget(url: URL, made: Sequence[Path]) -> None:
    if url.get_backend_name() != "sqlite" or databases.beside(url, "").exists():
        return
    locks = databases.beside(url, ".locks")
    with suppress(OSError):
        (locks / f"{LOCK}.lock").unlink(missing_ok=True)
        locks.rmdir()
        for folder in made:
            folder.rmdir()
