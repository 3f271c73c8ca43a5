"""Rows that went in, and without which a refused row would be taken for something else.

Alone and uncorrected, the second of two rows at odds would win by coming last; beside the
first it is refused again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import GuardianRow, PupilRow, Reading

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
    rows = {
        (file, row.line): row
        for file, reading in enumerate(readings)
        for row in (reading.pupils if clashing else ())
    }
    # Those that a reader refused are not among them, but for the one that each names.
    wanted = {mark for place in found | clashing.keys() for mark in _marks(rows.get(place))}
    return found | {place for place, row in rows.items() if not wanted.isdisjoint(_marks(row))}


def namesakes(readings: Sequence[Reading], places: Iterable[Place]) -> set[Place]:
    """Return the rows of guardians who bear the names of those in some rows.

    Two of one name are told apart only where both are there (R-7).
    """
    rows = {
        (file, row.line): row for file, reading in enumerate(readings) for row in reading.guardians
    }
    names = {name for place in places if place in rows for name in _names(rows[place])}
    return {place for place, row in rows.items() if not names.isdisjoint(_names(row))}


def _marks(row: PupilRow | None) -> Iterator[tuple[object, ...]]:
    """Yield by what a row may be taken for another: number, names, a name with the date."""
    if row is None:
        return
    if row.ine:
        yield ("ine", row.ine)
    if row.source_id:
        yield ("source", row.source_id)
    yield ("given", name_key(row.given_name), row.birth_date)
    for given, surname in _names(row):
        yield ("names", given, surname)
        yield ("surname", surname, row.birth_date)


def _names(row: PupilRow | GuardianRow) -> Iterator[tuple[str, str]]:
    surnames = {key for key in map(name_key, (row.family_name, row.usage_name or "")) if key}
    return ((name_key(row.given_name), surname) for surname in surnames)
