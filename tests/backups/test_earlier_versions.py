"""A backup that an earlier version of the program made is restored and brought up to date."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, Table

from educonnect_admin import databases, edge, opening
from educonnect_admin.backups import make, table_copy
from educonnect_admin.backups.make import back_up
from educonnect_admin.backups.restore import restore
from educonnect_admin.edge import Services
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.keys import create_keyring
from educonnect_admin.migrations import HEAD, upgrade
from educonnect_admin.settings import Settings
from tests.backups.places import elsewhere
from tests.backups.test_backup import broken, never
from tests.conftest import NOW

EARLIER = "0005"


def _tables_there(engine: Engine) -> list[Table]:
    """Return the tables as they were then, which the program of then would have known."""
    found = MetaData()
    found.reflect(engine)
    there = [table for table in found.sorted_tables if table.name != "alembic_version"]
    return sorted(there, key=lambda table: table.name != "name_words")


# Reflecting does not know every index of PostgreSQL, and says so.
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_a_backup_of_an_earlier_schema_comes_up_to_date(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schema of then is made, filled, then migrated: the trail verifies, nothing is missing."""
    url = databases.parse_address(empty_database_url)
    databases.create_file(url)
    engine = databases.make_engine(url)
    upgrade(engine, EARLIER)
    settings = Settings(database_url=empty_database_url, secret_key_file=tmp_path / "secret.key",
                        operator="alice", hashing="cheap-for-tests")  # fmt: skip
    keyring = create_keyring(tmp_path / "secret.key", SystemChance())
    services = Services(settings, engine, keyring, SystemChance())
    there = _tables_there(engine)
    with monkeypatch.context() as then:  # the program of then knew its own schema
        then.setattr(edge, "HEAD", EARLIER)
        then.setattr(make, "tables_in_order", lambda: there)
        then.setattr(table_copy, "tables_in_order", lambda: there)
        opening._register_office(services, NOW)
        made = back_up(services, tmp_path / "b.edu", NOW)
    done = restore(elsewhere(services, tmp_path / "elsewhere"), made.path, never, NOW)
    services.close()

    assert made.head.schema == EARLIER != HEAD
    assert done.health.schema == HEAD
    assert broken(done) == set()
    assert done.trail.entries == 1
