"""PostgreSQL's own way with many rows: COPY to insert them, one statement of arrays to update.

The values pass through the types of the mapped columns, as SQLAlchemy would have them; a
refusal of the server is the same error. Triggers fire and defaults of the server hold.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Dialect, String, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator

Row = dict[str, Any]
CONFINED = "educonnect_confined"
"""Set in `info` of a connection that shows an operator's part only: COPY knows no policies."""
_Process = Callable[[Any], Any]


class _Shape(NamedTuple):
    """A statement for rows of some fields, and what each value passes through."""

    statement: str
    processors: tuple[tuple[int, _Process], ...]

    def values(self, pick: Callable[[Row], Sequence[Any]], row: Row) -> list[Any]:
        """Return the values of a row as the driver takes them."""
        values = list(pick(row))
        for place, process in self.processors:
            values[place] = process(values[place])
        return values


def copy_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same fields.

    Args:
        connection: Of PostgreSQL, in a transaction.
        table: A table none of whose columns has a default of Python's.
        rows: At least one.

    Raises:
        DBAPIError: as an INSERT would have raised.
    """
    fields = tuple(rows[0])
    shape = _copying(connection.dialect, table, fields)
    pick = _picker(fields)
    with (
        _driver_errors(connection, shape.statement) as driver,
        driver.cursor() as cursor,
        cursor.copy(shape.statement) as copy,
    ):
        for row in rows:
            copy.write_row(shape.values(pick, row))


def update_by_arrays(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Update rows by their primary key; all have the same fields, the key among them.

    The rows are locked in the order of their keys first.

    Args:
        connection: Of PostgreSQL, in a transaction.
        table: Their table.
        rows: At least one.
    """
    fields = tuple(rows[0])
    shape = _updating(connection.dialect, table, fields)
    pick = _picker(fields)
    columns = zip(*(shape.values(pick, row) for row in rows), strict=True)
    connection.exec_driver_sql(shape.statement, tuple(list(column) for column in columns))


def _picker(fields: tuple[str, ...]) -> Callable[[Row], Sequence[Any]]:
    if len(fields) > 1:
        return itemgetter(*fields)
    return lambda row: (row[fields[0]],)


@lru_cache
def _copying(dialect: Dialect, table: Table, fields: tuple[str, ...]) -> _Shape:
    names = ", ".join(_name(dialect, table.c[field]) for field in fields)
    return _Shape(
        f"COPY {dialect.identifier_preparer.format_table(table)} ({names}) FROM STDIN",
        _processors(dialect, table, fields),
    )


@lru_cache
def _updating(dialect: Dialect, table: Table, fields: tuple[str, ...]) -> _Shape:
    keys = [_name(dialect, column) for column in table.primary_key]
    names = [_name(dialect, table.c[field]) for field in fields]
    target = dialect.identifier_preparer.format_table(table)
    arrays = ", ".join(f"%s::{_array(dialect, table.c[field])}" for field in fields)
    these = " AND ".join(f"its.{key} = new.{key}" for key in keys)
    return _Shape(
        f"WITH new AS MATERIALIZED (SELECT * FROM unnest({arrays}) AS new ({', '.join(names)})),"
        f" held AS MATERIALIZED (SELECT new.* FROM new JOIN {target} AS its ON {these}"
        f" ORDER BY {', '.join(f'its.{key}' for key in keys)} FOR NO KEY UPDATE OF its)"
        f" UPDATE {target} AS its SET "
        + ", ".join(f"{name} = new.{name}" for name in names if name not in keys)
        + f" FROM held AS new WHERE {these}",
        _processors(dialect, table, fields),
    )


def _name(dialect: Dialect, column: Column[Any]) -> str:
    return dialect.identifier_preparer.format_column(column)


def _array(dialect: Dialect, column: Column[Any]) -> str:
    """Return the type of the array of a column's values.

    Texts without their length: a cast would cut what is too long, where to store it is refused.
    """
    kind = column.type.dialect_impl(dialect)
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(plain, String):
        return "TEXT[]"
    return dialect.type_compiler_instance.process(plain) + "[]"


def _processors(
    dialect: Dialect, table: Table, fields: tuple[str, ...]
) -> tuple[tuple[int, _Process], ...]:
    found = (table.c[field].type.dialect_impl(dialect).bind_processor(dialect) for field in fields)
    return tuple((place, process) for place, process in enumerate(found) if process)


@contextmanager
def _driver_errors(connection: Connection, statement: str) -> Iterator[Any]:
    """Give the driver's connection, and turn its errors into those of SQLAlchemy."""
    driver: Any = connection.connection.driver_connection
    base = connection.dialect.loaded_dbapi.Error
    try:
        yield driver
    except base as error:
        lost = connection.dialect.is_disconnect(error, driver, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement, None, error, base, hide_parameters=True, connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error  # fmt: skip
