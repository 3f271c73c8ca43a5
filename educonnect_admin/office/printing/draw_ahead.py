"""Drawing class after class, far enough ahead to keep every core hashing."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from educonnect_admin.office.printing.class_files import ClassToPrint
from educonnect_admin.office.printing.print_class import (
    DrawnClass,
    Run,
    Unprintable,
    draw_class,
    printable,
)
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.queries.subjects import subjects_of_class

_AHEAD = 64
"""How many letters are being hashed while a class is written and stored."""


class BatchMaker:
    """Draws class after class, and remembers who can't be printed."""

    def __init__(self, room: PrintRoom, run: Run, classes: Sequence[ClassToPrint]) -> None:
        self._room = room
        self._run = run
        self._classes = classes
        self.unprintable: list[Unprintable] = []

    def draw(self, executor: Executor) -> Iterator[DrawnClass]:
        """Give the classes that have letters, their passwords drawn and being hashed."""
        for school_class in self._classes:
            with self._room.reading() as session:
                wanted = subjects_of_class(session, self._run.order, school_class.id)
            heading = replace(self._run.heading, class_label=school_class.label)
            draw_number = self._room.chance.letter_number
            fit, unfit = printable(self._room, heading, wanted, draw_number)
            self.unprintable += unfit
            if fit:
                yield draw_class(
                    self._room, self._run, school_class, heading, fit, executor=executor
                )


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
