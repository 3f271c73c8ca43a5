"""An office on a PostgreSQL of its own, as the commands find it by their settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.night.campaigns import Office
from benchmarks.night.watching import Server
from tests.support.postgres import new_database, running_server

_PASSABLE = 0o711
"""The server's own user must come by, and sees nothing."""


@contextmanager
def office_on_postgres(folder: Path, hashing: str, *crew: str) -> Iterator[Office]:
    """Give an office without any database yet, on a server as it is installed: fsync on.

    Args:
        folder: Where the server keeps its files, and the key lies; a real disk.
        hashing: As in the settings.
        crew: Who does campaigns, as one types it.
    """
    folder.chmod(_PASSABLE)
    with running_server(durable=True, within=folder) as socket:
        settings = {
            "EDUCONNECT_DATABASE_URL": new_database(socket),
            "EDUCONNECT_SECRET_KEY_FILE": str(folder / "office.key"),
            "EDUCONNECT_HASHING": hashing,
        }
        yield Office(Server.behind(socket), settings, crew)
