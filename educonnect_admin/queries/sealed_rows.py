"""Every column that holds something sealed: what other keys have sealed, and its replacement."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, LargeBinary, bindparam, func, literal, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.imports import LastImport
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Message
from educonnect_admin.domain.visits import StoredVisit

PAGE = 1000


class SealedColumn(NamedTuple):
    """A column of seals.

    Attributes:
        key: the primary key of its table.
        sealed: the column; each value begins with the id of its key, and a colon.
        whose: what the owner's name is made of.
    """

    key: Any
    sealed: Any
    whose: Any

    def __repr__(self) -> str:
        return f"SealedColumn(key={self.key})"


LETTERS = SealedColumn(Letter.id, Letter.password_hash, Letter.number)
ACCOUNTS = SealedColumn(Account.id, Account.password_hash, Account.id)
MESSAGES = SealedColumn(Message.id, Message.sealed, Message.reference)
IMPORTS = SealedColumn(LastImport.school_id, LastImport.sealed, LastImport.school_id)
VISITS = SealedColumn(StoredVisit.id, StoredVisit.sealed, StoredVisit.token_digest)


class SealedRow(NamedTuple):
    """One seal as it stands."""

    key: int
    sealed: bytes
    whose: Any

    def __repr__(self) -> str:
        return f"SealedRow(key={self.key})"


def _begins(column: SealedColumn, key_id: str) -> ColumnElement[bool]:
    prefix = f"{key_id}:".encode()
    begins: ColumnElement[bytes] = func.substr(column.sealed, 1, len(prefix), type_=LargeBinary)
    return begins == literal(prefix, LargeBinary)


def sealed_otherwise(
    session: Session, column: SealedColumn, current: str, after: int
) -> list[SealedRow]:
    """Return a page of what other keys than the current one have sealed, in order.

    Args:
        session: An open session; reading is enough.
        column: Which column.
        current: The id of the current key.
        after: The primary key that the page before ended with.
    """
    found = session.execute(
        select(column.key, column.sealed, column.whose)
        .where(column.sealed.is_not(None), ~_begins(column, current), column.key > after)
        .order_by(column.key)
        .limit(PAGE)
    )
    return [SealedRow(*row) for row in found]


def count_sealed_by(session: Session, column: SealedColumn, key_id: str) -> int:
    """Return how many seals of a column are of one key."""
    counted = select(func.count()).select_from(column.key.class_)
    return session.scalar(counted.where(_begins(column, key_id))) or 0


def replace_seals(
    session: Session, column: SealedColumn, replaced: Sequence[tuple[SealedRow, bytes]]
) -> int:
    """Put new seals in the place of old ones, wherever the old one still stands; return how many.

    What was changed since it was read has been sealed anew already.
    """
    if not replaced:
        return 0
    statement = (
        update(column.key.class_)
        .where(column.key == bindparam("its_key"), column.sealed == bindparam("former"))
        .values({column.sealed: bindparam("anew")})
    )
    rows = [{"its_key": row.key, "former": row.sealed, "anew": sealed} for row, sealed in replaced]
    return session.connection().execute(statement, rows).rowcount
