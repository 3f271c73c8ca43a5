"""A school whose files have faults, and the workbook that its refused rows come back in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.running import Answer, Terminal

UAI = "0599901S"
PUPILS = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Niveau;"
    "Libellé classe\n"
)
GUARDIANS = (
    "Civilité Responsable;Nom responsable;Prénom responsable;CP responsable;Courriel;"
    "Téléphone portable;Nom de famille enfant;Prénom enfant;Classes enfants\n"
)
SOUND = (
    "DUPONT;;Alice;14/03/2018;F;;12 rue du Moulin;02100;CP;CP A",
    "MOREAU;;Emma;2017-05-06;F;;;;CE1;CE1 B",
)
FAULTY = (
    "DUPONT;;Bob;;M;;12 rue du Moulin;02100;CE1;CE1 B",
    "MOREAU;;Charlie;14/03/16;M;;;02100;CE1;CE1 B",
)
PARENTS = (
    "Mme;DUPONT;Claire;02100;claire@example.org;0601020304;DUPONT;Alice;CP A;DUPONT;Bob;CE1 B",
    "M.;MOREAU;;02100;;0601020306;MOREAU;Charlie;CE1 B",
    "Mme;PETIT;Nora;02100;nora@example.org;0601020307;MOREAU;Emma;CE1 B",
)


@dataclass(frozen=True)
class Imported:
    """An import, and the workbook it left."""

    answer: Answer
    path: Path

    @property
    def book(self) -> Any:
        """The workbook, as a spreadsheet opens it."""
        from openpyxl import load_workbook

        return load_workbook(self.path)


def written(path: Path, headings: str, *rows: str) -> str:
    """Write a file, and return its path."""
    path.write_text(headings + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(path)


def files_of_a_school(folder: Path) -> tuple[str, str]:
    """Write the files of the school: two pupils refused, one guardian."""
    return (
        written(folder / "eleves.csv", PUPILS, *SOUND, *FAULTY),
        written(folder / "responsables.csv", GUARDIANS, *PARENTS),
    )


def import_with_rejects(run: Terminal, path: Path, *files: str) -> Imported:
    """Import files, their refused rows into a workbook."""
    answer = run("roster", "import", *files, "--school", UAI, "--rejects", str(path), "--json")
    return Imported(answer, path)


def texts(sheet: Any) -> list[list[str]]:
    """Return the cells of a sheet, empty ones as empty texts."""
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def column(sheet: Any, heading: str) -> int:
    """Return the number of a column, from 1."""
    return [cell.value for cell in sheet[1]].index(heading) + 1
