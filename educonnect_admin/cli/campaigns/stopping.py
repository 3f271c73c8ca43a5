"""What stops a campaign: the first lets schools come to their end, the next does not."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from educonnect_admin.stops import heard_stops, interrupt, part_with_terminal, resume_hearing


@contextmanager
def heard_once(stop: Callable[[], None]) -> Iterator[None]:
    """Call a function at the first Ctrl-C or the like; the next is a KeyboardInterrupt again.

    A KeyboardInterrupt strikes anywhere, between a school that came out and its being noted too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # nobody types Ctrl-C there
        return

    def hear(number: int, _frame: FrameType | None) -> None:
        for one in former:
            signal.signal(one, interrupt)
        part_with_terminal(number)
        stop()

    former = {number: signal.signal(number, hear) for number in heard_stops()}
    try:
        yield
    finally:
        resume_hearing(former)
