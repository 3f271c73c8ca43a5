"""Small roster files, written where a test wants them."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook

from educonnect_admin.rosters.read import read_file
from educonnect_admin.rosters.rows import Reading

ODS = "application/vnd.oasis.opendocument.spreadsheet"
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
    """Whether every row of people is in exactly one heap; of families the pupils' row counts."""
    return reading.rows == (reading.taken + reading.refused + reading.left_out + reading.repeated)


def ods(rows: Sequence[str], *, sheet: str = "Feuille1") -> bytes:
    """An OpenDocument workbook of one sheet, out of whole `table:table-row` elements."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0"'
        f' xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0"'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="{sheet}">'
        f"{''.join(rows)}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": ODS, "META-INF/manifest.xml": "<m/>", "content.xml": content})


def ods_row(*cells: str, repeated: int = 1) -> str:
    """A row of texts of an OpenDocument."""
    inside = "".join(ods_cell(cell) for cell in cells)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inside}</table:table-row>'


def ods_cell(text: str, repeated: int = 1) -> str:
    """A cell of text of an OpenDocument, which may stand there many times."""
    if not text:
        return f'<table:table-cell table:number-columns-repeated="{repeated}"/>'
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of these parts."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()
