"""Letters for a school, one PDF a class, each published whole or not at all (R-10 to R-14)."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from educonnect_admin.domain.calendar import day_in, last_day_of_letter
from educonnect_admin.domain.errors import AlreadyRunning, EduConnectError
from educonnect_admin.domain.letters import Batch, FileState, Who
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.class_files import ClassToPrint, classes_to_print
from educonnect_admin.office.finish_batch import finish_batch
from educonnect_admin.office.generate_accounts import Generated, generate_accounts
from educonnect_admin.office.letter_contents import SchoolFacts, facts_of, heading_of
from educonnect_admin.office.letter_folder import prepare_folder
from educonnect_admin.office.print_class import (
    DrawnClass,
    PrintedClass,
    Run,
    Unprintable,
    draw_class,
    print_class,
    printable,
)
from educonnect_admin.office.print_room import PrintRoom, letters_lock
from educonnect_admin.office.recover_letters import Recovered, recover_school
from educonnect_admin.office.write_slips import Slip
from educonnect_admin.queries.schools import class_by_label, school_by_uai
from educonnect_admin.queries.subjects import Round, subjects_of_class
from educonnect_admin.queries.trail import append_to_trail

SAMPLE_NUMBER = "W" * 12
"""What stands for a letter's number where none is drawn: the widest one there is."""

_AHEAD = 64
"""How many letters are being hashed while a class is written and stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOrder:
    """What the operator asks for."""

    uai: str
    class_label: str | None
    who: Who
    output: Path


@dataclass(frozen=True, slots=True)
class Target:
    """The school and classes that an order means, and whose letters."""

    school: SchoolFacts
    round: Round
    classes: tuple[ClassToPrint, ...]
    generated: Generated


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
    def letters(self) -> int:
        """How many letters were published."""
        return sum(file.letters for file in self.published)

    @property
    def to_reissue(self) -> list[str]:
        """The accounts whose letters were taken back, now or from a killed run."""
        lost = [name for file in self.files for name in file.settled.to_reissue]
        return [*self.recovered.to_reissue, *lost]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a dry run foresees: letters by class, and who can't be printed."""

    generated: Generated
    created_on: date
    last_day: date
    classes: Sequence[tuple[ClassToPrint, int]]
    unprintable: Sequence[Unprintable]


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
            target = _target(session, room, order)
        try:
            return _print(room, target, folder, recovered, progress)
        except BaseException:
            # Leave nothing half-done behind; if that fails too, `letters recover` will.
            with suppress(EduConnectError):
                recover_school(room, school_id, Recovered())
            raise


def plan_letters(room: PrintRoom, order: LetterOrder) -> Planned:
    """Foresee what `issue_letters` would do: the same questions, everything rolled back."""
    with room.dry_transaction() as session:
        target = _target(session, room, order)
        subjects = [
            (school_class, subjects_of_class(session, target.round, school_class.id))
            for school_class in target.classes
        ]
    heading = _run(room, target, 0, order.output).heading
    parted = [
        (found, printable(room, heading, wanted, lambda: SAMPLE_NUMBER))
        for found, wanted in subjects
    ]
    return Planned(
        generated=target.generated,
        created_on=heading.created_on,
        last_day=heading.last_day,
        classes=[(found, len(fit)) for found, (fit, _) in parted if fit],
        unprintable=[one for _, (_, unfit) in parted for one in unfit],
    )


def _school_id(room: PrintRoom, uai: str) -> int:
    with room.reading() as session:
        return school_by_uai(session, uai).id


def _target(session: Session, room: PrintRoom, order: LetterOrder) -> Target:
    """Open the accounts that are missing, and say which classes are meant."""
    school = school_by_uai(session, order.uai, lock=True)
    only = class_by_label(session, school, order.class_label) if order.class_label else None
    generated = generate_accounts(
        session,
        school,
        class_id=only.id if only else None,
        stem_digest=room.stem_digest,
        author=room.author,
    )
    classes = classes_to_print(session, school.id)
    return Target(
        facts_of(school),
        Round(school.id, order.who, only.id if only else None, room.author.now),
        tuple(one for one in classes if only is None or one.id == only.id),
        generated,
    )


def _print(
    room: PrintRoom,
    target: Target,
    folder: Path,
    recovered: Recovered,
    progress: Callable[[int], None],
) -> Issued:
    maker = _BatchMaker(room, target, folder)
    # Slips come last: an office's template that can't make one must be refused first.
    room.press.slip(maker.run.heading, ())
    printed: list[PrintedClass | None] = []
    with ThreadPoolExecutor(room.workers, thread_name_prefix="hash") as executor:
        try:
            printed.extend(
                print_class(room, maker.run, drawn, progress)
                for drawn in _draw_ahead(maker, executor)
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


class _BatchMaker:
    """Draws class after class; the batch begins with the first letter there is to make."""

    def __init__(self, room: PrintRoom, target: Target, folder: Path) -> None:
        self._room = room
        self._target = target
        self._folder = folder
        self.run = _run(room, target, 0, folder)
        self.unprintable: list[Unprintable] = []
        self.started = False

    def draw(self, executor: Executor) -> Iterator[DrawnClass]:
        for school_class in self._target.classes:
            with self._room.reading() as session:
                wanted = subjects_of_class(session, self._target.round, school_class.id)
            if wanted:
                self._start()
            heading = replace(self.run.heading, class_label=school_class.label)
            draw_number = self._room.chance.letter_number
            fit, unfit = printable(self._room, heading, wanted, draw_number)
            self.unprintable += unfit
            if fit:
                yield draw_class(
                    self._room, self.run, school_class, heading, fit, executor=executor
                )

    def _start(self) -> None:
        if self.started:
            return
        with self._room.transaction() as session:
            batch_id = _new_batch(session, self._room, self._target, self._folder)
        self.run = _run(self._room, self._target, batch_id, self._folder)
        self.started = True


def _new_batch(session: Session, room: PrintRoom, target: Target, folder: Path) -> int:
    batch = Batch(
        school_id=target.school.id,
        who=target.round.who,
        operator=room.author.operator,
        started_at=room.author.now,
        host=room.host,
        folder=str(folder),
    )
    session.add(batch)
    session.flush()  # the number goes into the names of the files
    started = Happening(
        TrailKind.BATCH_STARTED,
        school_id=target.school.id,
        batch_id=batch.id,
        details={"who": target.round.who},
    )
    append_to_trail(session, room.author, [started])
    return batch.id


def _run(room: PrintRoom, target: Target, batch_id: int, folder: Path) -> Run:
    created_on = day_in(target.school.time_zone, room.author.now)
    heading = heading_of(
        target.school,
        class_label=None,
        batch_id=batch_id,
        portal_url=room.portal_url,
        created_on=created_on,
        last_day=last_day_of_letter(created_on),
    )
    return Run(target.round, target.school, batch_id, folder, heading)


def _draw_ahead(maker: _BatchMaker, executor: Executor) -> Iterator[DrawnClass]:
    """Give drawn classes, keeping enough letters behind them to occupy every core.

    While one class is rendered and stored, the next ones are being hashed; no more are
    drawn than that takes, so that memory does not grow with the school.
    """
    waiting: deque[DrawnClass] = deque()
    for drawn in maker.draw(executor):
        waiting.append(drawn)
        while sum(len(one.letters) for one in waiting) - len(waiting[0].letters) >= _AHEAD:
            yield waiting.popleft()
    yield from waiting
