"""Tasks that a crew of processes can be given: functions of a module, for they travel."""

import os
import signal
import time

from educonnect_admin.stops import STOPS


def number_of(_: object) -> int:
    """Return the number of the process that does it."""
    return os.getpid()


def what_stops(_: object) -> list[bool]:
    """Return whether Ctrl-C, SIGTERM and SIGHUP are ignored there."""
    return [signal.getsignal(number) == signal.SIG_IGN for number in STOPS]


def die(_: object) -> None:
    """End without a word."""
    os._exit(9)


def sleep(seconds: float) -> None:
    """Take that long."""
    time.sleep(seconds)
