"""Empty places for a backup to go to, on each database, with a copy of the key file."""

import shutil
from pathlib import Path

from educonnect_admin.edge import Services
from educonnect_admin.settings import Settings
from tests.support.postgres import new_database


def elsewhere(services: Services, folder: Path) -> Settings:
    """Return the settings of an empty place of the same kind, beside a copy of the key file."""
    folder.mkdir(mode=0o700, exist_ok=True)
    key = folder / "other.key"
    shutil.copyfile(services.keyring.path, key)
    key.chmod(0o600)
    host = services.engine.url.query.get("host")
    address = new_database(str(host)) if host else str(folder / "other.sqlite")
    return Settings(
        database_url=address, secret_key_file=key, operator="bob", hashing="cheap-for-tests"
    )
