"""A folder as a rectorate collects it: a list of schools, and the exports of each."""

import csv
from dataclasses import dataclass
from pathlib import Path

from benchmarks.academy.families import Registry
from benchmarks.academy.onde import write_onde
from benchmarks.academy.schools import PaperSchool, sectors
from benchmarks.academy.siecle import write_siecle

SCHOOLS, ROSTERS = "schools.csv", "rosters"
_HEADINGS = ("UAI", "Nom", "Ville", "Courriel", "Téléphone", "Type")


@dataclass(slots=True)
class Academy:
    """What was written: how many of each; a guardian counts once for each school."""

    schools: int = 0
    pupils: int = 0
    guardians: int = 0
    in_two_schools: int = 0


def write_academy(folder: Path, schools: int, seed: int) -> Academy:
    """Write `schools.csv`, and a folder for each school under `rosters`.

    Args:
        folder: Where; made if it is not there.
        schools: How many.
        seed: Which academy: the same seed gives the same bytes.

    Raises:
        FileExists: an academy is there already.
    """
    rosters = folder / ROSTERS
    rosters.mkdir(parents=True)
    registry, written = Registry(seed), Academy()
    with (folder / SCHOOLS).open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(_HEADINGS)
        for sector in sectors(schools, seed):
            met: set[int] = set()
            for school, families in registry.sector(sector):
                table.writerow(_row(school))
                place = rosters / school.uai
                place.mkdir()
                (write_siecle if school.is_college else write_onde)(place, school, families)
                written.schools += 1
                for family in families:
                    written.pupils += len(family.children)
                    written.guardians += len(family.adults)
                    written.in_two_schools += len(family.adults) * (family.number in met)
                    met.add(family.number)
    return written


def _row(school: PaperSchool) -> tuple[str, ...]:
    kind = "collège" if school.is_college else "école"
    return (school.uai, school.name, school.city, school.mail, "02 99 00 12 34", kind)
