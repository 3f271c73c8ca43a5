"""Writing many rows with few statements, the same on SQLite and PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.base import Base
from educonnect_admin.domain.people import Guardian, Pupil

Row = dict[str, Any]


def insert_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same fields."""
    if rows:
        session.execute(insert(table), rows)


def insert_people(
    session: Session, table: type[Pupil | Guardian], rows: Sequence[Row]
) -> list[int]:
    """Insert rows that all have the same fields, and return their ids in the same order."""
    if not rows:
        return []
    statement = insert(table).returning(table.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))


def update_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Update rows by their primary key, those of the same fields in one statement.

    In the order of the keys, so that two writers who meet in some rows don't wait for each
    other both ways. A row that holds nothing but its key is left alone.
    """
    target = cast("Table", table.__table__)
    names = [column.name for column in target.primary_key]
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if len(row) > len(names):
            groups[tuple(sorted(set(row) - set(names)))].append(row)
    for fields, members in sorted(groups.items()):
        statement = (
            update(target)
            .where(*(target.c[name] == bindparam(f"its_{name}") for name in names))
            .values({field: bindparam(f"new_{field}") for field in fields})
        )
        members.sort(key=lambda row: [row[name] for name in names])
        session.connection().execute(statement, [_bound(row, names) for row in members])


def _bound(row: Row, names: Sequence[str]) -> Row:
    """Return the parameters, renamed: a column and its key can't share a name."""
    return {f"{'its' if field in names else 'new'}_{field}": row[field] for field in row}
