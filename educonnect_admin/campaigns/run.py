"""The campaign: tasks go out, outcomes come back, what was lost on the way goes out again."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from typing import Any, Protocol

from educonnect_admin.campaigns.crews import Crew
from educonnect_admin.campaigns.orders import SchoolOrder
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.troubles import Meaning, meaning_of
from educonnect_admin.campaigns.workplace import Recalled
from educonnect_admin.domain.campaign_errors import (
    ClusterUnavailable,
    TaskFailed,
    WorkerLost,
    WorkersLost,
)
from educonnect_admin.domain.errors import EduConnectError

_LOOK_SECONDS = 0.5
_AHEAD = 2
"""Tasks a worker: one in hand, one waiting, so that none is idle and few are lost."""
_LOSSES = 4
_SUSPECT = 2
"""After so many losses a school is tried alone: it may be what kills the others' worker."""
_BARREN = 10
"""After so many losses in a row and no school done, it is not a school's fault."""
_FIRST_NAP = 1.0
_LONGEST_NAP = 30.0

Task = Callable[[Any], Outcome]
"""What is done for an order: a function of a module, for it travels by its name."""


class Watcher(Protocol):
    """Who is told how a campaign goes, as it goes."""

    def settled(self, order: SchoolOrder, outcome: Outcome) -> None:
        """Hear that a school has come out, one way or the other."""
        ...

    def again(self, order: SchoolOrder, why: EduConnectError) -> None:
        """Hear that a school will be tried again."""
        ...

    def paused(self, why: EduConnectError, seconds: float) -> None:
        """Hear that everything waits."""
        ...

    def stopping(self) -> None:
        """Hear that somebody asked to stop: what is in hand comes to its end first."""
        ...

    def looked(self, in_hand: int) -> None:
        """Hear how many schools are worked at: time to draw again."""
        ...


@dataclass(slots=True)
class _Turn:
    order: SchoolOrder
    held_since: float | None = None
    nap: float = 0.0
    losses: int = 0
    not_before: float = 0.0

    @property
    def suspect(self) -> bool:
        return self.losses >= _SUSPECT


