"""Tasks that a crew of processes can be given: functions of a module, for they travel."""

import os
import signal
import time


def number_of(_: object) -> int:
    """Return the number of the process that does it."""
    return os.getpid()


def what_stops(_: object) -> list[bool]:
    """Return whether Ctrl-C and SIGTERM are ignored there."""
    return [
        signal.getsignal(number) == signal.SIG_IGN for number in (signal.SIGINT, signal.SIGTERM)
    ]


def die(_: object) -> None:
    """End without a word."""
    os._exit(9)


def sleep(seconds: float) -> None:
    """Take that long."""
    time.sleep(seconds)
