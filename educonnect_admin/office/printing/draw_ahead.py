"""Drawing class after class, far enough ahead to keep every core hashing."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from educonnect_admin.domain.letters import Batch
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.printing.print_class import (
    DrawnClass,
    Unprintable,
    draw_class,
    printable,
)
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.office.printing.target import Target, run_of
from educonnect_admin.queries.subjects import subjects_of_class
from educonnect_admin.queries.trail import append_to_trail

_AHEAD = 64
"""How many letters are being hashed while a class is written and stored."""


class BatchMaker:
    """Draws class after class; the batch begins with the first letter there is to make."""

    def __init__(self, room: PrintRoom, target: Target, folder: Path) -> None:
        self._room = room
        self._target = target
        self._folder = folder
        self.run = run_of(room, target, 0, folder)
        self.unprintable: list[Unprintable] = []
        self.started = False

    def draw(self, executor: Executor) -> Iterator[DrawnClass]:
        """Give the classes that have letters, their passwords drawn and being hashed."""
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
        self.run = run_of(self._room, self._target, batch_id, self._folder)
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


def draw_ahead(maker: BatchMaker, executor: Executor) -> Iterator[DrawnClass]:
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
