"""Writing many rows with few statements, the same on SQLite and PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.base import Base
from educonnect_admin.domain.people import Guardian, Pupil

Row = dict[str, Any]


def insert_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same fields.

    By the table, not the mapped class: the session would make a statement of its own for
    each run of rows that lack the same values.
    """
    if rows:
        session.connection().execute(insert(cast("Table", table.__table__)), rows)


def insert_people(
    session: Session, table: type[Pupil | Guardian], rows: Sequence[Row]
) -> list[int]:
    """Insert rows that all have the same fields, and return their ids in the same order."""
    if not rows:
        return []
    ids = _reserve(session, table, len(rows))
    insert_rows(session, table, [{"id": n, **row} for n, row in zip(ids, rows, strict=True)])
    return ids


def _reserve(session: Session, table: type[Pupil | Guardian], number: int) -> list[int]:
    """Return so many ids that nobody else will use.

    An SQLite transaction of ours is alone in writing; PostgreSQL's sequence gives a number
    once. Asking each row for its id back would cost as much as writing it.
    """
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
        series = func.generate_series(1, number).alias("series")
        return sorted(session.scalars(select(func.nextval(sequence)).select_from(series)))
    highest = session.scalar(select(func.max(table.id))) or 0
    return list(range(highest + 1, highest + 1 + number))


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
