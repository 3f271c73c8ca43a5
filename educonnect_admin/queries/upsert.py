"""The one statement that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from educonnect_admin.domain.base import Base


def insert_or(session: Session, table: type[Base] | Table) -> postgresql.Insert:
    """Return an INSERT that knows `on_conflict_do_…`, for the database of this session.

    Both dialects offer the same methods under two unrelated types; PostgreSQL's stands
    for the pair.
    """
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(dialect: str, table: type[Base] | Table) -> postgresql.Insert:
    """Return the same for a dialect by its name, to be made once and kept."""
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)  # type: ignore[return-value]
