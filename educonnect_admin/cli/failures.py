"""Every refusal in French, with its exit code; nothing a person causes ends in a traceback.

Exit codes: 0 done, 1 our bug, 2 usage, 3 refused and nothing written, 4 done with remarks,
5 database, disk, mail or SMS not to be had, 130 interrupted.
"""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from educonnect_admin.cli.exit_codes import (
    BUG,
    DONE,
    INTERRUPTED,
    UNAVAILABLE,
    USAGE,
)
from educonnect_admin.cli.french import usage_in_french
from educonnect_admin.cli.refusals import WORDS, remedy, system_words
from educonnect_admin.cli.speech import Speech
from educonnect_admin.domain import errors

_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM}


def explain(error: errors.EduConnectError) -> tuple[str, int]:
    """Return the French sentence and the exit code of a refusal."""
    words = WORDS[type(error)]
    return words.sentence(error), words.exit_code


@contextmanager
def exit_on_failure() -> Iterator[None]:
    """Leave the process with the promised exit code, whatever happens inside."""
    try:
        yield
    except SystemExit:
        # Typer ends with 1 when the reader goes away, and leaves this mark of it.
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":
            sys.exit(DONE)
        raise
    except BaseException as error:
        _leave_for(error)


def _leave_for(error: BaseException) -> NoReturn:
    match error:
        case errors.EduConnectError():
            _leave(*explain(error))
        case TyperException():
            _leave(_usage(error), USAGE)
        case KeyboardInterrupt() | typer.Abort():
            leave_interrupted()
        case BrokenPipeError():
            # The reader went away (`| head`): nothing to tell, nobody to tell it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(DONE)
        case OSError() if error.errno in _DISK_ERRORS:
            words = system_words(error.errno)
            _leave(f"Le disque refuse ({words}). {remedy(error.errno)}", UNAVAILABLE)
        case _:
            _report_bug(error)


def _usage(error: TyperException) -> str:
    """A group typed without a command carries its help, French already."""
    message = error.format_message()
    helped = type(error).__name__ == "NoArgsIsHelpError"
    return message if helped else usage_in_french(message)


def leave_interrupted() -> NoReturn:
    """Say what a Ctrl-C left, and leave."""
    _leave("Interrompu. Ce qui était fini est gardé, le reste n'a pas été commencé.", INTERRUPTED)


def _leave(sentence: str, code: int) -> NoReturn:
    if sentence:
        Speech(json=False, quiet=False).warn(sentence)
    sys.exit(code)


def _report_bug(error: BaseException) -> NoReturn:
    """Say where it broke, without the message: it could quote a person (R-66)."""
    if os.environ.get("EDUCONNECT_TRACEBACK") == "1":
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "?"
    _leave(
        f"Erreur interne ({type(error).__name__}, {where}) : c'est notre faute, pas la vôtre. "
        "Signalez-la avec cette ligne ; EDUCONNECT_TRACEBACK=1 en montre davantage.",
        BUG,
    )
