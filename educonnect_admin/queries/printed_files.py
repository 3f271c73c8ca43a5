"""What the database knows of files in a folder: by what they hold, or by their name."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.letters import Batch, BatchFile, BatchState, FileState, Letter
from educonnect_admin.queries.among import among

_AT_ONCE = 500


class PrintedFile(NamedTuple):
    """A class file that was published."""

    file_id: int
    batch_id: int
    school_id: int
    name: str
    sha256: str
    letters: int
    live: int
    finished: bool


class KnownBatch(NamedTuple):
    """A batch, and the folder that it was printed into."""

    batch_id: int
    school_id: int
    folder: str


_LIVE = (
    select(func.count(Letter.id))
    .where(Letter.file_id == BatchFile.id, Letter.ended_at.is_(None))
    .correlate(BatchFile)
    .scalar_subquery()
)


def printed_files(session: Session, digests: Sequence[str]) -> dict[str, PrintedFile]:
    """Return the published files that have one of these SHA-256, by it."""
    found: dict[str, PrintedFile] = {}
    for start in range(0, len(digests), _AT_ONCE):
        asked = digests[start : start + _AT_ONCE]
        found |= {one.sha256: one for one in _published(session, BatchFile.sha256.in_(asked))}
    return found


def files_of_batches(session: Session, numbers: Sequence[int]) -> dict[str, PrintedFile]:
    """Return the published files of batches, by the name each was given."""
    return {one.name: one for one in _published(session, among(BatchFile.batch_id, numbers))}


def _published(session: Session, asked: ColumnElement[bool]) -> list[PrintedFile]:
    rows = session.execute(
        select(
            BatchFile.id, BatchFile.batch_id, Batch.school_id, BatchFile.name,
            BatchFile.sha256, BatchFile.letters, _LIVE, Batch.state == BatchState.FINISHED,
        )
        .join(Batch, Batch.id == BatchFile.batch_id)
        .where(asked, BatchFile.state == FileState.PUBLISHED)
    )  # fmt: skip
    return [PrintedFile(*row) for row in rows]


def known_batches(session: Session, numbers: Sequence[int]) -> dict[int, KnownBatch]:
    """Return the batches of these numbers, by them."""
    asked = select(Batch.id, Batch.school_id, Batch.folder).where(among(Batch.id, numbers))
    return {row.id: KnownBatch(*row) for row in session.execute(asked)}
