"""What every measurement's command shares: its arguments, its report and where that goes.

Apart from `measuring`, whose imports are part of what some jobs cost.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"

Report = Callable[[argparse.Namespace, Path], Iterator[str]]
"""Measures in a folder and gives the lines of its report, the heading first."""


def arguments(name: str, description: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows what all measurements understand."""
    parser = argparse.ArgumentParser(prog=f"benchmarks.{name}", description=description)
    add = parser.add_argument
    add("--folder", type=Path, help="where to work; fsync is real, so on a real disk")
    add("--date", default=time.strftime("%Y-%m-%d"), help="the day the report bears (today)")
    add("--write", action="store_true", help="append the report to benchmarks/RESULTS.md")
    return parser


def publish(wanted: argparse.Namespace, report: Report) -> None:
    """Measure in a folder that is thrown away, print, and write if asked to."""
    with tempfile.TemporaryDirectory(dir=wanted.folder) as name:
        Path(name).chmod(0o711)  # the user of a database server must come by
        text = "\n".join(_told(report(wanted, Path(name))))
    if wanted.write:
        before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Measurements\n"
        RESULTS.write_text(f"{before}\n{text}\n", encoding="utf-8")


def _told(lines: Iterator[str]) -> Iterator[str]:
    """Print each line as soon as it is known: what takes hours may be cut short."""
    for line in lines:
        print(line, flush=True)
        yield line


def tell(text: str) -> None:
    """Say what is being done, to whoever waits."""
    print(text, file=sys.stderr, flush=True)
