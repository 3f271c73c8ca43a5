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
MOST_BYTES = 30_000_000
"""How many bytes are read of all files together: what reading takes a few seconds for."""
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
        """Whom it lists."""
        return frozenset(reading.kind for reading in self.readings)

    @property
    def school(self) -> str | None:
        """The number of the school that it says to be of, if it says so."""
        return next((reading.school.upper() for reading in self.readings if reading.school), None)

    def is_old(self, today: date) -> bool:
        """Tell whether the school may have changed since."""
        return (today - self.saved_on).days > OLD


@dataclass(frozen=True, slots=True)
class Search:
    """What a computer holds: rosters, files that nearly are, how many others."""

    candidates: tuple[Candidate, ...] = ()
    almost: tuple[UnreadableFile, ...] = ()
    others: int = 0
    unopened: int = 0


def read_candidate(path: Path, today: date) -> Candidate:
    """Read a file that somebody chose.

    Raises:
        UnreadableFile: it can't be read as a roster.
    """
    readings = tuple(read_parts(path, today=today))
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Candidate(path, day_in("Europe/Paris", written), readings)


def read_found(found: Sequence[Found], today: date) -> Search:
    """Read the newest of the files that were found, and keep the rosters; each content once."""
    candidates: dict[str, Candidate] = {}
    almost: list[UnreadableFile] = []
    opened = list(_affordable(found))
    others = 0
    for one in opened:
        try:
            candidate = read_candidate(one.path, today)
        except UnreadableFile as why:
            others += 1
            if why.reason in _ALMOST:
                almost.append(why)
        except Exception:  # nobody asked to read this file
            others += 1
        else:
            candidates.setdefault(candidate.readings[0].sha256, candidate)
    return Search(tuple(candidates.values()), tuple(almost), others, len(found) - len(opened))


def _affordable(found: Sequence[Found]) -> Iterable[Found]:
    left = MOST_BYTES
    for one in found[:MOST_READ]:
        if one.size <= left:
            left -= one.size
            yield one
