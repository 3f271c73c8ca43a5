"""What asks a command to come to its end: Ctrl-C, the end of a service, that of a terminal."""

import errno
import os
import signal
from collections.abc import Mapping
from types import FrameType
from typing import Any, NoReturn

_HANGUP: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none
STOPS = (signal.SIGINT, signal.SIGTERM, *([_HANGUP] if _HANGUP else []))
_SAID_ON = (1, 2)


def hear_stops() -> None:
    """Let the others interrupt this process as Ctrl-C does by itself."""
    for stop in heard_stops():
        if stop != signal.SIGINT:
            signal.signal(stop, interrupt)


def heard_stops() -> list[signal.Signals]:
    """Return those that mean anything here: `nohup` has the end of the terminal unheard."""
    unheard = _HANGUP is not None and signal.getsignal(_HANGUP) is signal.SIG_IGN
    return [stop for stop in STOPS if not (unheard and stop == _HANGUP)]


def resume_hearing(former: Mapping[signal.Signals, Any]) -> None:
    """Let stops mean what they meant before; a terminal whose end was heard ends only once.

    Args:
        former: What `signal.signal` gave for each of `heard_stops`.
    """
    for stop, handler in former.items():
        if stop in heard_stops():
            signal.signal(stop, handler)


def interrupt(stop: int, _frame: FrameType | None) -> NoReturn:
    """Raise what Ctrl-C raises.

    Raises:
        KeyboardInterrupt: always.
    """
    part_with_terminal(stop)
    raise KeyboardInterrupt


def part_with_terminal(stop: int) -> None:
    """After the end of the terminal, say nothing more there, and hear that end only once.

    The shell and the system each tell of it, the shell sometimes before the terminal is gone; and
    whoever wrote there would meet an error in the middle of coming to an end.
    """
    if stop != _HANGUP:
        return
    signal.signal(stop, signal.SIG_IGN)
    for descriptor in filter(_is_terminal, _SAID_ON):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def _is_terminal(descriptor: int) -> bool:
    """Tell whether it is one, or was: `os.isatty` denies a terminal that is gone."""
    try:
        os.get_terminal_size(descriptor)
    except OSError as error:
        return error.errno == errno.EIO
    return True
