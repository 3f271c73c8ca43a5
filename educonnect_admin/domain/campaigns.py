"""A campaign: one command for every school of an academy, in one night."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

_BATCH = re.compile(r"lot-(\d+)-")


class CampaignKind(StrEnum):
    """What a campaign does in each school."""

    LETTERS = "letters"
    IMPORT = "import"


class SchoolState(StrEnum):
    """How a school came out of a campaign."""

    DONE = "done"
    REMARKS = "remarks"
    """Done, and somebody should look: a letter that does not fit its page, refused rows."""
    FAILED = "failed"
    """Nothing of it was done, or not all: `trouble` says why. Another run tries again."""
    LEFT = "left"
    """The campaign stopped before it came to this school."""


class Figure(StrEnum):
    """What is counted in each school; a campaign of one kind counts some of them."""

    LETTERS = "letters"
    ACCOUNTS = "accounts"
    UNPRINTABLE = "unprintable"
    TO_REISSUE = "to_reissue"
    WAITING = "waiting"
    """Files that wait for a name which another file bears, or for a disk that answers."""

    OPEN_FOLDER = "open_folder"
    """The folder is open to others, and its rights could not be changed."""

    ROWS = "rows"
    UNCHANGED = "unchanged"
    """Its files are those that were imported last: they were not read again."""
    PUPILS_NEW = "pupils_new"
    PUPILS_CHANGED = "pupils_changed"
    PUPILS_DEPARTED = "pupils_departed"
    GUARDIANS_NEW = "guardians_new"
    GUARDIANS_CHANGED = "guardians_changed"
    GUARDIANS_DEPARTED = "guardians_departed"
    REFUSED = "refused"
    KEPT = "kept"
    """Corrections of the desk that the files still contradict (R-61)."""
    NO_PUPILS_FILE = "no_pupils_file"
    """Guardians came in, and no file of pupils beside them."""
    AMBIGUOUS = "ambiguous"
    ROW_REMARKS = "row_remarks"


FIGURES: Mapping[CampaignKind, tuple[Figure, ...]] = {
    CampaignKind.LETTERS: (
        Figure.LETTERS, Figure.ACCOUNTS, Figure.UNPRINTABLE, Figure.TO_REISSUE, Figure.WAITING,
        Figure.OPEN_FOLDER,
    ),
    CampaignKind.IMPORT: (
        Figure.ROWS, Figure.UNCHANGED,
        Figure.PUPILS_NEW, Figure.PUPILS_CHANGED, Figure.PUPILS_DEPARTED,
        Figure.GUARDIANS_NEW, Figure.GUARDIANS_CHANGED, Figure.GUARDIANS_DEPARTED,
        Figure.REFUSED, Figure.KEPT, Figure.NO_PUPILS_FILE, Figure.AMBIGUOUS, Figure.ROW_REMARKS,
    ),
}  # fmt: skip


class FileKind(StrEnum):
    """What a file of a school is."""

    LETTERS = "letters"
    SLIP = "slip"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMade:
    """A file that stands in a school's folder: its name there, and the SHA-256 of its bytes.

    `size` is their number, None where nobody has measured it; `is_new` says that this run
    published it.
    """

    name: str
    kind: FileKind
    class_label: str | None
    letters: int
    sha256: str
    last_day: date | None = None
    size: int | None = None
    is_new: bool = False

    @property
    def batch(self) -> int | None:
        """The number of the batch, which the name of every file of letters begins with."""
        found = _BATCH.match(self.name)
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNote:
    """A row of a file of an import that was refused, or taken with something to check.

    It says where and what of kind, never what stood there (R-66).

    Attributes:
        file, line, column: where; the column may be empty.
        code: of the problem.
        is_refused: the row did not go in.
        words: what it is, in French; empty below the edge.
    """

    file: str
    line: int
    column: str
    code: str
    is_refused: bool
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolLine:
    """One school in the report of a campaign.

    Attributes:
        uai, name, city: which one.
        state: how it came out.
        figures: what was counted; a figure that is missing is none.
        folder: where its files are, from the folder of the campaign; empty without files.
        files: all that stands there, of this run and of the runs before.
        trouble: why it failed, or what somebody should look at: sentences, in French.
        command: what settles it in this school, as typed; empty where no one command does.
        notes: the first rows of its files that were refused or are to be checked.
        seconds: how long this run worked at it; 0 where there was nothing left to do.
    """

    uai: str
    name: str
    city: str | None
    state: SchoolState
    figures: Mapping[Figure, int] = field(default_factory=dict)
    folder: str = ""
    files: Sequence[FileMade] = ()
    trouble: Sequence[str] = ()
    command: str = ""
    notes: Sequence[RowNote] = ()
    seconds: float = 0.0

    def figure(self, which: Figure) -> int:
        """Return one of the figures."""
        return self.figures.get(which, 0)

    @property
    def standing(self) -> int:
        """How many letters stand there, of this run and of the runs before."""
        return sum(file.letters for file in self.files if file.kind is FileKind.LETTERS)

    @property
    def last_day(self) -> date | None:
        """The first of the last days of the letters that stand there (R-11)."""
        days = [file.last_day for file in self.files if file.last_day]
        return min(days, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What was given for a campaign and is no school's: a file, a line of a list.

    Attributes:
        where: the path of the file from the folder that was given, or the line.
        why: in French.
    """

    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentSchool:
    """A school of the office for which nothing was given."""

    uai: str
    name: str
    city: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignReport:
    """What is told in the morning.

    Attributes:
        kind: what was done.
        academy: the code of the academy, if one was named.
        operator: who asked.
        began_at, ended_at: of this run, aware.
        schools: one line each, in the order of their numbers.
        stopped: why the campaign stopped before its end, in French; empty if it did not.
        source: what the schools were taken from, in French; empty for an academy.
        left_out: what was given and is no school's.
        silent: the schools of the office for which no file was given to an import.
        time_zone: the zone of the moments as people read them.
    """

    kind: CampaignKind
    academy: str | None
    operator: str
    began_at: datetime
    ended_at: datetime
    schools: Sequence[SchoolLine]
    stopped: str = ""
    source: str = ""
    left_out: Sequence[LeftOut] = ()
    silent: Sequence[SilentSchool] = ()
    time_zone: str = "Europe/Paris"

    @property
    def by_state(self) -> Mapping[SchoolState, int]:
        """How many schools came out in each way; every way is there."""
        found = Counter(school.state for school in self.schools)
        return {state: found[state] for state in SchoolState}

    def total(self, which: Figure) -> int:
        """Return a figure of all schools together."""
        return sum(school.figure(which) for school in self.schools)
