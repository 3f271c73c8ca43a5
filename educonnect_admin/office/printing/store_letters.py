"""The one transaction that makes the passwords of a class file work (R-14)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from educonnect_admin.domain.errors import AlreadyRunning
from educonnect_admin.domain.letters import FileState
from educonnect_admin.domain.trail import Author
from educonnect_admin.office.printing.replace_letters import (
    Document,
    Sealed,
    hold_subjects,
    replace_letters,
)
from educonnect_admin.queries.batches import move_file
from educonnect_admin.queries.subjects import Round
from educonnect_admin.queries.trail import append_to_trail


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToStore:
    """A class file whose `.part` is on the disk, complete."""

    file_id: int
    uai: str
    sha256: str
    document: Document


def store_letters(
    session: Session,
    order: Round,
    file: FileToStore,
    letters: Sequence[Sealed],
    author: Author,
) -> None:
    """Store the letters of a file, if every account still is what its page shows.

    The accounts are locked, then all that their pages show is read again: an account that
    was activated, regrouped, notified by another school or renamed since the draw makes
    the whole file be made again without it.

    Raises:
        SubjectsChanged: some accounts have changed; the transaction must roll back.
        AlreadyRunning: somebody else has given this file up.
    """
    hold_subjects(session, order, [letter.subject for letter in letters])
    facts = {"sha256": file.sha256, "letters": len(letters)}
    if not move_file(session, file.file_id, FileState.PLANNED, FileState.COMMITTED, facts):
        raise AlreadyRunning(file.uai)
    _, happened = replace_letters(session, order, file.document, letters, author)
    append_to_trail(session, author, happened)
