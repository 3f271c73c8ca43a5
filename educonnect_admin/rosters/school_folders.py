"""Which files of a folder are which school's: a sub-folder for each, or a number in the name."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from educonnect_admin.domain.errors import InvalidUAI, UnreadableFile
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.rosters.problems import UnreadableReason

SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".xml", ".zip"})
"""What may be a roster; a note of the office or a picture beside it is left alone."""
# Of its own: not the middle of a longer number or word.
_UAI = re.compile(r"(?<![0-9A-Za-z])[0-9]{7}[A-Za-z](?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Found:
    """The files of each school, and what belongs to none.

    Attributes:
        files: by UAI, in the order of the numbers; the files of one school in that of names.
        stray: files without the number of a school, or with two, or with a wrong one.
        empty: schools whose own sub-folder holds nothing to import.
    """

    files: Mapping[str, Sequence[Path]]
    stray: Sequence[Path]
    empty: Sequence[str]


def files_by_school(folder: Path) -> Found:
    """Look for the files of every school in a folder, once, without opening any.

    A sub-folder whose name holds the number of a school holds that school's files, at any
    depth; a file that lies in the folder itself holds the number in its own name. Hidden
    files and those that a spreadsheet keeps while it is open are left alone.

    Raises:
        UnreadableFile: there is no such folder, or it can't be looked into.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise UnreadableFile(folder, _why(folder)) from error
    files: dict[str, list[Path]] = {}
    stray: list[Path] = []
    own: set[str] = set()
    for entry in filter(_is_ours, entries):
        members = list(_rosters_under(entry))
        uai = uai_in(entry.name)
        if uai is None:
            stray += members
            continue
        if entry.is_dir():
            own.add(uai)
        files.setdefault(uai, []).extend(members)
    found = {uai: sorted(files[uai]) for uai in sorted(files) if files[uai]}
    return Found(found, stray, sorted(own - found.keys()))


def uai_in(name: str) -> str | None:
    """Return the one school number that a name holds, in its canonical form, or nothing."""
    numbers = numbers_in(name)
    if len(numbers) != 1:
        return None
    try:
        return parse_uai(numbers[0])
    except InvalidUAI:
        return None


def numbers_in(name: str) -> list[str]:
    """Return what looks like the number of a school in a name, right or wrong, each once."""
    found = (number.upper() for number in _UAI.findall(name.replace("_", " ")))
    return list(dict.fromkeys(found))


def _rosters_under(entry: Path) -> Iterator[Path]:
    if not entry.is_dir():
        if entry.suffix.lower() in SUFFIXES:
            yield entry
        return
    # A folder that can't be looked into counts as a file: its school fails, rather than being
    # imported in part, the classes in there taken for departed.
    closed: list[Path] = []
    found = []
    for folder, folders, names in os.walk(entry, onerror=lambda e: closed.append(Path(e.filename))):
        folders[:] = filter(_is_shown, folders)
        paths = (Path(folder, name) for name in filter(_is_shown, names))
        found += [one for one in paths if one.is_file() and one.suffix.lower() in SUFFIXES]
    yield from sorted([*closed, *found])


def _is_ours(entry: Path) -> bool:
    return _is_shown(entry.name)


def _is_shown(name: str) -> bool:
    return not name.startswith((".", "~$"))


def _why(folder: Path) -> UnreadableReason:
    return UnreadableReason.NOT_FOUND if not folder.exists() else UnreadableReason.NOT_PERMITTED
