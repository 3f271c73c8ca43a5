"""What a campaign keeps of the rows of a school that were refused or are to be checked (R-66)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import PurePath

from educonnect_admin.domain.campaigns import RowNote
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.rosters.problems import ProblemCode
from educonnect_admin.rosters.rows import FileKind

MOST = 500
"""Notes of one school that are kept: a file that is wrong from end to end fills no memory."""
_AGAIN = {ProblemCode.REPEATED_PUPIL, ProblemCode.CONTRADICTORY_PUPIL}


def notes_of(plan: RosterPlan) -> Sequence[RowNote]:
    """Return where the rows of a plan are that were refused or are to be checked."""
    ordered = sorted(plan.problems, key=lambda one: (not one.problem.refuses, one.file))
    return [
        RowNote(
            file=PurePath(plan.files[placed.file].name).name,
            line=placed.problem.line,
            column=placed.problem.column,
            code=placed.problem.code.value,
            is_refused=placed.problem.refuses,
        )
        for placed in islice(ordered, MOST)
    ]


def reasons_of(plan: RosterPlan) -> Mapping[str, int]:
    """Return how many rows were refused for each reason, the most frequent first."""
    refused = {
        (placed.file, placed.problem.line, placed.problem.code.value)
        for placed in plan.problems
        if placed.problem.refuses
    }
    return dict(Counter(code for _, _, code in sorted(refused)).most_common())


def is_doubled(plan: RosterPlan) -> bool:
    """Tell whether several files of pupils name the same ones: two extractions, most likely."""
    pupils = [file for file in plan.files if file.kind is not FileKind.GUARDIANS]
    return len(pupils) > 1 and any(one.problem.code in _AGAIN for one in plan.problems)
