"""Every row of a database, to tell exactly what a command changed."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

Rows = Mapping[str, Mapping[object, tuple[object, ...]]]
"""Table to key to row."""


@dataclass(frozen=True)
class Difference:
    """What became of the rows of each table, by their keys."""

    added: dict[str, set[object]]
    changed: dict[str, set[object]]
    removed: dict[str, set[object]]


_MEMORY = "last_imports"
"""What each school imported last: the digest of its files, nothing about anybody."""


def every_row(path: Path) -> Rows:
    """Return all rows of all tables of an SQLite file, but for an index of words and the memory."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = dict(
            connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
            ).fetchall()
        )
        indexes = tuple(name for name, sql in tables.items() if sql.startswith("CREATE VIRTUAL"))
        return {
            name: _rows(connection, name)
            for name in tables
            if not name.startswith((*indexes, _MEMORY, "sqlite_"))
        }


def _rows(connection: sqlite3.Connection, table: str) -> dict[object, tuple[object, ...]]:
    return {row[0]: row[1:] for row in connection.execute(f"SELECT rowid, * FROM {table}")}


def difference(before: Rows, after: Rows) -> Difference:
    """Return what changed; tables in which nothing did are left out."""
    added, changed, removed = {}, {}, {}
    for table, rows in after.items():
        former = before[table]
        added[table] = rows.keys() - former.keys()
        removed[table] = former.keys() - rows.keys()
        changed[table] = {key for key in rows.keys() & former.keys() if rows[key] != former[key]}
    return Difference(*({table: keys for table, keys in one.items() if keys}
                        for one in (added, changed, removed)))  # fmt: skip
