"""What a command costs before it does anything: `python -m benchmarks.starting`.

Bare Python, a program of Typer with one argument, our help, our shortest reading command on an
empty office: in turn, so that a busy machine strikes all of them alike.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.measuring import environment, machine, spread
from benchmarks.reporting import arguments, publish, tell

_TYPER = "import typer; app = typer.Typer(); app.command()(lambda name='x': None); app(['--help'])"
_PRODUCT = ("-m", "educonnect_admin")
PROGRAMS = {
    "bare Python": ("-c", "pass"),
    "Typer, help of one command": ("-c", _TYPER),
    "`educonnect-admin --help`": (*_PRODUCT, "--help"),
    "`educonnect-admin letters issue --help`": (*_PRODUCT, "letters", "issue", "--help"),
    "`educonnect-admin audit activations`, nobody yet": (*_PRODUCT, "audit", "activations"),
}


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = arguments("starting", __doc__)
    parser.add_argument("--runs", type=int, default=15, help="of each, in turn (15)")
    publish(parser.parse_args(), _report)


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield f"## {wanted.date}: starting a command\n"
    yield from (f"- {fact}" for fact in machine(folder))
    settings = {
        "EDUCONNECT_DATABASE_URL": str(folder / "office.sqlite"),
        "EDUCONNECT_SECRET_KEY_FILE": str(folder / "office.key"),
    }
    _run((*_PRODUCT, "init"), settings)
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in PROGRAMS}
    for at in range(wanted.runs):
        tell(f"run {at + 1} of {wanted.runs}")
        for name, program in PROGRAMS.items():
            costs[name].append(_run(program, settings))
    yield "\n| program | CPU ms | over bare Python | peak MB |"
    yield "|---|--:|--:|--:|"
    bare = median(cpu for cpu, _ in costs["bare Python"])
    for name, runs in costs.items():
        milliseconds = [1e3 * cpu for cpu, _ in runs]
        over = median(milliseconds) - 1e3 * bare
        peak = median(megabytes for _, megabytes in runs)
        yield f"| {name} | {spread(milliseconds, 0)} | {over:.0f} | {peak:.0f} |"


def _run(program: tuple[str, ...], settings: dict[str, str]) -> tuple[float, float]:
    """Run a program; return its seconds of CPU and its peak in megabytes.

    Raises:
        RuntimeError: it failed.
    """
    with subprocess.Popen(
        [sys.executable, *program],
        env={**environment(), **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{program}: exit {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
