"""Writing many rows with few statements, the same on SQLite and PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.base import Base
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.numbers import UsedNumber
from educonnect_admin.domain.people import Guardian, Pupil
from educonnect_admin.queries.copying import CONFINED, Row, copy_rows, update_by_arrays

Numbered = Account | Guardian | Letter | Pupil
"""What is written by hundreds and told of by its number."""


def insert_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same fields.

    By the table, not the mapped class: the session would make a statement of its own for
    each run of rows that lack the same values.
    """
    if not rows:
        return
    connection, target = session.connection(), cast("Table", table.__table__)
    if connection.dialect.name == "postgresql" and not connection.info.get(CONFINED):
        copy_rows(connection, target, rows)
    else:
        connection.execute(insert(target), rows)


def insert_numbered(session: Session, table: type[Numbered], rows: Sequence[Row]) -> list[int]:
    """Insert rows that all have the same fields, and return their ids in the same order."""
    if not rows:
        return []
    ids = _reserve(session, table, len(rows))
    insert_rows(session, table, [{"id": n, **row} for n, row in zip(ids, rows, strict=True)])
    return ids


def _reserve(session: Session, table: type[Numbered], number: int) -> list[int]:
    """Return so many ids that nobody else will use.

    An SQLite transaction of ours is alone in writing; PostgreSQL's sequence gives a number
    once. Asking each row for its id back would cost as much as writing it.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Asked for apart: within the list it would be looked up for each number.
        name = session.scalar(select(func.pg_get_serial_sequence(table.__tablename__, "id")))
        series = func.generate_series(1, number).alias("series")
        return sorted(session.scalars(select(func.nextval(name)).select_from(series)))
    # Of the table itself: an operator would see the highest of the scope only.
    highest = session.scalar(text(f"SELECT max(id) FROM main.{table.__tablename__}")) or 0
    # Numbers that the trail still speaks of, though whoever bore them was purged.
    used = session.get(UsedNumber, table.__tablename__)
    highest = max(highest, used.highest if used is not None else 0)
    return list(range(highest + 1, highest + 1 + number))


def update_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Update rows by their primary key, those of the same fields in one statement.

    In the order of the keys, so that two writers who meet in some rows don't wait for each
    other both ways. A row that holds nothing but its key is left alone.
    """
    target = cast("Table", table.__table__)
    names = [column.name for column in target.primary_key]
    groups: dict[tuple[str, ...], dict[tuple[Any, ...], Row]] = defaultdict(dict)
    for row in rows:
        if len(row) > len(names):
            # What is said last of a row is what holds, as if each were a statement of its own.
            fields = tuple(sorted(set(row) - set(names)))
            groups[fields][tuple(row[name] for name in names)] = row
    connection = session.connection()
    write = update_by_arrays if connection.dialect.name == "postgresql" else _update_each
    for _, members in sorted(groups.items()):
        write(connection, target, [members[key] for key in sorted(members)])


def _update_each(connection: Connection, target: Table, rows: Sequence[Row]) -> None:
    names = [column.name for column in target.primary_key]
    fields = sorted(set(rows[0]) - set(names))
    statement = (
        update(target)
        .where(*(target.c[name] == bindparam(f"its_{name}") for name in names))
        .values({field: bindparam(f"new_{field}") for field in fields})
    )
    connection.execute(statement, [_bound(row, names) for row in rows])


def _bound(row: Row, names: Sequence[str]) -> Row:
    """Return the parameters, renamed: a column and its key can't share a name."""
    return {f"{'its' if field in names else 'new'}_{field}": row[field] for field in row}
