"""The present schema, made once and copied: migrating for each test would take minutes."""

import shutil
from pathlib import Path

from educonnect_admin import databases
from educonnect_admin.migrations import upgrade


def migrate(address: str) -> None:
    """Bring an empty database to the present schema; no office is in it yet."""
    url = databases.parse_address(address)
    databases.create_file(url)
    engine = databases.make_engine(url)
    upgrade(engine)
    engine.dispose()


def copy_file(template: Path, path: Path) -> None:
    """Copy an SQLite file to where an office will be, for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(template, path)
    path.chmod(0o600)
