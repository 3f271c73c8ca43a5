"""The beginning of a batch, in the transaction that opens the accounts it is for."""

from pathlib import Path

from sqlalchemy.orm import Session

from educonnect_admin.domain.errors import FileExists
from educonnect_admin.domain.letters import Batch
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.printing.class_files import batch_prefix
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.office.printing.target import Target
from educonnect_admin.queries.subjects import Round, subjects_of_class
from educonnect_admin.queries.trail import append_to_trail


def begin_batch(session: Session, room: PrintRoom, target: Target, folder: Path) -> int | None:
    """Begin a batch and return its number; nothing where there is no letter to make.

    Raises:
        FileExists: a file of this batch's name is there.
    """
    if not any(subjects_of_class(session, target.round, one.id) for one in target.classes):
        return None
    return open_batch(session, room, target.round, folder)


def open_batch(
    session: Session, room: PrintRoom, order: Round, folder: Path, reason: str | None = None
) -> int:
    """Open a batch and return its number, which goes into every file name.

    If the folder holds such names already (it served another database), all is refused
    while nothing is written yet, the accounts included.

    Raises:
        FileExists: a file of this batch's name is there.
    """
    batch = Batch(
        school_id=order.school_id,
        who=order.who,
        operator=room.author.operator,
        started_at=room.author.now,
        host=room.host,
        folder=str(folder),
    )
    session.add(batch)
    session.flush()  # the number goes into the names of the files
    taken = next(folder.glob(f"{batch_prefix(batch.id)}-*"), None)
    if taken is not None:
        raise FileExists(taken)
    started = Happening(
        TrailKind.BATCH_STARTED,
        school_id=order.school_id,
        batch_id=batch.id,
        details={"who": order.who},
        reason=reason,
    )
    append_to_trail(session, room.author, [started])
    return batch.id
