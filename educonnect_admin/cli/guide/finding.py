"""Finding on a computer the files that may be exports: newest first, and never for long."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from educonnect_admin.cli.guide.places import Place

ENDINGS = frozenset({".csv", ".xlsx", ".ods", ".xls", ".xml", ".zip"})
MOST_ENTRIES = 20_000
"""How many names are looked at in one place."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be an export: when it was last written (seconds), how many bytes."""

    path: Path
    written: float
    size: int


def files_in(places: Iterable[Place]) -> list[Found]:
    """Return the files that may be exports, by their ending; each once, the newest first."""
    found: dict[Path, Found] = {}
    for place in places:
        for number, entry in enumerate(_entries(place)):
            if number >= MOST_ENTRIES:
                break
            one = _found(entry)
            if one is not None:
                found.setdefault(one.path.resolve(), one)
    return sorted(found.values(), key=lambda one: (-one.written, str(one.path)))


def _entries(place: Place) -> Iterator[os.DirEntry[str]]:
    """Yield what a place holds, level by level."""
    level = [place.path]
    for _ in range(place.depth + 1):
        deeper: list[Path] = []
        for folder in level:
            for entry in _listed(folder):
                yield entry
                if _is_folder(entry):
                    deeper.append(Path(entry.path))
        level = deeper


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(
                (entry for entry in entries if not entry.name.startswith((".", "~$"))),
                key=lambda entry: entry.name,
            )
    except OSError:
        return []  # a folder that this person may not read holds nothing of theirs


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _found(entry: os.DirEntry[str]) -> Found | None:
    if Path(entry.name).suffix.lower() not in ENDINGS:
        return None
    try:
        if not entry.is_file():
            return None
        facts = entry.stat()
    except OSError:
        return None
    return Found(Path(entry.path), facts.st_mtime, facts.st_size)
