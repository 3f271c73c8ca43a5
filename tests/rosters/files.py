"""Small roster files, written where a test wants them."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from educonnect_admin.rosters.read import read_file
from educonnect_admin.rosters.rows import Reading

TODAY = date(2026, 11, 23)
SAMPLES = Path(__file__).parents[2] / "data" / "samples"

PUPILS = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE; Cycle;Niveau;Classe"
GUARDIANS = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;"
    "Adresse responsable;CP responsable;Commune responsable;Pays;Courriel;Téléphone portable;"
    "Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
)


def pupil(
    family: str = "DURAND",
    given: str = "Alice",
    birth: str = "03/09/2018",
    *,
    ine: str = "",
    level: str = "CE1",
    label: str = "CE1 B",
) -> str:
    """A row under `PUPILS`."""
    return f"{family};;{given};{birth};F;{ine};CYCLE II;{level};{label}"


def guardian(
    family: str = "DURAND",
    given: str = "Bob",
    *,
    civility: str = "M.",
    street: str = "1 rue Pasteur",
    postcode: str = "59000",
    country: str = "FRANCE",
    email: str = "",
    mobile: str = "",
    children: str = ";DURAND;Alice;CE1 B",
) -> str:
    """A row under `GUARDIANS`."""
    cells = (civility, "", family, given, street, postcode, "Lille", country, email, mobile)
    return ";".join((*cells, children))


def text(headings: str, *rows: str) -> str:
    """A whole file."""
    return "".join(f"{row}\n" for row in (headings, *rows))


def read_bytes(folder: Path, data: bytes, name: str = "file.csv") -> Reading:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(data)
    return read_file(path, today=TODAY)


def read_text(folder: Path, content: str, encoding: str = "utf-8") -> Reading:
    """Write a text file and read it."""
    return read_bytes(folder, content.encode(encoding))


def read_pupils(folder: Path, *rows: str) -> Reading:
    """Read these rows under `PUPILS`."""
    return read_text(folder, text(PUPILS, *rows))


def read_guardians(folder: Path, *rows: str) -> Reading:
    """Read these rows under `GUARDIANS`."""
    return read_text(folder, text(GUARDIANS, *rows))


def xlsx(rows: Sequence[Sequence[object]], *, before: Sequence[str] = ()) -> bytes:
    """A workbook: some sheets with a note in them, then one with these rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title in before:
        book.create_sheet(title).append(["Note"])
    sheet = book.create_sheet("Élèves")
    for row in rows:
        sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def codes(reading: Reading) -> list[tuple[int, str]]:
    """The problems of a reading, as line and code."""
    return [(problem.line, problem.code.value) for problem in reading.problems]


def is_whole(reading: Reading) -> bool:
    """Whether every row of people is in exactly one heap."""
    taken = len(reading.pupils) + len(reading.guardians)
    return reading.rows == taken + reading.refused + reading.left_out + reading.repeated
