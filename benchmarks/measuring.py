"""One job in a fresh process: its CPU, its threads', its peak memory, the wall.

Nothing heavy may be imported here: on Linux a child's peak begins with what its parent held
when it was started.
"""

import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.jobs import Order

_ROOT = Path(__file__).parent.parent
_KIB_A_MB = 1024
_COMPARED = ("reportlab", "fpdf2", "argon2-cffi", "SQLAlchemy", "Jinja2")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost: seconds of CPU (user and system), seconds, megabytes."""

    cpu: float
    wall: float
    peak: float


def measure(job: str, order: Order) -> Cost:
    """Run a job in a process of its own.

    Raises:
        RuntimeError: it failed, or did not make as many letters as asked.
    """
    command = [sys.executable, "-m", "benchmarks.jobs", job, json.dumps(asdict(order))]
    start = perf_counter()
    process = subprocess.Popen(
        command, cwd=_ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        answer = process.stdout.read().strip()
    _, status, used = os.wait4(process.pid, 0)
    wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or answer != str(order.letters):
        raise RuntimeError(f"{job}: exit {process.returncode}, {answer} of {order.letters}")
    return Cost(used.ru_utime + used.ru_stime, wall, _megabytes(used.ru_maxrss))


def environment() -> dict[str, str]:
    """Return an environment without the settings of whoever measures."""
    kept = {name: value for name, value in os.environ.items() if "EDUCONNECT_" not in name}
    return kept | {"PYTHONHASHSEED": "0", "EDUCONNECT_OPERATOR": "bench"}


def _megabytes(peak: int) -> float:
    # macOS counts bytes where Linux counts kibibytes.
    return peak / _KIB_A_MB / (_KIB_A_MB if sys.platform == "darwin" else 1)


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Return a median and, if there are several values, the least and the greatest."""
    middle = f"{median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def cores() -> int:
    """Return how many cores this process may use, as the edge counts them.

    The edge itself would bring its start-up into what hashing alone costs.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine(folder: Path) -> list[str]:
    """Return what a reader must know of the machine; neither its name nor any path."""
    versions = ", ".join(f"{name} {version(name)}" for name in _COMPARED)
    own = _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return [
        f"CPU: {_cpu()}, {cores()} cores; {platform.system()}"
        f" {platform.machine()}; files on {_file_system(folder)}",
        f"Python {platform.python_version()}, {versions}",
        f"the measuring process itself never held more than {own:.0f} MB, the floor of every peak",
    ]


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "unknown")


def _file_system(folder: Path) -> str:
    """Return the kind of the file system: on a disk in memory, fsync would cost nothing."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return "unknown"
    above = [(len(mount[1]), mount[2]) for mount in mounts if folder.is_relative_to(mount[1])]
    return max(above)[1] if above else "unknown"
