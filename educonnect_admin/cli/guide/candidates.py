"""Reading the files that were found, and keeping those that list pupils or guardians."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from educonnect_admin.cli.guide.finding import Found
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.read import read_parts
from educonnect_admin.rosters.rows import FileKind, Reading

MOST_READ = 30
"""How many files are opened, the newest ones."""
MOST_BYTES = 10_000_000
"""How many bytes are read of all files together: some seconds of work at most."""
OLD = 30
"""After how many days an export no longer says how the school is today."""
_ALMOST = {
    UnreadableReason.TEACHERS_FILE,
    UnreadableReason.HEADINGS_ONLY,
    UnreadableReason.MISSING_HEADING,
    UnreadableReason.REPEATED_HEADING,
    UnreadableReason.UNCLOSED_QUOTE,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that lists pupils, guardians or both; the day it was saved on this computer."""

    path: Path
    saved_on: date
    readings: tuple[Reading, ...]

    @property
    def kinds(self) -> frozenset[FileKind]:
        """Whom it lists: families are pupils and guardians."""
        kinds = {reading.kind for reading in self.readings}
        both = {FileKind.PUPILS, FileKind.GUARDIANS} if FileKind.FAMILIES in kinds else set()
        return frozenset(kinds - {FileKind.FAMILIES} | both)

    @property
    def school(self) -> str | None:
        """The number of the school that it says to be of, if it says so."""
        return next((reading.school.upper() for reading in self.readings if reading.school), None)

    def is_old(self, today: date) -> bool:
        """Tell whether the school may have changed since."""
        return (today - self.saved_on).days > OLD


@dataclass(frozen=True, slots=True)
class Search:
    """What a computer holds: rosters, files that nearly are, what goes with them."""

    candidates: tuple[Candidate, ...] = ()
    almost: tuple[UnreadableFile, ...] = ()
    companions: tuple[Path, ...] = ()
    """Files of SIECLE that list nobody and are read beside those that do."""
    unopened: int = 0
    """How many files are too many or too large to be looked into."""


def _read(path: Path, today: date) -> Candidate:
    readings = tuple(read_parts(path, today=today))
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Candidate(path, day_in("Europe/Paris", written), readings)


def read_found(found: Sequence[Found], today: date) -> Search:
    """Read the newest of the files that were found, and keep the rosters; each content once."""
    candidates: dict[str, Candidate] = {}
    almost: list[UnreadableFile] = []
    companions: list[Path] = []
    opened = list(_affordable(found))
    for one in opened:
        try:
            candidate = _read(one.path, today)
        except UnreadableFile as why:
            if why.reason in _ALMOST:
                almost.append(why)
            elif why.reason is UnreadableReason.NOBODY_IN_SIECLE:
                companions.append(one.path)
        except Exception:  # noqa: S112 - nobody asked to read this file, it may be anything
            continue
        else:
            candidates.setdefault(candidate.readings[0].sha256, candidate)
    unopened = len(found) - len(opened)
    return Search(tuple(candidates.values()), tuple(almost), tuple(companions), unopened)


def _affordable(found: Sequence[Found]) -> Iterable[Found]:
    left = MOST_BYTES
    for one in found[:MOST_READ]:
        if one.size <= left:
            left -= one.size
            yield one
