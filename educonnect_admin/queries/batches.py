"""Batches and their files: what stands, what a killed run left."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

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
    return session.scalar(select(Batch.state).where(Batch.id == batch_id)) is BatchState.RUNNING


def files_of_batch(session: Session, batch_id: int) -> list[FileLeft]:
    """Return the class files of a batch, in the order they were planned."""
    rows = session.execute(
        select(BatchFile.id, BatchFile.name, BatchFile.state, BatchFile.sha256)
        .where(BatchFile.batch_id == batch_id)
        .order_by(BatchFile.id)
    )
    return [FileLeft(*row) for row in rows]


def move_file(session: Session, file_id: int, before: FileState, after: FileState) -> bool:
    """Take a file from one state to another; False if somebody else has already."""
    done = session.connection().execute(
        update(BatchFile)
        .where(BatchFile.id == file_id, BatchFile.state == before)
        .values(state=after)
    )
    return done.rowcount == 1


def state_of_file(session: Session, file_id: int) -> FileState:
    """Return where a class file stands now."""
    return session.scalars(select(BatchFile.state).where(BatchFile.id == file_id)).one()


def accounts_of_file(session: Session, file_id: int) -> Sequence[int]:
    """Return the ids of the accounts whose letters stand in a class file."""
    return session.scalars(select(Letter.account_id).where(Letter.file_id == file_id)).all()


def letters_of_file(session: Session, file_id: int) -> Sequence[Letter]:
    """Return the letters of a class file; hold their accounts first (`locked_accounts`)."""
    return session.scalars(
        select(Letter).where(Letter.file_id == file_id).order_by(Letter.id)
    ).all()
