"""From every version of the schema to the present one, with rows in every table."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from educonnect_admin import databases, migrations
from educonnect_admin.migrations import HEAD, upgrade
from educonnect_admin.queries.health import missing_parts
from tests.support.rows import ROWS, fill, rows_there

_FILES = Path(migrations.__file__).parent / "versions"
REVISIONS = sorted(path.name[:4] for path in _FILES.glob("[0-9]*.py"))
EARLIER = [revision for revision in REVISIONS if revision != HEAD]


def test_every_step_follows_the_one_before() -> None:
    """One line of versions, numbered without a hole, up to that of this program."""
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    assert REVISIONS[-1] == HEAD
    for path in _FILES.glob("[0-9]*.py"):
        before = re.search(r'^down_revision = "?(\w+)"?$', path.read_text("utf-8"), re.MULTILINE)
        assert before
        assert before[1] in {f"{int(path.name[:4]) - 1:04}", "None"}


@pytest.mark.parametrize("revision", EARLIER)
def test_every_row_comes_along(empty_database_url: str, revision: str) -> None:
    """Two rows in every table of that day, every column told: there they are, and nothing lacks."""
    url = databases.parse_address(empty_database_url)
    databases.create_file(url)
    engine = databases.make_engine(url)
    upgrade(engine, revision)
    with engine.begin() as connection:
        told = fill(connection)
        assert len(told) >= 14

    upgrade(engine)

    with engine.connect() as connection:
        assert databases.schema_version(connection) == HEAD
        there = rows_there(connection, told)
        assert there.keys() == told.keys()
        for name, rows in told.items():
            assert len(there[name]) == ROWS
            gone = set(rows[0]) - set(there[name][0])
            assert gone == set(), f"{name} has lost {gone}"
            assert [_but_filled(row) for row in there[name]] == [_but_filled(row) for row in rows]
        assert list(missing_parts(Session(connection))) == []
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()


def _but_filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a migration works out anew: the keys under which names are found."""
    return {name: value for name, value in row.items() if name != "usage_key"}


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based")
def test_an_upgraded_schema_is_a_new_one(tmp_path: Path) -> None:
    """Step by step with rows, or at once without: the same columns, keys and indexes."""
    upgraded, new = (
        databases.make_engine(databases.parse_address(str(tmp_path / name)))
        for name in ("upgraded.sqlite", "new.sqlite")
    )
    upgrade(upgraded, REVISIONS[0])
    with upgraded.begin() as connection:
        fill(connection)
    for revision in REVISIONS[1:]:
        upgrade(upgraded, revision)
    upgrade(new)

    with upgraded.connect() as one, new.connect() as other:
        assert _shape(one) == _shape(other)
    upgraded.dispose()
    new.dispose()


def _shape(connection: Connection) -> dict[str, Any]:
    look = inspect(connection)
    return {
        name: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(name)],
            sorted(str(one["name"]) for one in look.get_indexes(name)),
            sorted(str(one["referred_table"]) for one in look.get_foreign_keys(name)),
        )
        for name in look.get_table_names()
    }
