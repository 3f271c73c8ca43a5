"""A Dask cluster on this machine: a scheduler and workers, each a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import environment
from benchmarks.night.watching import Server

_PATIENCE, _FAREWELL = 60.0, 5.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the scheduler answers, and what the processes have taken so far."""

    address: str
    processes: Server


@contextmanager
def cluster(folder: Path, workers: int, settings: dict[str, str]) -> Iterator[Cluster]:
    """Give a cluster of so many workers of one thread each, gone in the end.

    Args:
        folder: Where the scheduler tells its address and the workers keep what they spill.
        workers: How many.
        settings: Those of the office, as on any machine of a cluster.
    """
    told = folder / f"scheduler-{workers}.json"
    told.unlink(missing_ok=True)
    at = ("--host", "127.0.0.1")
    parts = [_start(folder, settings, "scheduler", "--port", "0", "--no-dashboard", *at,
                    "--scheduler-file", str(told))]  # fmt: skip
    try:
        _wait(told)
        parts += [
            _start(folder, settings, "worker", "--nthreads", "1", "--no-dashboard", "--no-nanny",
                   "--scheduler-file", str(told), *at)
            for _ in range(workers)
        ]  # fmt: skip
        yield Cluster(_address(told), Server(*(part.pid for part in parts)))
    finally:
        for part in reversed(parts):
            _end(part)


def _start(
    folder: Path, settings: dict[str, str], part: str, *options: str
) -> "subprocess.Popen[bytes]":
    # Where the code lies: the workers stand in another folder.
    path = f"{Path(__file__).parent.parent.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    with (folder / f"{part}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{part}", *options],
            cwd=folder, env=environment() | settings | {"PYTHONPATH": path},
            stdout=log, stderr=log,
        )  # fmt: skip


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_FAREWELL)
    except subprocess.TimeoutExpired:
        process.kill()  # a worker that is told to go while it says good-bye was seen to stay
        process.wait()


def _wait(path: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while not path.exists() or not path.stat().st_size:
        if time.monotonic() > end:
            raise RuntimeError("the scheduler did not start")
        time.sleep(0.1)


def _address(told: Path) -> str:
    return str(json.loads(told.read_text(encoding="utf-8"))["address"])
