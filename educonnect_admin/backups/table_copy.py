"""The rows of PostgreSQL by COPY, as the text that the server itself writes and reads."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlalchemy.orm import Session

from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.vocabulary import NameWord

_FIRST = NameWord.__tablename__
"""Before the people: the triggers that learn their names then find them known."""

# However the server or the role is set, a moment is written the same way at both ends; a row
# that a policy would hide makes the backup fail, instead of making it smaller.
_ONE_WAY = (
    "SET LOCAL datestyle = 'ISO'", "SET LOCAL timezone = 'UTC'", "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL client_encoding = 'UTF8'", "SET LOCAL row_security = off",
)  # fmt: skip


def tables_in_order() -> list[Table]:
    """Return every table, none before those it points at."""
    return sorted(METADATA.sorted_tables, key=lambda table: table.name != _FIRST)


def write_one_way(session: Session) -> None:
    """Make the rest of a transaction write and read values one way only."""
    for statement in _ONE_WAY:
        session.execute(text(statement))


def described(table: Table) -> bytes:
    """Return what a backup keeps of a table: its name and columns."""
    names = [column.name for column in table.columns]
    return json.dumps({"table": table.name, "columns": names}).encode()


class TableReader:
    """Reads the rows of one table; `rows` tells afterwards how many they were."""

    def __init__(self, session: Session, table: Table) -> None:
        self._session = session
        self._table = table
        self.rows = 0

    def blocks(self) -> Iterator[bytes]:
        """Yield the rows as text, a line each, in blocks of any size."""
        connection = self._session.connection()
        names = [column.name for column in self._table.columns]
        statement = f"COPY {_target(connection, self._table.name, names)} TO STDOUT"
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor:
            with cursor.copy(statement) as copy:
                for block in copy:
                    yield bytes(block)
            self.rows = cursor.rowcount


def write_table(session: Session, description: bytes, blocks: Iterable[bytes]) -> None:
    """Insert the rows of a table as `TableReader` gave them."""
    facts = json.loads(description)
    connection = session.connection()
    statement = f"COPY {_target(connection, facts['table'], facts['columns'])} FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for block in blocks:
            copy.write(block)


def _target(connection: Connection, table: str, columns: Iterable[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table)} ({', '.join(quote(name) for name in columns)})"


def last_numbers(session: Session) -> dict[str, int]:
    """Return the last number that each table gave: never again, though its row may be gone."""
    found: dict[str, int] = {}
    for table in tables_in_order():
        if "id" in table.columns:
            number = session.scalar(
                text(
                    "SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass)"
                ),
                {"name": table.name},
            )
            if number is not None:
                found[table.name] = int(number)
    return found


def go_on_after(session: Session, numbers: Mapping[str, int]) -> None:
    """Let each table count on from the last number it gave."""
    for name, number in numbers.items():
        session.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)"),
            {"name": name, "number": number},
        )
