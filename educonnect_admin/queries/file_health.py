"""What an SQLite file says of itself, and the file system of it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from educonnect_admin.domain.findings import Finding, FindingCode

_LEAST_SPACE = 100 * 1024 * 1024
_OTHERS = 0o077
_ENDS = ("", "-wal", "-shm")
"""A file that is put back is opened under its provisional name: SQLite has two more beside it."""
_HAS_MODES = os.name == "posix"
"""Elsewhere every file says that all may read it."""


def file_findings(session: Session, path: Path) -> Iterator[Finding]:
    """Say what is wrong with an SQLite file.

    Args:
        session: An open session on it.
        path: Where it is.
    """
    if session.scalar(text("PRAGMA integrity_check(1)")) != "ok":
        yield Finding(FindingCode.DAMAGED)
    orphans = session.execute(text("PRAGMA foreign_key_check")).all()
    if orphans:
        yield Finding(FindingCode.ORPHANS, len(orphans), tuple(sorted({row[0] for row in orphans})))
    if session.scalar(text("PRAGMA journal_mode")) != "wal":
        yield Finding(FindingCode.NOT_WAL)
    yield from open_to_others(path, path.parent)
    free = shutil.disk_usage(path.parent).free
    if free < max(_LEAST_SPACE, path.stat().st_size):
        yield Finding(FindingCode.LITTLE_SPACE, free // (1024 * 1024))


def open_to_others(*paths: Path) -> Iterator[Finding]:
    """Name the files and folders that others than their owner may open, where that is known."""
    names = tuple(str(path) for path in paths if is_open_to_others(path))
    if names:
        yield Finding(FindingCode.OPEN_TO_OTHERS, len(names), names)


def left_behind(*paths: Path) -> Iterator[Finding]:
    """Name what a killed restore or change of key left beside a database and its key file."""
    parts = (path.with_name(f"{path.name}.part{end}") for path in paths for end in _ENDS)
    if names := tuple(str(part) for part in parts if part.exists()):
        yield Finding(FindingCode.LEFT_BEHIND, len(names), names)


def is_open_to_others(path: Path) -> bool:
    """Tell whether its mode lets others than its owner open something; not where it is not seen."""
    try:
        return _HAS_MODES and bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False
