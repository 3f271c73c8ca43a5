"""What a roster file says, row by row, once read: people as facts, without a database.

Nothing here shows a name, a date or a contact in its `repr` (R-66): a row is known by its
line. An empty cell is `None`, and `None` never erases anything (R-60).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from educonnect_admin.domain.civility import Civility
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.tables import SkippedSheet

_REPEATED = (ProblemCode.REPEATED_GUARDIAN, ProblemCode.PUPIL_AGAIN, ProblemCode.GROUP_ROW)


class FileKind(StrEnum):
    """Whom a file lists."""

    PUPILS = "pupils"
    GUARDIANS = "guardians"
    FAMILIES = "families"
    """Pupils, each with the guardians beside."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PupilRow:
    """One pupil as one row of a file gives it.

    `source_id` is the number of the pupil in the school's software, by which its file of
    guardians may point here.
    """

    line: int
    family_name: str
    usage_name: str | None
    given_name: str
    birth_date: date
    ine: str | None
    level: str | None
    class_label: str | None
    source_id: str | None = None

    def __repr__(self) -> str:
        return f"PupilRow(line={self.line})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChildMention:
    """A child as the row of a guardian names it.

    ONDE gives no number to meet it by; SIECLE gives nothing but one, `source_id`, and says
    what the guardian is to the child: `kinship` (two digits), `legal`. Both are `None` in a
    file that does not tell.
    """

    family_name: str
    usage_name: str | None
    given_name: str
    class_label: str | None
    birth_date: date | None
    source_id: str | None = None
    legal: bool | None = None
    kinship: str | None = None

    def __repr__(self) -> str:
        return "ChildMention()"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GuardianRow:
    """One guardian as one row of a file gives it, with the children it names.

    `mobile` is E.164 (`+33612345678`), `street` holds one line of address per line.
    """

    line: int
    civility: Civility | None
    family_name: str
    usage_name: str | None
    given_name: str
    email: str | None
    mobile: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    children: tuple[ChildMention, ...]
    source_id: str | None = None

    def __repr__(self) -> str:
        return f"GuardianRow(line={self.line})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One file, read, or one part of it: who is in it, what is wrong with it.

    `rows` counts the rows of people met in the file. Each of them is in exactly one heap:
    `rows == taken + refused + left_out + repeated` holds for every file. Of families a row is
    its pupil's, and the guardians beside come on top: several of one row, or none. Blank rows
    are no rows of people; nor are the trailing lines that count or date an extraction, which
    `footer_lines` names so that nothing is dropped in silence.

    `part` names the sheet of a workbook or the member of an archive, where there are several.
    `school` is the number of the school that the file itself claims to be of. `is_partial`
    says that its rows were picked out: whoever is not in it has not left.
    """

    path: Path
    sha256: str
    format: str
    encoding: str
    kind: FileKind
    headings: Mapping[str, str]
    """Heading as it stands in the file → field it was recognised as ("" when unused)."""
    rows: int
    pupils: tuple[PupilRow, ...] = ()
    guardians: tuple[GuardianRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    footer_lines: tuple[int, ...] = ()
    refused_pupils: tuple[ChildMention, ...] = ()
    """Whom the refused rows of pupils were about, as far as they say: a name may be empty."""
    left_out_pupils: tuple[ChildMention, ...] = ()
    """The pupils of the rows left out."""
    refused_children: tuple[ChildMention, ...] = ()
    """The children that the refused rows of guardians name."""
    part: str = ""
    school: str | None = None
    is_partial: bool = False
    columns: Columns = NOTHING_SAID
    """What the school said of its columns, by which the file was read."""
    skipped: tuple[SkippedSheet, ...] = ()
    """The other sheets of the workbook, from which nobody is read; with its first part only."""
    along: tuple[str, ...] = ()
    """The files without people that were read for this one: structures, nomenclatures."""

    @property
    def label(self) -> str:
        """How the file, or the part of it, is told from others."""
        return f"{self.path} [{self.part}]" if self.part else str(self.path)

    @property
    def taken(self) -> int:
        """How many rows of people were taken."""
        of_guardians = 0 if self.kind is FileKind.FAMILIES else len(self.guardians)
        return len(self.pupils) + of_guardians

    @property
    def refused(self) -> int:
        """How many rows of people were refused."""
        return len({problem.line for problem in self.problems if problem.refuses})

    @property
    def left_out(self) -> int:
        """How many rows are of pupils who are not in the school (struck off, waiting …)."""
        return self._count(ProblemCode.LEFT_OUT)

    @property
    def repeated(self) -> int:
        """How many rows give nobody more.

        A guardian said word for word before, a pupil met before with other guardians, a group
        beside a class.
        """
        return sum(map(self._count, _REPEATED))

    def _count(self, code: ProblemCode) -> int:
        return sum(problem.code is code for problem in self.problems)
