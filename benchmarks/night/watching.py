"""A command watched from outside: CPU of all its processes, the peak of each, the server's CPU."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from benchmarks.measuring import environment

_ROOT = Path(__file__).parent.parent.parent
_TICK = os.sysconf("SC_CLK_TCK")
_LOOKS = 0.1
_KIB_A_MB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a command cost.

    Attributes:
        said: its standard output.
        cpu: seconds of CPU of the process and of all that it started and waited for.
        server_cpu: those of the database server meanwhile.
        wall: seconds.
        parent_peak: megabytes of the process itself; looked at ten times a second.
        worker_peak: of the largest of the processes that it started; 0 without any.
    """

    said: str
    cpu: float
    server_cpu: float
    wall: float
    parent_peak: float
    worker_peak: float


class Server:
    """Processes that work for us and are not below us: a database server, workers of a cluster."""

    def __init__(self, *pids: int) -> None:
        """Name the processes; what they have started counts too."""
        self._pids = pids

    @classmethod
    def behind(cls, socket: str) -> "Server":
        """Return the PostgreSQL server behind a socket folder: its postmaster and all below."""
        return cls(int((Path(socket) / "data" / "postmaster.pid").read_text().split()[0]))

    def cpu(self) -> float:
        """Return the seconds of CPU taken so far, with those of processes that ended."""
        return sum(_cpu(pid) for own in self._pids for pid in (own, *_below(own)))


def watch(command: Sequence[str], server: Server, **settings: str) -> Watched:
    """Run a command to its end.

    Args:
        command: What is run by this Python: a module and its arguments.
        server: The server whose CPU is looked at before and after.
        settings: Variables of its environment.

    Raises:
        RuntimeError: it failed (a run with remarks has not).
    """
    before, start = server.cpu(), time.perf_counter()
    told = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed below
    process = subprocess.Popen(
        command, cwd=_ROOT, env=environment() | settings, stdout=subprocess.PIPE, stderr=told,
        text=True,
    )  # fmt: skip
    eye = _Eye(process.pid)
    assert process.stdout is not None
    with process.stdout:
        said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    eye.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    with told:
        if process.returncode not in {0, 4}:
            told.seek(0)
            raise RuntimeError(f"{command}: exit {process.returncode}, {told.read()}")
    return Watched(
        said=said,
        cpu=used.ru_utime + used.ru_stime,
        server_cpu=server.cpu() - before,
        wall=wall,
        parent_peak=eye.peaks.pop(process.pid, 0.0),
        worker_peak=max(eye.peaks.values(), default=0.0),
    )


class _Eye(threading.Thread):
    """Looks at the peaks of a process and of all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._end = pid, threading.Event()
        self.peaks: dict[int, float] = {}
        self.start()

    def run(self) -> None:
        while not self._end.wait(_LOOKS):
            for pid in (self._pid, *_below(self._pid)):
                self.peaks[pid] = max(self.peaks.get(pid, 0.0), _peak(pid))

    def close(self) -> None:
        """Stop looking."""
        self._end.set()
        self.join()


def _below(pid: int) -> Iterator[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield child
        yield from _below(child)


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # After the name: utime, stime, and those of the children that were waited for.
    return sum(map(int, fields[11:15])) / _TICK


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = next((line for line in lines if line.startswith("VmHWM")), "VmHWM: 0")
    return int(found.split()[1]) / _KIB_A_MB
