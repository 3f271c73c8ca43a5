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
from educonnect_admin.office.printing.begin_batch import begin_batch
from educonnect_admin.office.printing.draw_ahead import BatchMaker, draw_ahead
from educonnect_admin.office.printing.finish_batch import finish_batch
from educonnect_admin.office.printing.letter_contents import SchoolFacts, facts_of
from educonnect_admin.office.printing.letter_folder import prepare_folder
from educonnect_admin.office.printing.print_class import (
    PrintedClass,
    Run,
    Unprintable,
    print_class,
)
from educonnect_admin.office.printing.print_room import PrintRoom, letters_lock
from educonnect_admin.office.printing.target import (
    LetterOrder,
    Target,
    find_target,
    heading_today,
    run_of,
)
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
        return [*self.recovered.to_reissue, *self.taken_back]

    @property
    def taken_back(self) -> list[str]:
        """The accounts whose letters this run had to take back."""
        return [name for file in self.files for name in file.settled.to_reissue]


def issue_letters(
    room: PrintRoom, order: LetterOrder, progress: Callable[[PrintedClass], None] = lambda _: None
) -> Issued:
    """Issue letters: accounts where missing, one PDF a class in satchel order, slips.

    Each class file is one unit: drawn, hashed and rendered outside any transaction, written
    under a provisional name, made to work in one transaction, then given its name. What a
    killed run of the same school left is settled first.

    Args:
        room: The means.
        order: What is asked for.
        progress: Told of each class file that has just ended.

    Raises:
        UnknownSchool, UnknownClass, InvalidUAI: there is nothing of this name.
        AlreadyRunning: another run holds this school.
        UnwritableFolder, FileExists: the folder refuses, or a name is taken.

    Rules: R-10 to R-15.
    """
    school = _school(room, order.uai)
    with room.lock(letters_lock(school.id)) as held:
        if not held:
            raise AlreadyRunning(order.uai)
        recovered = Recovered()
        recover_school(room, school.id, recovered)
        folder = prepare_folder(order.output)
        # Slips come last: an office's template that can't make one must be refused first.
        room.press.slip(heading_today(room, school), ())
        with room.transaction() as session:
            target = find_target(session, room, order)
            batch_id = begin_batch(session, room, target, folder)
        if batch_id is None:
            return _nothing_to_print(room, target, recovered)
        run = run_of(room, target, batch_id, folder)
        try:
            return _print(room, target, run, recovered, progress)
        except BaseException:
            # Leave nothing half-done behind; if that fails too, `letters recover` will.
            with suppress(EduConnectError):
                recover_school(room, school.id, Recovered())
            raise


def _school(room: PrintRoom, uai: str) -> SchoolFacts:
    with room.reading() as session:
        return facts_of(school_by_uai(session, uai))


def _nothing_to_print(room: PrintRoom, target: Target, recovered: Recovered) -> Issued:
    heading = heading_today(room, target.school)
    return Issued(
        batch_id=None,
        created_on=heading.created_on,
        last_day=heading.last_day,
        generated=target.generated,
        recovered=recovered,
    )


def _print(
    room: PrintRoom,
    target: Target,
    run: Run,
    recovered: Recovered,
    progress: Callable[[PrintedClass], None],
) -> Issued:
    maker = BatchMaker(room, run, target.classes)
    printed: list[PrintedClass] = []
    with ThreadPoolExecutor(room.workers, thread_name_prefix="hash") as executor:
        try:
            for drawn in draw_ahead(maker, executor):
                one = print_class(room, run, drawn)
                if one is not None:
                    printed.append(one)
                    progress(one)
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise
    return Issued(
        batch_id=run.batch_id,
        created_on=run.heading.created_on,
        last_day=run.heading.last_day,
        generated=target.generated,
        files=printed,
        slips=finish_batch(room, run),
        unprintable=maker.unprintable,
        recovered=recovered,
    )
