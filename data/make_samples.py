"""Write `data/samples/`: two fictional schools, a collège, and folders of faulty files.

    python data/make_samples.py [FOLDER]

The same seed gives the same bytes. The expected defects of the faulty files are told in
their README, and checked by `tests/rosters/test_faulty_files.py`.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sample_college import college
from sample_families import settle
from sample_faults import write_faults
from sample_people import CHARLEMAGNE, CURIE, Adult, Child, Town
from sample_siecle import write_college

SEED = 20241007
COLLEGE_SEED = 20241125
ONDE_PUPILS = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;"
    "Pays1;Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;"
    "Attestation fournie;Autorisation associations;Autorisation photo;Décision de passage"
)
BE1D_PUPILS = (
    "Nom Elève;Nom d'usage Elève;Prénom Elève;Date naissance;Sexe;Adresse1;Cp1;Commune1;Pays1;"
    "Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Classe;Attestation fournie;"
    "Autorisations associations;Autorisations photos;Décision de passage"
)
GUARDIAN = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;"
    "Adresse responsable;CP responsable;Commune responsable;Pays;Courriel;"
    "Téléphone domicile;Téléphone travail;"
)
CHILD = ";Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
ONDE_GUARDIANS = GUARDIAN + "Téléphone portable" + CHILD * 3
BE1D_GUARDIANS = GUARDIAN + "Numéro de poste;Téléphone portable" + CHILD * 3
CYCLES = {"CP": "CYCLE II", "CE1": "CYCLE II", "CE2": "CYCLE II", "CLIS": "CYCLE II"}
SCHOOLS = (
    "UAI;Nom;Ville;Courriel;Téléphone\n"
    "{charlemagne};École élémentaire Charlemagne;Lille;charlemagne@example.fr;03 20 99 00 01\n"
    "{curie};École élémentaire Marie Curie;Lille;marie-curie@example.fr;03 20 99 00 02\n"
)


def main() -> None:
    """Write everything under the folder named on the command line, or `data/samples`."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "samples")
    town = Town(SEED)
    settle(town)
    for school in (CHARLEMAGNE, CURIE):
        town.fill(school)
    for child in town.children:
        # `-` stands for a pupil who has no number at all.
        child.ine = "" if child.ine == "-" else child.ine or town.ine()
    write_charlemagne(town, folder / "ecole-charlemagne")
    write_curie(town, folder / "ecole-marie-curie")
    uais = {"charlemagne": uai("0599901"), "curie": uai("0599902")}
    (folder / "ecoles.csv").write_bytes(SCHOOLS.format(**uais).encode())
    write_college(college(COLLEGE_SEED), uai("0599903"), folder / "college-simone-veil")
    faulty, doubtful = folder / "fichiers-fautifs", folder / "fichiers-a-remarques"
    write_faults(faulty, doubtful, ONDE_PUPILS, ONDE_GUARDIANS)


def uai(digits: str) -> str:
    """Return the number of a school with its check letter."""
    return digits + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(digits) % 23]


def write_charlemagne(town: Town, folder: Path) -> None:
    """ONDE 2017: cp1252, unquoted, bare line feeds, French dates, a closing line that counts."""
    pupils = pupils_of(town, CHARLEMAGNE)
    rows = [[*_onde_pupil(child)] for child in pupils]
    guardians = [_guardian(adult, CHARLEMAGNE, ()) for adult in adults_of(town, CHARLEMAGNE)]
    _write(folder / "CSVExtraction-eleves.csv", "cp1252", "\n", [
        ONDE_PUPILS, *map(";".join, rows), f"Nombre d'élèves : {len(rows)}",
    ])  # fmt: skip
    _write(folder / "CSVExtraction-responsables.csv", "cp1252", "\n", [
        ONDE_GUARDIANS, *map(";".join, guardians), f"Nombre de responsables : {len(guardians)}",
    ])  # fmt: skip


def write_curie(town: Town, folder: Path) -> None:
    """BE1D: quoted, carriage returns, ISO dates; UTF-8 with its mark, for `Nguyễn`."""
    pupils = [_be1d_pupil(child) for child in pupils_of(town, CURIE)]
    guardians = [_guardian(adult, CURIE, ("",)) for adult in adults_of(town, CURIE)]
    for name, head, rows in (
        ("eleves", BE1D_PUPILS, pupils),
        ("responsables", BE1D_GUARDIANS, guardians),
    ):
        lines = [quoted(head.split(";")), *map(quoted, rows)]
        _write(folder / f"CSVExtraction-{name}.csv", "utf-8-sig", "\r\n", lines)


def quoted(cells: Iterable[str]) -> str:
    """Return a record as BE1D writes it: quotes around what is there, nothing around nothing."""
    return ";".join(f'"{cell}"' if cell else "" for cell in cells)


def pupils_of(town: Town, school: str) -> list[Child]:
    """Return the pupils of a school by class and name, as ONDE sorts them."""
    found = [child for child in town.children if child.school == school]
    return sorted(found, key=lambda child: (child.label, child.family, child.given, child.birth))


def adults_of(town: Town, school: str) -> list[Adult]:
    """Return the guardians of a school by name."""
    found = [adult for adult in town.adults if _concerns(adult, school)]
    return sorted(found, key=lambda adult: (adult.family, adult.given, adult.street))


def _concerns(adult: Adult, school: str) -> bool:
    return school in adult.schools or any(child.school == school for child in adult.children)


def _onde_pupil(child: Child) -> Iterator[str]:
    yield from (child.family, child.usage, child.given, f"{child.birth:%d/%m/%Y}", child.sex)
    yield from (child.ine, "1 rue des Tilleuls", "59000", "Lille", "FRANCE", "", "", "", "")
    yield from (CYCLES.get(child.level, "CYCLE III"), child.level, child.label)
    yield from (str(90000 + sum(map(ord, child.label))), "Oui", "Non", "Non", "")


def _be1d_pupil(child: Child) -> list[str]:
    sex = "H" if child.sex == "M" else "F"
    cycle = CYCLES.get(child.level, "CYCLE III")
    start = [child.family, child.usage, child.given, child.birth.isoformat(), sex]
    return [*start, *[""] * 8, cycle, child.level, child.label, "Oui", "Non", "Oui", ""]


def _guardian(adult: Adult, school: str, extension: tuple[str, ...]) -> list[str]:
    """Return a row of a guardian, cut after its last cell: rows are as ragged as real ones."""
    row = [
        adult.civility, adult.usage, adult.family, adult.given, adult.street, adult.postcode,
        adult.city, "FRANCE", adult.email, adult.home, adult.work, *extension, adult.mobile,
    ]  # fmt: skip
    for child in adult.children:
        if child.school == school:
            family, given = child.mention or (child.family, child.given)
            row += [child.usage, family, given, child.label]
    while row and not row[-1]:
        row.pop()
    return row


def _write(path: Path, encoding: str, end: str, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(line + end for line in lines).encode(encoding))


if __name__ == "__main__":
    main()
