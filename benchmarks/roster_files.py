"""ONDE's two files for a school of any size: made-up families, the same at each run."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.french_names import FrenchNames, Named
from benchmarks.households import SEED, class_label
from educonnect_admin.domain.names import name_key

PUPILS_A_CLASS = 25
_CHILDREN = (1, 1, 1, 1, 1, 2)
"""With two adults each: 1.7 rows of guardians for a pupil, as real exports have."""
PUPIL_HEADINGS = (
    "Nom élève", "Nom d'usage élève", "Prénom élève", "Date naissance", "Sexe", "INE", "Adresse1",
    "Cp1", "Commune1", "Pays1", "Adresse2", "Cp2", "Commune2", "Pays2", " Cycle", "Niveau",
    "Libellé classe", "Identifiant classe", "Attestation fournie", "Autorisation associations",
    "Autorisation photo", "Décision de passage",
)  # fmt: skip
_CHILD = ("Nom d'usage enfant", "Nom de famille enfant", "Prénom enfant", "Classes enfants")
GUARDIAN_HEADINGS = (
    "Civilité Responsable", "Nom usage responsable", "Nom responsable", "Prénom responsable",
    "Adresse responsable", "CP responsable", "Commune responsable", "Pays", "Courriel",
    "Téléphone domicile", "Téléphone travail", "Téléphone portable", *_CHILD * 3,
)  # fmt: skip
_FIRST_BIRTH = date(2016, 1, 1)


class Pair(NamedTuple):
    """Both files of a school, and how many rows each has."""

    pupils: Path
    guardians: Path
    pupil_rows: int
    guardian_rows: int


class _Child(NamedTuple):
    named: Named
    level: str
    label: str
    ine: str


def write_pair(folder: Path, pupils: int, seed: int = SEED) -> Pair:
    """Write the two files of one school of so many pupils, in classes of 25.

    Args:
        folder: Where; there already.
        pupils: How many.
        seed: Who they are.
    """
    of_pupils, of_guardians = folder / "CSVExtraction-e.csv", folder / "CSVExtraction-r.csv"
    rows = 0
    with (
        of_pupils.open("w", encoding="utf-8-sig", newline="") as one,
        of_guardians.open("w", encoding="utf-8-sig", newline="") as two,
    ):
        children, guardians = csv.writer(one, delimiter=";"), csv.writer(two, delimiter=";")
        children.writerow(PUPIL_HEADINGS)
        guardians.writerow(GUARDIAN_HEADINGS)
        for number, (adults, members) in enumerate(_households(pupils, seed)):
            for child in members:
                children.writerow(_pupil(child, number))
            for adult in adults:
                guardians.writerow(_guardian(adult, members, number))
                rows += 1
    return Pair(of_pupils, of_guardians, pupils, rows)


def _households(pupils: int, seed: int) -> Iterator[tuple[list[Named], list[_Child]]]:
    people = FrenchNames(seed).people()
    done = 0
    for size in cycle(_CHILDREN):
        if done >= pupils:
            return
        adults = list(islice(people, 2))
        members = []
        for _ in range(min(size, pupils - done)):
            # Brothers and sisters are in classes side by side.
            level, label = class_label(done // PUPILS_A_CLASS)
            members.append(
                _Child(next(people)._replace(family=adults[0].family), level, label, f"{done:09}AB")
            )
            done += 1
        yield adults, members


def _pupil(child: _Child, household: int) -> list[str]:
    born = _FIRST_BIRTH + timedelta(days=(household * 37 + len(child.label)) % 1800)
    return [
        child.named.family, "", child.named.given, f"{born:%d/%m/%Y}",
        "F" if child.named.woman else "M", child.ine, *[""] * 8, "CYCLE II", child.level,
        child.label, "", "Oui", "Non", "Oui", "",
    ]  # fmt: skip


def _guardian(adult: Named, members: list[_Child], household: int) -> list[str]:
    mail = f"{name_key(adult.given)}.{name_key(adult.family)}{household}@exemple.fr"
    blocks = [
        cell
        for child in members
        for cell in ("", child.named.family, child.named.given, child.label)
    ]
    return [
        "Mme" if adult.woman else "M.", "", adult.family, adult.given,
        f"{1 + household % 300} rue de la République", "14000", "Caen", "FRANCE", mail, "", "",
        f"06{10 + household % 40:02}{household % 1_000_000:06}" if adult.woman else "", *blocks,
    ]  # fmt: skip
