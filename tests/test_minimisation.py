"""The minimum only, whatever a file holds: no nationality, no kind of ULIS, no health (R-66)."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select, text

from educonnect_admin.domain.imports import LastImport
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.edge import Services
from educonnect_admin.opening import open_services
from educonnect_admin.settings import Settings
from tests.cli.conftest import environment, run  # noqa: F401 - fixtures of the command line
from tests.cli.running import Terminal
from tests.support.house import ROOT

SAMPLES = ROOT / "data" / "samples"
MARK = "ZZMARQUE"
COLUMNS = (
    "Nationalité", "Code nationalité", "Pays de naissance", "Type ULIS", "Dispositif ULIS",
    "Handicap", "Santé", "PAI", "Profession", "Situation familiale", "Religion", "Observations",
    "Remarques", "Boursier", "Langue maternelle",
)  # fmt: skip
UNREAD = ("Attestation fournie", "Autorisation associations", "Autorisation photo",
          "Décision de passage", "Téléphone travail", "Téléphone domicile")  # fmt: skip
"""Columns of the real exports that nothing of ours needs."""
ELEMENTS = (
    "CODE_PAYS_NAT", "NATIONALITE", "LL_NATIONALITE", "CODE_PAYS", "CODE_COMMUNE_INSEE_NAISS",
    "ULIS", "TYPE_ULIS", "HANDICAP", "CODE_PROFESSION", "LL_PROFESSION", "CODE_SITUATION",
    "OBSERVATIONS",
)  # fmt: skip

Rows = list[list[str]]
Made = tuple[str, list[Path]]


def _marked_rows(name: str) -> Rows:
    """Return a file of ONDE with every column that nobody asked for filled with marks.

    The last row can't be accepted, so that its cells are quoted in reports.
    """
    text_of = (SAMPLES / "ecole-charlemagne" / name).read_bytes().decode("cp1252")
    heading, *rows = csv.reader(io.StringIO(text_of), delimiter=";")
    unread = [place for place, title in enumerate(heading) if title.strip() in UNREAD]
    marked = [heading + list(COLUMNS)]
    for number, cells in enumerate(rows[:12]):
        row = [*cells, *[""] * (len(heading) - len(cells))]
        for place in unread:
            row[place] = f"{MARK}{number}"
        if "Date naissance" in heading and number == 11:
            row[heading.index("Date naissance")] = "31/02/2017"
        marked.append(row + [f"{MARK}{number}"] * len(COLUMNS))
    return marked


def onde_csv(folder: Path) -> Made:
    """Write the two files of ONDE, marked."""
    paths = []
    for name in ("CSVExtraction-eleves.csv", "CSVExtraction-responsables.csv"):
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows(_marked_rows(name))
        (folder / name).write_bytes(out.getvalue().encode("cp1252"))
        paths.append(folder / name)
    return "0599901S", paths


def onde_xlsx(folder: Path) -> Made:
    """Write the same as workbooks."""
    paths = []
    for name in ("CSVExtraction-eleves.csv", "CSVExtraction-responsables.csv"):
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in _marked_rows(name):
            sheet.append(row)
        paths.append(folder / f"{name[:-4]}.xlsx")
        book.save(paths[-1])
        book.close()
    return "0599901S", paths


def own_list(folder: Path) -> Made:
    """Write a list of a school's own: a pupil a row, parents beside, and what it likes to note."""
    heading = ["Nom", "Prénom", "Né(e) le", "Classe", "Nom responsable", "Prénom responsable",
               "Courriel responsable", *COLUMNS]  # fmt: skip
    rows = [
        [f"Nom{n}", f"Prénom{n}", "04/03/2018", "CP", f"Nom{n}", f"Parent{n}", f"p{n}@x.fr",
         *[f"{MARK}{n}"] * len(COLUMNS)]
        for n in "ABCDEF"
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([heading, *rows])
    (folder / "liste.csv").write_bytes(out.getvalue().encode())
    return "0599901S", [folder / "liste.csv"]


def siecle_xml(folder: Path) -> Made:
    """Write the exports of SIECLE with elements about nationality, health and trades in each."""
    college = SAMPLES / "college-simone-veil"
    with zipfile.ZipFile(college / "ExportXML_ElevesSansAdresses.zip") as zipped:
        pupils = zipped.read(zipped.namelist()[0])
    guardians = (college / "ResponsablesAvecAdresses.xml").read_bytes()
    (folder / "ElevesSansAdresses.xml").write_bytes(_with_elements(pupils, b"</ELEVE>"))
    (folder / "Responsables.xml").write_bytes(_with_elements(guardians, b"</PERSONNE>"))
    return "0599903U", [folder / "ElevesSansAdresses.xml", folder / "Responsables.xml"]


def _with_elements(content: bytes, end: bytes) -> bytes:
    marks = "".join(f"<{name}>{MARK}</{name}>" for name in ELEMENTS).encode()
    return re.sub(re.escape(end), marks + end, content)


@pytest.mark.parametrize("make", [onde_csv, onde_xlsx, own_list, siecle_xml])
def test_what_nobody_asked_for_is_nowhere(
    run: Terminal,  # noqa: F811 - the fixture
    tmp_path: Path,
    make: Callable[[Path], Made],
) -> None:
    """Not in a row, not in the sealed report of the import, not in any file of the office."""
    uai, paths = make(tmp_path)
    assert any(MARK.encode() in path.read_bytes() for path in paths) or make is onde_xlsx
    assert run("init").code == 0
    assert run("schools", "add", uai, "Une école").code == 0
    done = run("roster", "import", *map(str, paths), "--school", uai, "--json")
    assert run("accounts", "generate", "--school", uai).code == 0

    assert done.code in {0, 4}, done.err
    assert done.json["new"]["pupils"] > 0
    assert MARK not in done.all
    office = open_services(Settings())
    assert _rows_with_marks(office) == set()
    assert MARK.encode() not in _opened_reports(office)
    office.close()
    for path in (tmp_path / "office").rglob("*"):
        if path.is_file():
            assert MARK.encode() not in path.read_bytes(), path.name


def _rows_with_marks(office: Services) -> set[str]:
    with office.reading() as session:
        return {
            name
            for name in METADATA.tables
            for row in session.execute(text(f"SELECT * FROM {name}"))
            if MARK.lower() in str(row).lower()
        }


def _opened_reports(office: Services) -> bytes:
    """Return what the reports of last imports hold, unsealed."""
    with office.reading() as session:
        reports = session.scalars(select(LastImport)).all()
        assert reports
        return b"".join(
            office.import_sealer.open(one.sealed, f"last-import:{one.school_id}") for one in reports
        )


def test_the_schema_has_no_place_for_it() -> None:
    """No column bears such a name."""
    forbidden = re.compile(r"nation|ulis|health|handicap|profession|religion|birth_(place|country)")

    assert [
        f"{name}.{column.name}"
        for name, table in METADATA.tables.items()
        for column in table.columns
        if forbidden.search(column.name)
    ] == []
