"""Finish or remove what a killed run left (R-14)."""

from dataclasses import dataclass, field
from pathlib import Path

from educonnect_admin.domain.calendar import day_in, last_day_of_letter
from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.domain.file_errors import SlipsLocked
from educonnect_admin.domain.letters import Batch, FileState
from educonnect_admin.domain.schools import School
from educonnect_admin.office.printing.finish_batch import finish_batch
from educonnect_admin.office.printing.letter_contents import facts_of, heading_of
from educonnect_admin.office.printing.letter_folder import remove_part
from educonnect_admin.office.printing.print_class import Run
from educonnect_admin.office.printing.print_room import PrintRoom, letters_lock
from educonnect_admin.office.printing.settle_file import (
    FileInHand,
    discard_planned,
    settle_committed,
)
from educonnect_admin.queries.batches import (
    FileLeft,
    LeftBehind,
    files_of_batch,
    unfinished_batches,
)
from educonnect_admin.queries.subjects import Round


@dataclass(slots=True)
class Recovered:
    """What a recovery did, in class files; `voided` holds no password that works any more.

    Attributes:
        to_reissue: the identifiers whose letters were taken back.
        waiting: files whose name another file bears, or whose disk does not answer.
        stuck: batches whose folder refuses to be written, as (number, folder).
        locked: batches closed with a passphrase, whose slips can't be made without it, as
            (number, folder).
        slips: slips that were missing and have been written.
        busy: the UAI of schools whose lock another run holds.
        elsewhere: batches written on other hosts, as (number, host).
    """

    published: list[Path] = field(default_factory=list)
    discarded: int = 0
    voided: list[Path] = field(default_factory=list)
    to_reissue: list[str] = field(default_factory=list, repr=False)
    waiting: list[Path] = field(default_factory=list)
    stuck: list[tuple[int, Path]] = field(default_factory=list)
    locked: list[tuple[int, Path]] = field(default_factory=list)
    slips: list[Path] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)
    elsewhere: list[tuple[int, str]] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to recover."""
        return self == Recovered()


def batches_left(room: PrintRoom) -> list[LeftBehind]:
    """Return the batches that never finished: killed, or still running somewhere."""
    with room.reading() as session:
        return unfinished_batches(session)


def recover_letters(room: PrintRoom) -> Recovered:
    """Finish or remove what killed runs left, for every school whose lock can be had.

    Rule: R-14.
    """
    done = Recovered()
    left = batches_left(room)
    for school_id, uai in dict.fromkeys((batch.school_id, batch.uai) for batch in left):
        with room.lock(letters_lock(school_id)) as held:
            if held:
                recover_school(room, school_id, done)
            else:
                done.busy.append(uai)
    return done


def recover_school(room: PrintRoom, school_id: int, done: Recovered) -> None:
    """Finish or remove what killed runs of one school left; its lock must be held.

    Read again under the lock: the run that held it may have finished since.
    """
    with room.reading() as session:
        left = unfinished_batches(session, school_id)
    for batch in left:
        if batch.host != room.host:
            done.elsewhere.append((batch.batch_id, batch.host))
        else:
            _recover_batch(room, batch, done)


def _recover_batch(room: PrintRoom, batch: LeftBehind, done: Recovered) -> None:
    with room.reading() as session:
        files = files_of_batch(session, batch.batch_id)
    waiting = len(done.waiting)
    try:
        for file in files:
            _recover_file(room, batch, file, done)
        if len(done.waiting) > waiting:
            return  # the batch stays open until its last file has its name
        # A folder that is gone for good (a stick pulled out) must not stop the school for
        # ever: what was published was published, only its slips can no longer be written.
        reachable = Path(batch.folder).is_dir()
        run = run_of_batch(room, batch.batch_id)
        slips = finish_batch(room, run, with_slips=reachable)
        done.slips += [slip.path for slip in slips if slip.new]
    except UnwritableFolder as refusal:
        # One bad folder stops neither the other batches nor new letters elsewhere.
        done.stuck.append((batch.batch_id, refusal.path))
    except SlipsLocked as refusal:
        done.locked.append((refusal.batch_id, refusal.folder))


def _recover_file(room: PrintRoom, batch: LeftBehind, file: FileLeft, done: Recovered) -> None:
    path = Path(batch.folder) / file.name
    in_hand = FileInHand(batch.school_id, batch.batch_id, path, file)
    if file.state is FileState.PLANNED:
        done.discarded += discard_planned(room, in_hand)
    elif file.state is FileState.COMMITTED:
        settled = settle_committed(room, in_hand)
        outcomes = {FileState.PUBLISHED: done.published, FileState.COMMITTED: done.waiting}
        outcomes.get(settled.state, done.voided).append(path)
        done.to_reissue.extend(settled.to_reissue)
    else:
        remove_part(path)


def run_of_batch(room: PrintRoom, batch_id: int) -> Run:
    """Return the run that a batch was, from what the database keeps of it."""
    with room.reading() as session:
        batch = session.get_one(Batch, batch_id)
        school = session.get_one(School, batch.school_id)
        created_on = day_in(school.time_zone, batch.started_at)
        facts = facts_of(school)
        return Run(
            order=Round(school.id, batch.who, None, batch.started_at),
            school=facts,
            batch_id=batch.id,
            folder=Path(batch.folder),
            heading=heading_of(
                facts,
                class_label=None,
                batch_id=batch.id,
                portal_url=room.portal_url,
                created_on=created_on,
                last_day=last_day_of_letter(created_on),
            ),
        )
