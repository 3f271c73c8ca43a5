"""One case put to a reader: within its time, its memory, and with no failure but its refusals."""

import resource
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, TracebackType

from tests.fuzz.target import Read, Target
from tests.support.house import PACKAGE

MEGABYTES = 768
"""How much more than at its start a process may have."""


class TooSlow(BaseException):
    """No `except Exception` of a reader may swallow it."""


@dataclass(frozen=True)
class Finding:
    """Something that a reader must not do: what, where in our code, and the case."""

    kind: str
    where: str
    case: bytes
    told: str


def put(target: Target, read: Read, case: bytes) -> tuple[float, Finding | None]:
    """Put a case to a reader; return the seconds it took, and what was found."""
    began = time.process_time()
    found = None
    try:
        with _limited(target.seconds):
            read(case)
    except target.refusals:
        pass
    except (Exception, TooSlow) as error:
        told = "".join(traceback.format_exception(error, limit=-12))
        found = Finding(type(error).__name__, _place(error.__traceback__), case, told)
    return time.process_time() - began, found


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Let so many seconds of this process's own work pass: a busy machine makes nothing slower."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def watch_the_time() -> None:
    """Let the alarm end a case; once a process, in its main thread."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    signal.signal(signal.SIGPROF, stop)


def limit_memory() -> None:
    """Give this process so many megabytes more than it has now."""
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - no file, the kernel
        present = int(told.read().split()[0]) * resource.getpagesize()
    most = present + MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def peak_megabytes() -> int:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _place(trace: TracebackType | None) -> str:
    """Return the innermost line of ours, as `rosters/read.py:12`; else of whoever failed."""
    where = ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(str(PACKAGE)) or not where.startswith("+"):
            ours = file.startswith(str(PACKAGE))
            short = file.removeprefix(f"{PACKAGE}/") if ours else file.rpartition("/")[2]
            where = f"{'+' if ours else ''}{short}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where.removeprefix("+")
