"""The end of a batch: its slips, then its state."""

from sqlalchemy import update

from educonnect_admin.domain.letters import Batch, BatchState, FileState, Who
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.printing.print_class import Run
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.office.printing.write_slips import Slip, write_slips
from educonnect_admin.queries.batches import files_of_batch
from educonnect_admin.queries.trail import append_to_trail


def finish_batch(room: PrintRoom, run: Run, *, with_slips: bool = True) -> list[Slip]:
    """Write the slips that are missing and close the batch; return its slips.

    A batch none of whose files was published has no slips, and maybe no folder any more.
    One letter, made for one person at the desk, needs none either.

    Args:
        room: The means.
        run: The run whose batch ends.
        with_slips: False when the folder is gone for good.

    Raises:
        UnwritableFolder: the folder refuses; the batch stays open for a later recovery.
    """
    with room.reading() as session:
        files = files_of_batch(session, run.batch_id)
    published = sum(file.state is FileState.PUBLISHED for file in files)
    wanted = published and with_slips and run.order.who is not Who.RESEND
    slips = write_slips(room, run) if wanted else []
    if any(file.state is FileState.COMMITTED for file in files):
        return slips  # a file still waits for its name: a later recovery closes the batch
    with room.transaction() as session:
        closed = session.connection().execute(
            update(Batch)
            .where(Batch.id == run.batch_id, Batch.state == BatchState.RUNNING)
            .values(state=BatchState.FINISHED)
        )
        if closed.rowcount:
            append_to_trail(session, room.author, [_finished(run, published, len(files))])
    return slips


def _finished(run: Run, published: int, planned: int) -> Happening:
    return Happening(
        TrailKind.BATCH_FINISHED,
        school_id=run.school.id,
        batch_id=run.batch_id,
        details={"published": published, "planned": planned},
    )
