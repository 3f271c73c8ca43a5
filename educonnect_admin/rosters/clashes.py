"""Rows that went in, and that a refused row clashes with.

Alone and uncorrected, the refused one would win by coming last; beside the other, it is
refused again.
"""

from collections.abc import Iterator, Mapping, Sequence

from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import PupilRow, Reading

Place = tuple[int, int]
"""The number of a reading, from 0, and a line of it."""

SUSPECTS: Mapping[ProblemCode, tuple[str, ...]] = {
    ProblemCode.REPEATED_PUPIL: ("family_name", "given_name", "birth_date"),
    ProblemCode.CONTRADICTORY_PUPIL: (
        "family_name", "given_name", "birth_date", "ine", "class_label",
    ),
    ProblemCode.INE_OF_ANOTHER: ("ine",),
    ProblemCode.AMBIGUOUS_PUPIL: ("ine", "class_label"),
}  # fmt: skip
"""Refusals because of another pupil, and the fields of which one is at fault."""


def rows_in_the_way(
    readings: Sequence[Reading], refused: Mapping[Place, Sequence[Problem]]
) -> set[Place]:
    """Return the rows of pupils that refused ones clash with, or are too like.

    Args:
        readings: The files, read.
        refused: The refused rows, with what is wrong with each.
    """
    clashing = {
        place: problems
        for place, problems in refused.items()
        if any(problem.code in SUSPECTS for problem in problems)
    }
    found = {
        (file, problem.other_line)
        for (file, _), problems in clashing.items()
        for problem in problems
        if problem.other_line is not None
    }
    # Those that a reader refused name their line; the others were read, and are compared.
    rows = {
        (file, row.line): row
        for file, reading in enumerate(readings)
        for row in (reading.pupils if clashing else ())
    }
    wanted = {mark for place in clashing if place in rows for mark in _marks(rows[place])}
    if wanted:
        found |= {place for place, row in rows.items() if not wanted.isdisjoint(_marks(row))}
    return found


def _marks(row: PupilRow) -> Iterator[tuple[object, ...]]:
    """Yield by what a row may be taken for another: number, names, a name with the date."""
    if row.ine:
        yield ("ine", row.ine)
    given = name_key(row.given_name)
    yield ("given", given, row.birth_date)
    for surname in _surnames(row):
        yield ("names", given, surname)
        yield ("surname", surname, row.birth_date)


def _surnames(row: PupilRow) -> set[str]:
    return {key for key in map(name_key, (row.family_name, row.usage_name or "")) if key}
