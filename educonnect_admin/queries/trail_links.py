"""One entry of the trail after the other, as the database stores them (R-63).

Values are compared as they are stored, not as our types read them: a moment written another
way, a number where a word should be, bytes that are no text — nobody of ours wrote it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    Text,
    case,
    cast,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from educonnect_admin.domain.trail import FIRST_DIGEST, Pen, TrailEntry, TrailReason, canonical
from educonnect_admin.domain.trail_breaks import BreakCause, KeptHead

PAGE = 1000
_SALT_BYTES = 16
_NUMBERS = ("account_id", "guardian_id", "pupil_id", "letter_id", "batch_id")
_TEXTS = ("operator", "kind", "details", "reason_digest", "key_id", "previous", "digest")


class Link:
    """The last good entry of a chain; tells whether another one follows on from it."""

    def __init__(self, pen: Pen, chain: int, kept: KeptHead | None) -> None:
        self._pen = pen
        self._chain = chain
        self._kept = kept
        self._id = 0
        self.count = 0
        self.digest = FIRST_DIGEST

    def broken_by(self, row: Any) -> BreakCause | None:
        """Take the next entry as stored, or return what is wrong with it."""
        if row.sequence != self.count + 1:
            later = isinstance(row.sequence, int) and row.sequence > self.count
            return BreakCause.MISSING if later else BreakCause.CHANGED
        try:
            if not self._is_sealed(row):
                return BreakCause.CHANGED
            if not _reason_is_sealed(self._pen, row):
                return BreakCause.REASON_CHANGED
        except (KeyError, ValueError, TypeError):
            # No key of ours, no moment, no text: nothing that we could have written.
            return BreakCause.CHANGED
        if row.id <= self._id:
            return BreakCause.RENUMBERED
        self._id, self.count, self.digest = row.id, row.sequence, read_text(row.digest)
        kept = self._kept
        passed = kept is None or kept.count != self.count or kept.digest == self.digest
        return None if passed else BreakCause.BESIDE_KEPT

    def _is_sealed(self, row: Any) -> bool:
        previous = read_text(row.previous)
        data = canonical(
            chain=self._chain,
            sequence=row.sequence,
            happened_at=read_moment(row.happened_at),
            operator=read_text(row.operator),
            kind=read_text(row.kind),
            account_id=row.account_id,
            guardian_id=row.guardian_id,
            pupil_id=row.pupil_id,
            letter_id=row.letter_id,
            batch_id=row.batch_id,
            details=read_text(row.details),
            reason_digest=None if row.reason_digest is None else read_text(row.reason_digest),
            previous=previous,
        )
        sealed = self._pen.digest(data, read_text(row.key_id))
        return previous == self.digest and sealed == read_text(row.digest)


def _reason_is_sealed(pen: Pen, row: Any) -> bool:
    """A reason that was purged is fine; one that is there must be the one that was sealed."""
    if row.reason_of is None:
        return True
    salt = bytes(row.salt)
    # A longer salt could take the first letters of the text into itself.
    if row.reason_digest is None or len(salt) != _SALT_BYTES:
        return False
    sealed = pen.digest(salt + read_text(row.reason).encode(), read_text(row.key_id))
    return sealed == read_text(row.reason_digest)


def stored_entries(session: Session, chain: int) -> Select[Any]:
    """Select the entries of a chain in their order, each value as the database keeps it."""
    entry, raw = TrailEntry, raw_text(session)
    columns: list[ColumnElement[Any]] = [entry.id.expression, entry.sequence.expression]
    columns += [
        raw_moment(session).label("happened_at"),
        *(getattr(entry, name).expression for name in _NUMBERS),
        *(raw(getattr(entry, name)).label(name) for name in _TEXTS),
        TrailReason.entry_id.label("reason_of"),
        TrailReason.salt.expression,
        raw(TrailReason.text).label("reason"),
    ]
    return (
        select(*columns)
        .outerjoin(TrailReason, TrailReason.entry_id == entry.id)
        .where(entry.chain == chain)
        .order_by(entry.sequence)
        .execution_options(yield_per=PAGE)
    )


def raw_text(session: Session) -> Callable[[Any], ColumnElement[Any]]:
    """Return what selects a text as it is stored: SQLite may hold bytes that are no UTF-8."""
    if session.get_bind().dialect.name == "sqlite":
        return lambda column: cast(column, LargeBinary)
    return lambda column: type_coerce(column, Text)


def raw_moment(session: Session) -> ColumnElement[Any]:
    """Return what selects the moment of an entry as text, in UTC, as it is stored."""
    if session.get_bind().dialect.name == "sqlite":
        return cast(TrailEntry.happened_at, LargeBinary)
    # As text: PostgreSQL has moments (infinity) that no program can read, and writes a year
    # before Christ as if it were one after.
    moment = func.timezone("UTC", TrailEntry.happened_at)
    written = func.to_char(moment, "YYYY-MM-DD HH24:MI:SS.US", type_=Text)
    return case((func.date_part("year", moment) > 0, written), else_="")


def read_moment(stored: Any) -> datetime:
    """Return a moment written the one way that is ours.

    Raises:
        ValueError: it is written otherwise, though it may read the same.
    """
    text = read_text(stored)
    moment = datetime.fromisoformat(text)
    if moment.isoformat(sep=" ", timespec="microseconds") != text:
        raise ValueError
    return moment.replace(tzinfo=UTC)


def read_text(stored: Any) -> str:
    """Return a text as stored, bytes or not.

    Raises:
        ValueError: it is not UTF-8.
        TypeError: it is no text.
    """
    if isinstance(stored, bytes | memoryview):
        return bytes(stored).decode()
    if isinstance(stored, str):
        return stored
    raise TypeError(type(stored).__name__)
