"""Ctrl-C and the end of a service: the first lets schools come to their end, the next does not."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from educonnect_admin.campaigns.workplace import STOPS


@contextmanager
def heard_once(stop: Callable[[], None]) -> Iterator[None]:
    """Call a function at the first Ctrl-C or SIGTERM; the next is a KeyboardInterrupt again.

    A KeyboardInterrupt strikes anywhere, between a school that came out and its being noted too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # nobody types Ctrl-C there
        return

    def hear(_signal: int, _frame: FrameType | None) -> None:
        for number in STOPS:
            signal.signal(number, signal.default_int_handler)
        stop()

    former = {number: signal.signal(number, hear) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
