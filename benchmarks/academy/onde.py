"""The two files that an école exports from ONDE, as Windows writes them: cp1252, semicolons."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from benchmarks.academy.families import ECOLE, Adult, Child, Family, classes_of
from benchmarks.academy.schools import PaperSchool
from benchmarks.roster_files import GUARDIAN_HEADINGS, PUPIL_HEADINGS

PUPILS, GUARDIANS = "CSVExtraction-eleves.csv", "CSVExtraction-responsables.csv"
_A_CLASS = 24
_YOUNGEST = date(2023, 1, 1)


def write_onde(folder: Path, school: PaperSchool, families: Sequence[Family]) -> None:
    """Write both files of a school into its folder."""
    classes = classes_of(school, list(families), _A_CLASS)
    labels = {child.number: one.label for one in classes for _, child in one.members}
    seated = [(one.label, *member) for one in classes for member in one.members]
    _write(
        folder / PUPILS,
        PUPIL_HEADINGS,
        (_pupil(school, label, family, child) for label, family, child in seated),
    )
    _write(
        folder / GUARDIANS,
        GUARDIAN_HEADINGS,
        (_guardian(school, labels, one, adult) for one in families for adult in one.adults),
    )


def _write(path: Path, headings: Sequence[str], rows: Iterator[list[str]]) -> None:
    text = StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(headings)
    table.writerows(rows)
    # At once: a file would encode row after row, and take twice as long.
    path.write_bytes(text.getvalue().encode("cp1252", errors="replace"))


def born(child: Child, age_of_first_level: int) -> date:
    """Return a birthday of the year that the level calls for."""
    years = _YOUNGEST.year - age_of_first_level - child.level
    return date(years, 1, 1) + timedelta(days=child.number * 37 % 365)


def _pupil(school: PaperSchool, label: str, family: Family, child: Child) -> list[str]:
    return [
        child.named.family, "", child.named.given, f"{born(child, 0):%d/%m/%Y}",
        "F" if child.named.woman else "M", child.ine,
        family.adults[0].street, school.postcode, school.city, "FRANCE", *[""] * 4,
        "CYCLE II", ECOLE[child.level], label, "", "Oui", "Non", "Oui", "",
    ]  # fmt: skip


def _guardian(
    school: PaperSchool, labels: dict[int, str], family: Family, adult: Adult
) -> list[str]:
    blocks = [
        cell
        for child in family.children
        for cell in ("", child.named.family, child.named.given, labels[child.number])
    ]
    return [
        "MME" if adult.named.woman else "M.", "", adult.named.family, adult.named.given,
        adult.street, school.postcode, school.city, "FRANCE", adult.email, "", "", adult.mobile,
        *blocks,
    ]  # fmt: skip
