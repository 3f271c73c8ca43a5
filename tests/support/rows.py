"""Rows for whatever tables a database has, to see what a migration makes of them."""

import warnings
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, insert, select
from sqlalchemy import types as kinds

ROWS = 2
_DAY = date(2026, 9, 1)
_MOMENT = datetime(2026, 9, 1, 8, tzinfo=UTC)
_NOT_OURS = ("alembic_version", "name_words", "name_trigrams")
"""The search fills its tables itself, from the names."""


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables that rows can be put in, those that others point at first."""
    found = MetaData()
    with warnings.catch_warnings():
        # SQLite tells of an index on an expression only that there is one.
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based")
        found.reflect(connection)
    return [table for table in found.sorted_tables if not table.name.startswith(_NOT_OURS)]


def fill(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Put two rows in every table, every column told; return them by table."""
    filled = {}
    for table in tables_of(connection):
        rows = [
            {column.name: _value(column, number) for column in table.columns}
            for number in range(1, ROWS + 1)
        ]
        connection.execute(insert(table), rows)
        filled[table.name] = rows
    return filled


def _value(column: Column[Any], number: int) -> object:
    """Return a value that fits, another one in each row; keys are its number."""
    kind = column.type
    if column.foreign_keys:
        return number
    values: dict[type[Any], object] = {
        kinds.Boolean: False,
        kinds.DateTime: _MOMENT
        if getattr(kind, "timezone", False)
        else _MOMENT.replace(tzinfo=None),
        kinds.Date: _DAY,
        kinds.LargeBinary: bytes([number] * 16),
        kinds.Integer: number,
        kinds.Numeric: number,
        kinds.String: f"{number}{column.name}"[: getattr(kind, "length", None)],
    }
    return next(value for one, value in values.items() if isinstance(kind, one))


def rows_there(
    connection: Connection, told: dict[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """Return the same columns of the same tables as they are now, as far as they are there."""
    tables = {table.name: table for table in tables_of(connection)}
    there = {}
    for name, rows in told.items():
        table = tables[name]
        columns = [table.c[column] for column in rows[0] if column in table.c]
        found = connection.execute(select(*columns).order_by(*table.primary_key.columns))
        there[name] = [dict(row._mapping) for row in found]
    return there
