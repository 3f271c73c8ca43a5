"""A backup that an earlier version of the program made is restored and brought up to date."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, Table

from educonnect_admin import databases, edge, opening
from educonnect_admin.backups import make, table_copy
from educonnect_admin.backups.make import back_up
from educonnect_admin.backups.read import ReadBackup
from educonnect_admin.backups.restore import foresee_restore, restore
from educonnect_admin.edge import Services
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.keys import create_keyring
from educonnect_admin.migrations import HEAD, upgrade
from educonnect_admin.settings import Settings
from tests.backups.places import elsewhere
from tests.backups.test_backup import broken, never
from tests.backups.test_restore_refusals import is_empty
from tests.conftest import NOW

EARLIER = "0005"


def _tables_there(engine: Engine) -> list[Table]:
    """Return the tables as they were then, which the program of then would have known."""
    found = MetaData()
    found.reflect(engine)
    there = [table for table in found.sorted_tables if table.name != "alembic_version"]
    return sorted(there, key=lambda table: table.name != "name_words")


# Reflecting does not know every index of PostgreSQL, and says so.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def made(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[ReadBackup, Settings]]:
    """A backup of the schema of then, and the empty place that it goes to."""
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
        backup = back_up(services, tmp_path / "b.edu", NOW)
    yield backup, elsewhere(services, tmp_path / "elsewhere")
    services.close()


def test_a_backup_of_an_earlier_schema_comes_up_to_date(made: tuple[ReadBackup, Settings]) -> None:
    """The schema of then is made, filled, then migrated: the trail verifies, nothing is missing.

    A dry run before takes the same steps, and leaves nothing.
    """
    backup, place = made
    foresee_restore(place, backup.path, never, NOW)
    assert is_empty(place)

    done = restore(place, backup.path, never, NOW)

    assert backup.head.schema == EARLIER != HEAD
    assert done.health.schema == HEAD
    assert broken(done) == set()
    assert done.trail.entries == 1


@pytest.mark.parametrize("put_back", [partial(foresee_restore, now=NOW), partial(restore, now=NOW)])
def test_a_step_that_fails_leaves_nothing(
    made: tuple[ReadBackup, Settings], monkeypatch: pytest.MonkeyPatch, put_back: Callable[..., Any]
) -> None:
    """A database of then, half way to today, never has the name; the dry run fails as well."""
    backup, place = made

    def failing(*_: object) -> None:
        raise RuntimeError("the power went out")

    name = "educonnect_admin.backups.restore."
    is_file = backup.head.database == "sqlite"
    monkeypatch.setattr(name + ("upgrade" if is_file else "go_on_after"), failing)
    with pytest.raises(RuntimeError):
        put_back(place, backup.path, never)

    assert is_empty(place)
