"""A crew that does what a script says, and a watcher that writes down what it hears."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

from educonnect_admin.campaigns.orders import Bearings, SchoolOrder
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.workplace import Recalled
from educonnect_admin.domain.campaigns import Figure
from educonnect_admin.domain.errors import EduConnectError

BEARINGS = Bearings(
    version="1",
    fingerprint="f", operator="alice", confined=False, portal_url="", templates_dir=None,
    hashing="cheap-for-tests",
)  # fmt: skip


def orders(*uais: str) -> list[SchoolOrder]:
    """Return an order for each of these schools."""
    return [SchoolOrder(uai=uai, bearings=BEARINGS) for uai in uais]


def done(uai: str) -> Outcome:
    """Return that a school is done."""
    return Outcome(uai=uai, figures={Figure.LETTERS: 1})


def failed(uai: str, error: EduConnectError) -> Outcome:
    """Return that a school failed."""
    return Outcome(uai=uai, error=error)


class Gone(Exception):
    """A worker is gone, and the crew with it."""


class GoneAlone(Gone):
    """One worker is gone, and the others are there."""


class ScriptedCrew:
    """Does each task as its school's script says: what comes first, then what comes next.

    A script holds outcomes, errors to be raised by the future, or `HANG`: it never ends. A
    school without a script, or at its end, is done.
    """

    HANG = object()

    def __init__(self, size: int = 1, **scripts: Iterable[object]) -> None:
        self.size = size
        self._scripts = defaultdict(deque, {uai: deque(told) for uai, told in scripts.items()})
        self.given: list[str] = []
        self.together: list[set[str]] = []
        self._open: dict[str, Future[Any]] = {}
        self.renewals = 0
        self.refusals: deque[EduConnectError] = deque()
        self.closed: list[bool] = []
        self.on_submit: Callable[[str], None] = lambda _: None

    def submit(self, task: Callable[[Any], Any], asked: Any) -> "Future[Any]":
        """Take a task; its end is there at once, unless it hangs."""
        uai = asked.uai
        self.on_submit(uai)
        self.given.append(uai)
        script = self._scripts[uai]
        result = script.popleft() if script else task(asked)
        future: Future[Any] = Future()
        self._open = {one: left for one, left in self._open.items() if not left.done()}
        self._open[uai] = future
        self.together.append(set(self._open))
        if isinstance(result, BaseException):
            future.set_exception(result)
        elif result is not self.HANG:
            future.set_result(result)
        return future

    def recall(self) -> None:
        """Give back what hangs."""
        for future in self._open.values():
            if not future.done():
                future.set_exception(Recalled())

    def lost(self, error: BaseException) -> bool:
        """Tell whether a worker is gone."""
        return isinstance(error, Gone)

    def lost_all(self, error: BaseException) -> bool:
        """Tell whether the others are gone with it."""
        return isinstance(error, Gone) and not isinstance(error, GoneAlone)

    def renew(self) -> None:
        """Begin again, unless the script refuses."""
        self.renewals += 1
        self._open = {}
        if self.refusals:
            raise self.refusals.popleft()

    def close(self, *, at_once: bool = False) -> None:
        """Let everybody go: nothing hangs any more."""
        self.closed.append(at_once)


class Ears:
    """A watcher that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []
        self.in_hand: list[int] = []
        self.on_look: Callable[[], None] = lambda: None

    def settled(self, order: SchoolOrder, outcome: Outcome) -> None:
        """Hear that a school has come out."""
        self.heard.append(("settled", order.uai, outcome.state.value))

    def again(self, order: SchoolOrder, why: EduConnectError) -> None:
        """Hear that a school is tried again."""
        self.heard.append(("again", order.uai, type(why).__name__))

    def paused(self, why: EduConnectError, seconds: float) -> None:
        """Hear that everything waits."""
        self.heard.append(("paused", type(why).__name__, seconds))

    def stopping(self) -> None:
        """Hear that somebody asked to stop."""
        self.heard.append(("stopping",))

    def looked(self, in_hand: int) -> None:
        """Let the test do something while nothing happens."""
        self.in_hand.append(in_hand)
        self.on_look()

    def told(self, what: str) -> list[tuple[object, ...]]:
        """Return what was heard of one kind."""
        return [one for one in self.heard if one[0] == what]
