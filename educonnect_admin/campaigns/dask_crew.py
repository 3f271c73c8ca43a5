"""The workers of a Dask cluster as a crew: several machines, one scheduler."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from educonnect_admin.campaigns.workplace import Answer, Asked
from educonnect_admin.domain.campaign_errors import ClusterUnavailable, DaskMissing

if TYPE_CHECKING:
    from distributed import Client

_ANSWER_SECONDS = 10
_WORKER_SECONDS = 30
_PROGRAM = "educonnect_admin.campaigns.orders"


class DaskCrew:
    """The workers of a Dask cluster, by the address of its scheduler."""

    def __init__(self, address: str) -> None:
        """Connect.

        Raises:
            DaskMissing: the package is not installed.
            ClusterUnavailable: nobody answers, or no worker is there.
        """
        self._address = address
        self._client: Client | None = None
        self._executor: Executor | None = None
        self.renew()

    @property
    def size(self) -> int:
        """How many threads the workers have that are there now: they come and go."""
        with suppress(OSError, ValueError):
            return max(1, sum(self._client.nthreads().values())) if self._client else 1
        return 1

    def submit(self, task: Callable[[Asked], Answer], asked: Asked) -> "Future[Answer]":
        """Have a task done; whatever was done before, it is done again."""
        if self._executor is None:
            raise ClusterUnavailable(self._address, "lost")
        try:
            return self._executor.submit(task, asked)
        except (OSError, RuntimeError, CancelledError) as error:
            raise ClusterUnavailable(self._address, "lost") from error

    def recall(self) -> None:
        """Take nothing back: nobody knows what of it a worker has begun by now."""

    def lost(self, error: BaseException) -> bool:
        """Tell whether workers died of a task, or the scheduler is gone with all it knew."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        return isinstance(
            error, KilledWorker | FutureCancelledError | CancelledError | OSError | TimeoutError
        )

    def lost_all(self, error: BaseException) -> bool:
        """Tell the end of a scheduler from that of workers, which it gives to others."""
        from distributed import KilledWorker

        return self.lost(error) and not isinstance(error, KilledWorker)

    def renew(self) -> None:
        """Connect again: a scheduler that was restarted knows nobody any more."""
        self.close(at_once=True)
        self._client = self._connected()
        self._executor = self._client.get_executor(pure=False)

    def _connected(self) -> "Client":
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise DaskMissing from error
        _keep_quiet()
        try:
            client = Client(self._address, timeout=_ANSWER_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterUnavailable(self._address, "no_answer") from error
        try:
            client.wait_for_workers(1, timeout=_WORKER_SECONDS)
        except (OSError, TimeoutError) as error:
            client.close(timeout=1)
            raise ClusterUnavailable(self._address, "no_worker") from error
        self._refuse_strangers(client)
        return client

    def _refuse_strangers(self, client: "Client") -> None:
        """Look whether the program is there: a worker without it dies of the first task."""
        try:
            client.run_on_scheduler(import_module, _PROGRAM)
            answers = client.run(import_module, _PROGRAM, on_error="return")
            lacks = any(isinstance(answer, ImportError) for answer in answers.values())
        except ImportError:
            lacks = True
        except (OSError, TimeoutError, CancelledError) as error:
            client.close(timeout=1)
            raise ClusterUnavailable(self._address, "lost") from error
        if lacks:
            client.close(timeout=1)
            raise ClusterUnavailable(self._address, "no_program")

    def close(self, *, at_once: bool = False) -> None:
        """Leave the cluster; what it had in hand for us is forgotten."""
        if self._client is not None:
            with suppress(OSError, TimeoutError, RuntimeError):
                self._client.close(timeout=1 if at_once else _ANSWER_SECONDS)
            self._client = self._executor = None


def _keep_quiet() -> None:
    """Let the libraries of the cluster print nothing: we say what matters, without traceback.

    Each of their logs has a level of its own, which that of the first name does not change.
    """
    theirs = ("distributed", "tornado", "asyncio")
    known = [name for name in logging.root.manager.loggerDict if name.startswith(theirs)]
    for name in (*theirs, *known):
        logging.getLogger(name).setLevel(logging.CRITICAL)