@dataclass(slots=True)
class Ended:
    """How a campaign ended.

    Attributes:
        outcomes: of every school that came out, in the order they did.
        left: the schools that it did not come to, or not to their end.
        stopped: why it stopped before its end, or nothing.
        interrupted: somebody asked it to stop.
        at_once: and did not wait for what was in hand.
        unlogged: lines of its log could not be written.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    left: Sequence[SchoolOrder] = ()
    stopped: EduConnectError | None = None
    interrupted: bool = False
    at_once: bool = False
    unlogged: bool = False


class Campaign:
    """One run: who does it, who watches, how long it waits for a database or a cluster."""

    def __init__(self, crew: Crew, task: Task, watcher: Watcher, *, patience: float) -> None:
        """Prepare it.

        Args:
            crew: Who does the tasks.
            task: What is done in each school; a function of a module, for it travels.
            watcher: Who is told.
            patience: Seconds to wait for what has gone away and may come back.
        """
        self._crew = crew
        self._task = task
        self._watcher = watcher
        self._patience = patience
        self._waiting: deque[_Turn] = deque()
        self._in_hand: dict[Future[Outcome], _Turn] = {}
        self._ended = Ended()
        self._hands = 0
        self._barren = 0
        self._nap = 0.0
        self._awake_at = 0.0
        self._trouble_since: float | None = None

    def run(self, orders: Iterable[SchoolOrder]) -> Ended:
        """Do them all; return when none is left, or none can be done any more.

        A KeyboardInterrupt does not wait for what is in hand; `stop` does.
        """
        self._waiting.extend(_Turn(order) for order in orders)
        try:
            self._work()
        except KeyboardInterrupt:
            self._ended.interrupted = self._ended.at_once = True
            self._crew.close(at_once=True)
        came_out = {outcome.uai for outcome in self._ended.outcomes}
        turns = (*self._waiting, *self._in_hand.values())
        left = {turn.order.uai: turn.order for turn in turns}
        self._ended.left = [order for uai, order in left.items() if uai not in came_out]
        return self._ended

    def stop(self) -> None:
        """Hand out nothing more; `run` returns when what is begun has come to its end.

        Made to be called by whoever hears Ctrl-C, between any two steps of `run`.
        """
        self._ended.interrupted = True

    @property
    def _goes_on(self) -> bool:
        return self._ended.stopped is None and not self._ended.interrupted

    def _work(self) -> None:
        while (self._waiting or self._in_hand) and self._goes_on:
            self._hand_out()
            self._take_back()
        if self._ended.interrupted:
            self._crew.recall()
            self._watcher.stopping()
        while self._in_hand:
            self._take_back()

    def _hand_out(self) -> None:
        if time.monotonic() < self._awake_at:
            return
        if self._waiting:
            self._hands = self._crew.size
        room = _AHEAD * self._hands if self._waiting else 0
        while len(self._in_hand) < room and (turn := self._next()) is not None:
            try:
                self._in_hand[self._crew.submit(self._task, turn.order)] = turn
            except Exception as error:
                self._waiting.appendleft(turn)
                if not self._lost(error):
                    raise
                self._renew()
                return

    def _next(self) -> _Turn | None:
        """Return whose turn it is; a suspect is alone in hand, and nobody goes out beside it."""
        if any(turn.suspect for turn in self._in_hand.values()):
            return None
        for place, turn in enumerate(self._waiting):
            if turn.not_before <= time.monotonic() and not (turn.suspect and self._in_hand):
                del self._waiting[place]
                return turn
        return None

    def _take_back(self) -> None:
        # With nothing in hand this is only a nap.
        done, _ = wait(self._in_hand or {Future()}, _LOOK_SECONDS, FIRST_COMPLETED)
        lost = [self._end(future) for future in done]
        if any(lost):
            self._renew()
        self._watcher.looked(min(len(self._in_hand), self._hands))

    def _end(self, future: Future[Outcome]) -> bool:
        """Take what came of a task; tell whether all the others are lost."""
        turn = self._in_hand[future]
        error = _error_of(future)
        if error is None:
            self._take(turn, future.result())
        elif isinstance(error, Recalled):
            self._waiting.appendleft(turn)
        elif self._lost(error):
            self._count_loss(turn)
        else:
            self._give_up(turn, error)
        # At last: an interruption between any two of these lines forgets no school.
        del self._in_hand[future]
        return error is not None and self._lost(error) and self._lost_all(error)

    def _take(self, turn: _Turn, outcome: Outcome) -> None:
        self._barren = 0
        error, meaning = outcome.error, meaning_of(outcome.error)
        if error and meaning is Meaning.LATER and self._is_patient_with(turn):
            turn.nap = min(2 * turn.nap or _FIRST_NAP, _LONGEST_NAP)
            self._put_back(turn, error, after=turn.nap)
        elif error and meaning is Meaning.PAUSE:
            self._put_back(turn, error, after=0.0)
            self._pause(error)
        elif meaning is Meaning.STOP:
            self._settle(turn, outcome)
            self._ended.stopped = self._ended.stopped or error
        else:
            self._trouble_since, self._nap = None, 0.0
            self._settle(turn, outcome)

    def _is_patient_with(self, turn: _Turn) -> bool:
        """Tell whether a school that somebody else holds may still be waited for."""
        now = time.monotonic()
        if turn.held_since is None:
            turn.held_since = now
        return now - turn.held_since < self._patience

    def _give_up(self, turn: _Turn, error: BaseException) -> None:
        """Stop: the tasks themselves can't be carried, as where workers lack this program."""
        self._waiting.appendleft(turn)
        self._ended.stopped = self._ended.stopped or TaskFailed(type(error).__name__, "worker")

    def _settle(self, turn: _Turn, outcome: Outcome) -> None:
        self._ended.outcomes.append(outcome)
        self._watcher.settled(turn.order, outcome)

    def _put_back(self, turn: _Turn, why: EduConnectError, after: float) -> None:
        turn.not_before = time.monotonic() + after
        self._waiting.append(turn)
        self._watcher.again(turn.order, why)

    def _count_loss(self, turn: _Turn) -> None:
        turn.losses += 1
        lost = WorkerLost(turn.order.uai, turn.losses)
        if turn.losses >= _LOSSES:
            self._settle(turn, Outcome(uai=turn.order.uai, error=lost))
        else:
            self._put_back(turn, lost, after=0.0)

    def _lost(self, error: BaseException) -> bool:
        return isinstance(error, ClusterUnavailable) or self._crew.lost(error)

    def _lost_all(self, error: BaseException) -> bool:
        return isinstance(error, ClusterUnavailable) or self._crew.lost_all(error)

    def _renew(self) -> None:
        """Begin again with another crew; what the former had in hand is lost with it."""
        for future, turn in list(self._in_hand.items()):
            if future.done() and _error_of(future) is None:
                self._take(turn, future.result())  # it came back a moment before
            else:
                self._count_loss(turn)
            del self._in_hand[future]
        if self._barren + 1 >= _BARREN:
            self._ended.stopped = self._ended.stopped or WorkersLost(self._barren + 1)
            return
        try:
            self._crew.renew()
        except ClusterUnavailable as still:
            self._pause(still)  # nobody was there to be lost: how long to wait is patience's
        else:
            self._barren += 1

    def _pause(self, why: EduConnectError) -> None:
        """Let everything wait, longer each time; give up when patience is at its end."""
        now = time.monotonic()
        if self._trouble_since is None:
            self._trouble_since = now
        if now < self._awake_at:
            return  # one of several that met the same trouble
        if now - self._trouble_since >= self._patience:
            self._ended.stopped = self._ended.stopped or why
            return
        left = self._trouble_since + self._patience - now
        self._nap = min(2 * self._nap or _FIRST_NAP, _LONGEST_NAP, left)
        self._awake_at = now + self._nap
        self._watcher.paused(why, self._nap)


def _error_of(future: Future[Outcome]) -> BaseException | None:
    return CancelledError() if future.cancelled() else future.exception()
