"""Rows to give back: as they stood, with their faults, beside those that belong to them."""

from datetime import date
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.read import read_files
from educonnect_admin.rosters.refused_rows import ReturnedSheet, rows_to_return

TODAY = date(2026, 11, 23)
PUPILS = "Nom élève;Prénom élève;Date naissance;INE;Libellé classe\n"
NUMBERED = (
    "Nom responsable;Prénom responsable;Nom de famille élève 1;Prénom élève 1;"
    "Nom de famille élève 2;Prénom élève 2\n"
)


def returned(path: Path, text: str) -> ReturnedSheet:
    """Write a file, read it, and return what goes back of it."""
    path.write_text(text, encoding="utf-8")
    (reading,) = read_files([path], today=TODAY)
    (sheet,) = rows_to_return([reading], [(0, problem) for problem in reading.problems])
    return sheet


def test_lines_above_the_headings_are_left_out(tmp_path: Path) -> None:
    """A title is no row; the line of the row is that of the file."""
    sheet = returned(tmp_path / "e.csv", f"Extraction du jour\n\n{PUPILS}ROY;Léa;;;CP\n")

    assert sheet.headings == (
        "Nom élève",
        "Prénom élève",
        "Date naissance",
        "INE",
        "Libellé classe",
    )
    assert [(row.line, row.cells) for row in sheet.rows] == [(4, ("ROY", "Léa", "", "", "CP"))]


def test_numbered_children_go_on_with_their_numbers(tmp_path: Path) -> None:
    """A third child right of the headings is child 3."""
    sheet = returned(tmp_path / "r.csv", f"{NUMBERED}ROY;;ROY;Léa;ROY;Zoé;ROY;Noé\n")

    assert sheet.headings[-2:] == ("Nom de famille élève 3", "Prénom élève 3")
    assert sheet.rows[0].cells[-2:] == ("ROY", "Noé")


def test_cells_that_slipped_beyond_the_headings_are_kept(tmp_path: Path) -> None:
    """Nobody knows what they are; they stand under no heading, and are seen."""
    sheet = returned(tmp_path / "e.csv", f"{PUPILS}ROY;Léa;;14/03/2018;;CP\n")

    assert sheet.headings[-1] == ""
    assert sheet.rows[0].cells[-1] == "CP"
    assert 5 not in sheet.unread


def test_where_two_rows_differ_is_what_is_at_fault(tmp_path: Path) -> None:
    """One number, two dates: the date is marked, the number is the same."""
    sheet = returned(
        tmp_path / "e.csv",
        f"{PUPILS}ROY;Léa;14/03/2018;0113014881M;CP\nROY;Léa;15/03/2018;0113014881M;CP\n",
    )

    taken, refused = sheet.rows
    assert (taken.problems, dict(taken.faults)) == ((), {})
    assert list(refused.faults) == [2]


def test_a_file_that_changed_meanwhile_is_told(tmp_path: Path) -> None:
    """Its lines mean other rows now: nothing is given back of it."""
    path = tmp_path / "e.csv"
    path.write_text(f"{PUPILS}ROY;Léa;;;CP\n", encoding="utf-8")
    (reading,) = read_files([path], today=TODAY)
    path.write_text(f"{PUPILS}PETIT;Zoé;14/03/2018;;CP\n", encoding="utf-8")

    with pytest.raises(UnreadableFile) as refusal:
        rows_to_return([reading], [(0, problem) for problem in reading.problems])

    assert refusal.value.reason is UnreadableReason.CHANGED


def test_what_is_given_back_shows_nobody_in_its_repr(tmp_path: Path) -> None:
    """Lines and counts only (R-66)."""
    sheet = returned(tmp_path / "e.csv", f"{PUPILS}ROY;Léa;;;CP\n")

    assert (repr(sheet), repr(sheet.rows[0])) == (
        "ReturnedSheet(kind=pupils, rows=1)", "ReturnedRow(line=2)",
    )  # fmt: skip
