"""The history of the schema, one step a file, the same on SQLite and PostgreSQL."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from educonnect_admin.databases import schema_version
from educonnect_admin.domain.errors import OutdatedDatabase

HEAD = "0008"
"""The revision this version works with; a test compares it with the last file."""


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Bring a database up to date, in one transaction; nothing happens if it already is.

    Args:
        engine: The database.
        revision: Where to stop; only tests stop earlier.

    Raises:
        OutdatedDatabase: it was made by a newer version, whose steps are not known here.
    """
    with engine.connect() as connection:
        found = schema_version(connection)
    if found == revision:
        return  # alembic reads every step before it finds nothing to do
    with engine.begin() as connection:
        upgrade_within(connection, revision)


def upgrade_within(connection: Connection, revision: str = HEAD) -> None:
    """Do the same within a transaction of the caller's.

    Raises:
        OutdatedDatabase: it was made by a newer version, whose steps are not known here.
    """
    found = schema_version(connection)
    if found is not None and found > HEAD:
        raise OutdatedDatabase(found, HEAD)
    # Lazily: only `init`, `database upgrade` and `database restore` need alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise OutdatedDatabase(None, HEAD) from error


def knows(revision: str) -> bool:
    """Tell whether this version knows a revision of the schema."""
    return any((Path(__file__).parent / "versions").glob(f"{revision}_*.py"))
