"""Batches and their files: what stands, what a killed run left."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.letters import Batch, BatchFile, BatchState, FileState, Letter
from educonnect_admin.domain.schools import School


class LeftBehind(NamedTuple):
    """A batch that was never finished: still running, or killed."""

    batch_id: int
    school_id: int
    uai: str
    host: str
    folder: str


class FileLeft(NamedTuple):
    """A class file of such a batch."""

    id: int
    name: str
    state: FileState
    sha256: str | None


# Made once, for what is asked at each class file: building one costs as much as running it.
_BATCH_STATE = select(Batch.state).where(Batch.id == bindparam("batch_id"))
_PLAN = insert(BatchFile).returning(BatchFile.id)
_STILL_THERE = update(BatchFile).where(
    BatchFile.id == bindparam("file_id"), BatchFile.state == bindparam("before")
)
_HOLD_ACCOUNTS = (
    select(Account.id)
    .join(Letter, Letter.account_id == Account.id)
    .where(Letter.file_id == bindparam("file_id"))
    .order_by(Account.id)
    .with_for_update(key_share=True, of=Account)
)
_OVER = (
    select(Letter.id)
    .where(
        Letter.file_id == bindparam("file_id"),
        Letter.ended_at.is_not(None) | (Letter.last_day < bindparam("today")),
    )
    .limit(1)
)


def unfinished_batches(session: Session, school_id: int | None = None) -> list[LeftBehind]:
    """Return the batches that never finished, oldest first, of one school or of all.

    A batch that was closed while its own run went on (its lock was lost) counts too, as
    long as one of its files is not settled.
    """
    unsettled = select(BatchFile.batch_id).where(
        BatchFile.state.in_([FileState.PLANNED, FileState.COMMITTED])
    )
    query = (
        select(Batch.id, Batch.school_id, School.uai, Batch.host, Batch.folder)
        .join(School, School.id == Batch.school_id)
        .where((Batch.state == BatchState.RUNNING) | Batch.id.in_(unsettled))
        .order_by(Batch.id)
    )
    if school_id is not None:
        query = query.where(Batch.school_id == school_id)
    return [LeftBehind(*row) for row in session.execute(query)]


def is_running(session: Session, batch_id: int) -> bool:
    """Tell whether a batch still is its own run's."""
    return session.scalar(_BATCH_STATE, {"batch_id": batch_id}) is BatchState.RUNNING


def plan_file(session: Session, batch_id: int, class_id: int | None, name: str) -> FileLeft:
    """Add a class file to a batch; no password of it is accepted yet."""
    values = {"batch_id": batch_id, "class_id": class_id, "name": name}
    rows = session.connection().execute(_PLAN, {**values, "state": FileState.PLANNED, "letters": 0})
    return FileLeft(rows.scalar_one(), name, FileState.PLANNED, None)


def files_of_batch(session: Session, batch_id: int) -> list[FileLeft]:
    """Return the class files of a batch, in the order they were planned."""
    rows = session.execute(
        select(BatchFile.id, BatchFile.name, BatchFile.state, BatchFile.sha256)
        .where(BatchFile.batch_id == batch_id)
        .order_by(BatchFile.id)
    )
    return [FileLeft(*row) for row in rows]


def move_file(
    session: Session,
    file_id: int,
    before: FileState,
    after: FileState,
    facts: Mapping[str, Any] = MappingProxyType({}),
) -> bool:
    """Take a file from one state to another; False if somebody else has already.

    Args:
        session: An open transaction.
        file_id: The class file.
        before: The state it must be in.
        after: The state it comes to.
        facts: What becomes known of it at the same instant, by column.
    """
    # The clause is kept, the values vary: all that SQLAlchemy has to look up is the statement.
    moved = _STILL_THERE.values(state=after, **facts)
    done = session.connection().execute(moved, {"file_id": file_id, "before": before})
    return done.rowcount == 1


def state_of_file(session: Session, file_id: int) -> FileState:
    """Return where a class file stands now."""
    return session.scalars(select(BatchFile.state).where(BatchFile.id == file_id)).one()


def hold_accounts_of_file(session: Session, file_id: int) -> Sequence[int]:
    """Lock the accounts whose letters stand in a class file, and return their ids."""
    return session.scalars(_HOLD_ACCOUNTS, {"file_id": file_id}).all()


def have_letters_ended(session: Session, file_id: int, today: date) -> bool:
    """Tell whether a letter of a class file is over on a day of its school."""
    return session.scalar(_OVER, {"file_id": file_id, "today": today}) is not None


def letters_of_file(session: Session, file_id: int) -> Sequence[Letter]:
    """Return the letters of a class file; hold their accounts first (`locked_accounts`)."""
    return session.scalars(
        select(Letter).where(Letter.file_id == file_id).order_by(Letter.id)
    ).all()
