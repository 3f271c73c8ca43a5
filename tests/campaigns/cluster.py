"""A Dask cluster of separate processes, and whoever starts again those that died."""

import random  # noqa: TID251 - whom to strike; nothing secret comes of it
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.night import wait_until

_LOOK_SECONDS = 0.1


class Cluster:
    """A scheduler and workers of one thread each, supervised as systemd would."""

    def __init__(
        self, scheduler: Mapping[str, str], worker: Mapping[str, str], folder: Path, workers: int
    ) -> None:
        folder.mkdir(exist_ok=True)
        self._environ = {"scheduler": scheduler, "worker": worker}
        self._folder = folder
        self._port = _free_port()
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._scheduler = self._started("scheduler")
        self._workers = [self._started("worker") for _ in range(workers)]
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        self.supervised = True
        self._supervisor.start()

    def _started(self, what: str) -> subprocess.Popen[bytes]:
        common = ["--no-dashboard"]
        options = {
            "scheduler": ["--host", "127.0.0.1", "--port", str(self._port), *common],
            "worker": [self.address, "--nthreads", "1", "--no-nanny", "--death-timeout", "20",
                       "--local-directory", str(self._folder), *common],
        }[what]  # fmt: skip
        with (self._folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + what, *options],
                env=dict(self._environ[what]), stdout=log, stderr=log, cwd=self._folder,
            )  # fmt: skip

    def _supervise(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            with self._lock:
                if not self.supervised:
                    continue
                if self._scheduler.poll() is not None:
                    self._scheduler = self._started("scheduler")
                for place, worker in enumerate(self._workers):
                    if worker.poll() is not None:
                        self._workers[place] = self._started("worker")

    def kill_scheduler(self) -> bool:
        """End the scheduler without a word; False if it was away already."""
        with self._lock:
            was_there = self._scheduler.poll() is None
            self._scheduler.kill()
            return was_there

    def kill_worker(self, chance: random.Random) -> bool:
        """End one worker without a word; False if it was away already."""
        with self._lock:
            worker = chance.choice(self._workers)
            was_there = worker.poll() is None
            worker.kill()
            return was_there

    def lose_for_good(self) -> None:
        """End the scheduler, and nobody starts it again."""
        self.supervised = False
        self.kill_scheduler()

    def wait_until_ready(self) -> None:
        """Wait until every worker has come to the scheduler."""
        from distributed import Client

        def is_ready() -> bool:
            with Client(self.address, timeout=30, set_as_default=False) as client:
                return len(client.nthreads()) == len(self._workers)

        wait_until(is_ready, 60)

    def close(self) -> None:
        """End everybody."""
        self._over.set()
        self._supervisor.join()
        for process in (self._scheduler, *self._workers):
            process.send_signal(signal.SIGKILL)
            process.wait()


@contextmanager
def cluster(
    environ: Mapping[str, str],
    folder: Path,
    workers: int = 2,
    *,
    scheduler: Mapping[str, str] | None = None,
    worker: Mapping[str, str] | None = None,
) -> Iterator[Cluster]:
    """Run a cluster beside the test; scheduler and workers may have settings of their own."""
    running = Cluster(scheduler or environ, worker or environ, folder, workers)
    try:
        yield running
    finally:
        running.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
