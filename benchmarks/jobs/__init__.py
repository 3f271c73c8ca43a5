"""What is measured: one job, one fresh process.

A job takes its order, does its work on the spot, and returns how many letters it made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one process is to do.

    Attributes:
        letters: how many.
        per_file: letters a file, for our own rendering.
        codes: whether QR codes are drawn.
        careful: whether the lines of a text are wrapped once, for fpdf2.
        hashing: as in the settings.
        database: the office to work in, for jobs that need one.
        key: its key file; by default beside an SQLite file.
        school_size: letters a school, to fill an office.
        output: where files go.
    """

    letters: int
    per_file: int = 25
    codes: bool = True
    careful: bool = False
    hashing: str = "cheap-for-tests"
    database: str = ""
    key: str = ""
    school_size: int = 400
    output: str = ""

    @property
    def folder(self) -> Path:
        """Return where files go."""
        return Path(self.output)


def job(name: str) -> Callable[[Order], int]:
    """Return a job; only what it needs is imported, for start-up is counted."""
    run: Callable[[Order], int] = import_module(f"benchmarks.jobs.{name}").run
    return run
