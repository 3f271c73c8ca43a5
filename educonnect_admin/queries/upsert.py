"""The one statement that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from educonnect_admin.domain.base import Base


def insert_or(session: Session, table: type[Base]) -> postgresql.Insert:
    """Return an INSERT that knows `on_conflict_do_…`, for the database of this session.

    Both dialects offer the same methods under two unrelated types; PostgreSQL's stands
    for the pair.
    """
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)  # type: ignore[return-value]
