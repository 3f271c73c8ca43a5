"""Who does the tasks: here, processes of this machine.

A crew is a `concurrent.futures` executor and little more: it takes tasks and gives futures.
What is done about a lost worker is the campaign's, not its own.
"""

import ctypes
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from threading import Thread
from typing import Protocol

from educonnect_admin.campaigns.workplace import (
    Answer,
    Asked,
    prepare_worker,
    unless_recalled,
)
from educonnect_admin.process_secrets import secrets_kept_from_children
from educonnect_admin.settings import Settings
from educonnect_admin.stops import STOPS

_LEAVE_SECONDS = 5.0


class Crew(Protocol):
    """Those who do tasks."""

    @property
    def size(self) -> int:
        """How many tasks are done at the same time."""
        ...

    def submit(self, task: Callable[[Asked], Answer], asked: Asked) -> "Future[Answer]":
        """Have a task done.

        Raises:
            BrokenProcessPool, ClusterUnavailable: nobody is there any more.
        """
        ...

    def recall(self) -> None:
        """Begin nothing more that waits in a worker's hand, where that can be; it is `Recalled`."""
        ...

    def lost(self, error: BaseException) -> bool:
        """Tell whether an error means that the worker is gone, not that the task failed."""
        ...

    def lost_all(self, error: BaseException) -> bool:
        """Tell whether whatever else was in hand is lost with it, and the crew to be renewed."""
        ...

    def renew(self) -> None:
        """Begin again after a loss.

        Raises:
            ClusterUnavailable: nobody is there yet.
        """
        ...

    def close(self, *, at_once: bool = False) -> None:
        """Let everybody go; `at_once` without waiting for what they have in hand."""
        ...


@contextmanager
def _unheard() -> Iterator[None]:
    """Let the processes that are started in this block not hear what stops whoever leads.

    Until a worker can say that itself, Ctrl-C would end it while it starts, and the school that
    another has in hand with it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


class LocalCrew:
    """So many processes of this machine, started afresh: they inherit no thread, no socket."""

    def __init__(self, settings: Settings, size: int) -> None:
        self.size = size
        self._settings = settings
        self._context = get_context("spawn")
        self._recalled = self._context.RawValue(ctypes.c_bool)
        self._pool = self._hired()

    def _hired(self) -> Executor:
        # Python starts a process of its own with them, which by itself hears the terminal's end.
        with _unheard():
            return ProcessPoolExecutor(
                self.size,
                mp_context=self._context,
                initializer=prepare_worker,
                initargs=(self._settings, self._recalled),
            )

    def submit(self, task: Callable[[Asked], Answer], asked: Asked) -> "Future[Answer]":
        """Have a task done."""
        with _unheard(), secrets_kept_from_children():
            return self._pool.submit(unless_recalled, task, asked)

    def recall(self) -> None:
        """Begin nothing more: a pool does not take back what is on its way to a process."""
        self._recalled.value = True

    def lost(self, error: BaseException) -> bool:
        """Tell whether a process died: the pool then gives up all that it had in hand."""
        return isinstance(error, BrokenProcessPool)

    def lost_all(self, error: BaseException) -> bool:
        """Tell the same: no process is left."""
        return self.lost(error)

    def renew(self) -> None:
        """Hire other processes."""
        self.close(at_once=True)
        self._pool = self._hired()

    def close(self, *, at_once: bool = False) -> None:
        """Let the processes go."""
        leaving = Thread(target=self._pool.shutdown, kwargs={"cancel_futures": True})
        leaving.start()
        if not at_once:
            leaving.join(_LEAVE_SECONDS)
        # Whoever is still there hears no polite word: see `prepare_worker`.
        for process in active_children():
            process.kill()
        leaving.join()
