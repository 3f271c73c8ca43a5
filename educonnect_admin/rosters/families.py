"""Rows of pupils with their guardians beside: one pupil a row, and whoever stands next to it.

The row is the pupil's: refused or left out with it, guardians and all. A guardian who can't
be read stops neither: a remark, and nothing known of the family is undone (R-60).
"""

from collections.abc import Iterator
from dataclasses import replace

from educonnect_admin.rosters.cells import parse_civility
from educonnect_admin.rosters.guardians import guardian_of
from educonnect_admin.rosters.layouts import GuardianBlock
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.pupils import PupilReader
from educonnect_admin.rosters.row_reader import Refused, RowReader
from educonnect_admin.rosters.rows import ChildMention, GuardianRow, PupilRow
from educonnect_admin.rosters.vocabulary import kinship_code

_TELLING = ("family_name", "given_name", "full_name", "email", "mobile")
_NAMES = ("full_name", "family_name", "given_name")


class FamilyReader:
    """Reads the rows of one file in order."""

    def __init__(self, pupils: PupilReader) -> None:
        self.pupils = pupils
        self.guardians: list[GuardianRow] = []
        self.refused_children: list[ChildMention] = []
        self.problems = self.pupils.problems

    def read(self, row: RowReader) -> None:
        """Take one row: a pupil and guardians, or the problems that say why not."""
        refused = len(self.pupils.refused)
        pupil = self.pupils.read(row)
        if pupil is None:
            self.refused_children += self.pupils.refused[refused:]
            return
        for block in row.layout.guardians:
            beside = RowReader(block.layout, row.cells(), row.line)
            if any(map(beside.text, _TELLING)):
                self._take(beside, block, pupil)
            self.problems += _remarks(beside)

    def _take(self, row: RowReader, block: GuardianBlock, pupil: PupilRow) -> None:
        kinship = kinship_code(row.text("kinship")) or block.kinship
        child = replace(_mention(pupil), kinship=kinship, legal=block.legal)
        civility = parse_civility(row.text("civility")) or block.civility
        try:
            self.guardians.append(guardian_of(row, (child,), civility))
        except Refused:
            self.refused_children.append(child)


def _mention(pupil: PupilRow) -> ChildMention:
    return ChildMention(
        family_name=pupil.family_name,
        usage_name=pupil.usage_name,
        given_name=pupil.given_name,
        class_label=pupil.class_label,
        birth_date=pupil.birth_date,
        source_id=pupil.source_id,
    )


def _remarks(row: RowReader) -> Iterator[Problem]:
    """Yield what is wrong with a guardian, of which nothing refuses the row of the pupil."""
    for problem in row.problems:
        if not problem.refuses:
            yield problem
            continue
        shown = next((name for name in _NAMES if row.text(name)), _NAMES[-1])
        column = row.layout.columns.get(shown)
        yield Problem(
            code=ProblemCode.GUARDIAN_UNREADABLE,
            line=problem.line,
            column=problem.column if column is None else row.layout.headings[column],
            value=problem.value or row.text(shown),
        )
