"""Letters for a school, one PDF a class, each published whole or not at all (R-10 to R-14)."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from educonnect_admin.domain.errors import AlreadyRunning, EduConnectError
from educonnect_admin.domain.letters import FileState
from educonnect_admin.office.generate_accounts import Generated
from educonnect_admin.office.printing.draw_ahead import BatchMaker, draw_ahead
from educonnect_admin.office.printing.finish_batch import finish_batch
from educonnect_admin.office.printing.letter_folder import prepare_folder
from educonnect_admin.office.printing.print_class import (
    PrintedClass,
    Unprintable,
    print_class,
)
from educonnect_admin.office.printing.print_room import PrintRoom, letters_lock
from educonnect_admin.office.printing.target import LetterOrder, Target, find_target
from educonnect_admin.office.printing.write_slips import Slip
from educonnect_admin.office.recover_letters import Recovered, recover_school
from educonnect_admin.queries.schools import school_by_uai


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What came out of a run."""

    batch_id: int | None
    created_on: date
    last_day: date
    generated: Generated
    files: Sequence[PrintedClass] = ()
    slips: Sequence[Slip] = ()
    unprintable: Sequence[Unprintable] = ()
    recovered: Recovered = field(default_factory=Recovered)

    @property
    def published(self) -> list[PrintedClass]:
        """The class files that stand in the folder."""
        return [file for file in self.files if file.settled.state is FileState.PUBLISHED]

    @property
    def waiting(self) -> list[Path]:
        """The files that wait for a name which another file bears."""
        mine = [file.path for file in self.files if file.settled.state is FileState.COMMITTED]
        return [*self.recovered.waiting, *mine]

    @property
    def letters(self) -> int:
        """How many letters were published."""
        return sum(file.letters for file in self.published)

    @property
    def to_reissue(self) -> list[str]:
        """The accounts whose letters were taken back, now or from a killed run."""
        lost = [name for file in self.files for name in file.settled.to_reissue]
        return [*self.recovered.to_reissue, *lost]


def issue_letters(
    room: PrintRoom, order: LetterOrder, progress: Callable[[int], None] = lambda _: None
) -> Issued:
    """Issue letters: accounts where missing, one PDF a class in satchel order, slips.

    Each class file is one unit: drawn, hashed and rendered outside any transaction, written
    under a provisional name, made to work in one transaction, then given its name. What a
    killed run of the same school left is settled first.

    Args:
        room: The means.
        order: What is asked for.
        progress: Told how many letters have just been published.

    Raises:
        UnknownSchool, UnknownClass, InvalidUAI: there is nothing of this name.
        AlreadyRunning: another run holds this school.
        UnwritableFolder, FileExists: the folder refuses, or a name is taken.

    Rules: R-10 to R-15.
    """
    school_id = _school_id(room, order.uai)
    with room.lock(letters_lock(school_id)) as held:
        if not held:
            raise AlreadyRunning(order.uai)
        recovered = Recovered()
        recover_school(room, school_id, recovered)
        folder = prepare_folder(order.output)
        with room.transaction() as session:
            target = find_target(session, room, order)
        try:
            return _print(room, target, folder, recovered, progress)
        except BaseException:
            # Leave nothing half-done behind; if that fails too, `letters recover` will.
            with suppress(EduConnectError):
                recover_school(room, school_id, Recovered())
            raise


def _school_id(room: PrintRoom, uai: str) -> int:
    with room.reading() as session:
        return school_by_uai(session, uai).id


def _print(
    room: PrintRoom,
    target: Target,
    folder: Path,
    recovered: Recovered,
    progress: Callable[[int], None],
) -> Issued:
    maker = BatchMaker(room, target, folder)
    # Slips come last: an office's template that can't make one must be refused first.
    room.press.slip(maker.run.heading, ())
    printed: list[PrintedClass | None] = []
    with ThreadPoolExecutor(room.workers, thread_name_prefix="hash") as executor:
        try:
            printed.extend(
                print_class(room, maker.run, drawn, progress)
                for drawn in draw_ahead(maker, executor)
            )
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise
    started = maker.started
    return Issued(
        batch_id=maker.run.batch_id if started else None,
        created_on=maker.run.heading.created_on,
        last_day=maker.run.heading.last_day,
        generated=target.generated,
        files=[file for file in printed if file is not None],
        slips=finish_batch(room, maker.run) if started else [],
        unprintable=maker.unprintable,
        recovered=recovered,
    )
