"""Secrets stay in the memory of the process that needs them: no core dump, no child's variables."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_SECRET = ("EDUCONNECT_DATABASE_URL", "EDUCONNECT_SMS_URL", "EDUCONNECT_SMS_BODY",
           "EDUCONNECT_SMTP_USER")  # fmt: skip
"""The variables whose value may be a password, or lead to one; every `…_FILE` only names a file."""

_NOT_FOR_STRANGERS = ("EDUCONNECT_", "PG")
_SET_DUMPABLE = 4


def forbid_core_dumps() -> None:
    """Let a crash write nothing of the memory of this process, nor of those it starts."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows writes none unless it was asked to
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def hide_memory() -> None:
    """Let no other process of this user read the memory or variables of this one (Linux).

    Also what keeps a crash from a handler that gets core dumps through a pipe, whatever the limit.
    Not for processes that are somebody else's, such as a worker of Dask: it looks into itself.
    """
    forbid_core_dumps()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


@contextmanager
def secrets_kept_from_children() -> Iterator[None]:
    """Let processes of ours that are started in this block not inherit what may hold a password.

    They are given their settings through a pipe.
    """
    kept = {name: os.environ.pop(name) for name in _SECRET if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


def environment_for_strangers() -> Mapping[str, str]:
    """Return the variables for a program that is not ours: nothing of the office, no password."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(_NOT_FOR_STRANGERS)
    }
