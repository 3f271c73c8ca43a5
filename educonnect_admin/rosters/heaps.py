"""Who reads the rows of a file, and where the people of each kind end up."""

from datetime import date
from typing import NamedTuple

from educonnect_admin.rosters.dates import FIRST_DEGREE, SECOND_DEGREE, Doubt
from educonnect_admin.rosters.families import FamilyReader
from educonnect_admin.rosters.guardians import GuardianReader
from educonnect_admin.rosters.layouts import SIECLE_TABLE, Layout
from educonnect_admin.rosters.problems import ProblemCode
from educonnect_admin.rosters.pupils import PupilReader
from educonnect_admin.rosters.rows import FileKind


class Heaps(NamedTuple):
    """The reader of every row, who holds the pupils, who holds the guardians."""

    reader: PupilReader | GuardianReader | FamilyReader
    pupils: PupilReader
    guardians: GuardianReader | FamilyReader


def heaps_for(layout: Layout, *, today: date, serials: bool, doubt: Doubt) -> Heaps:
    """Return the readers of a file, empty yet.

    Args:
        layout: Whom the file lists, and in which form.
        today: The day by which dates lie in the future and ages are likely.
        serials: Whether bare numbers may be dates.
        doubt: What the birth dates leave open about themselves.
    """
    is_families = layout.kind is FileKind.FAMILIES
    is_second_degree = "formation" in layout.columns or layout.format == SIECLE_TABLE
    pupils = PupilReader(
        today=today,
        serials=serials,
        ages=SECOND_DEGREE if is_second_degree else FIRST_DEGREE,
        doubt=doubt,
        again=ProblemCode.PUPIL_AGAIN if is_families else ProblemCode.REPEATED_PUPIL,
    )
    if is_families:
        families = FamilyReader(pupils)
        return Heaps(families, pupils, families)
    guardians = GuardianReader(serials=serials, doubt=doubt)
    return Heaps(pupils if layout.kind is FileKind.PUPILS else guardians, pupils, guardians)
