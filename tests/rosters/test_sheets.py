"""Workbooks of several sheets: each roster is read, the others are named."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.read import read_parts, read_table
from educonnect_admin.rosters.rows import FileKind, Reading
from tests.rosters.files import GUARDIANS, PUPILS, TODAY, guardian, pupil

TEACHERS = "Civilité;Nom;Prénom;Courriel;Directeur;Classe"


def book(sheets: Mapping[str, Sequence[str]], *, hidden: Sequence[str] = ()) -> bytes:
    """A workbook of these sheets, their cells parted by semicolons."""
    file = BytesIO()
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row.split(";"))
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    made.save(file)
    return file.getvalue()


def _parts(folder: Path, data: bytes) -> list[Reading]:
    path = folder / "classeur.xlsx"
    path.write_bytes(data)
    return read_parts(path, today=TODAY)


def _skipped(reading: Reading) -> list[tuple[str, str]]:
    return [(sheet.name, sheet.why.value) for sheet in reading.skipped]


def test_pupils_and_guardians_of_one_workbook(tmp_path: Path) -> None:
    """One reading each, named after its sheet; notes are told with the first."""
    sheets = {
        "Lisez-moi": ["Remplissez les deux feuilles"],
        "Élèves": [PUPILS, pupil()],
        "Responsables": [GUARDIANS, guardian()],
        "Feuil3": [""],
    }
    pupils, guardians = _parts(tmp_path, book(sheets))
    assert (pupils.part, pupils.kind) == ("Élèves", FileKind.PUPILS)
    assert (guardians.part, guardians.kind) == ("Responsables", FileKind.GUARDIANS)
    assert pupils.sha256 == guardians.sha256
    assert pupils.label.endswith("classeur.xlsx [Élèves]")
    assert _skipped(pupils) == [("Lisez-moi", "no_headings")]
    assert guardians.skipped == ()


def test_the_only_roster_of_a_workbook_has_no_part(tmp_path: Path) -> None:
    """Sheets of headings alone, of teachers, or hidden do not make it one of several."""
    sheets = {
        "Responsables": [GUARDIANS],
        "Élèves": [PUPILS, pupil()],
        "Anciens": [PUPILS, pupil("PETIT")],
    }
    (pupils,) = _parts(tmp_path, book(sheets, hidden=["Anciens"]))
    assert (pupils.part, [row.family_name for row in pupils.pupils]) == ("", ["DURAND"])
    assert _skipped(pupils) == [("Responsables", "headings_only"), ("Anciens", "hidden")]
    sheets = {"Enseignants": [TEACHERS, "M.;PETIT;Luc;;non;CP"], "Élèves": [PUPILS, pupil()]}
    (pupils,) = _parts(tmp_path, book(sheets))
    assert _skipped(pupils) == [("Enseignants", "teachers")]


def test_a_sheet_at_fault_is_named(tmp_path: Path) -> None:
    """Nobody is taken from the others: what that sheet holds would be lost unseen."""
    sheets = {"CP": [PUPILS, pupil()], "CE1": [PUPILS.replace("Date naissance", "x"), pupil()]}
    with pytest.raises(UnreadableFile) as caught:
        _parts(tmp_path, book(sheets))
    assert (caught.value.reason, caught.value.part) == ("missing_heading", "CE1")


def test_a_workbook_with_nobody_in_sight(tmp_path: Path) -> None:
    """Teachers alone, or a roster on a hidden sheet alone, are refused as such."""
    teachers = [TEACHERS, "M.;PETIT;Luc;;non;CP"]
    shown = {"Note": ["Bonjour"]}
    for data, reason in (
        (book({"Enseignants": teachers}), "teachers_file"),
        (book({**shown, "Élèves": [PUPILS, pupil()]}, hidden=["Élèves"]), "hidden_sheet"),
        (book({**shown, "Élèves": [PUPILS], "Resp.": [GUARDIANS]}), "headings_only"),
    ):
        with pytest.raises(UnreadableFile) as caught:
            _parts(tmp_path, data)
        assert caught.value.reason == reason


def test_a_row_of_a_sheet_can_be_shown_again(tmp_path: Path) -> None:
    """By the name that its reading bears."""
    path = tmp_path / "deux.xlsx"
    path.write_bytes(book({"CP": [PUPILS, pupil("A")], "CE1": [PUPILS, pupil("B")]}))
    assert read_table(path, "CE1").rows[0][0] == "B"
    assert read_table(path).rows[0][0] == "A"
