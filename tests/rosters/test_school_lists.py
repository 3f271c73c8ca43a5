"""Lists of schools: a number a line, or a table that has some."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.school_lists import read_list

ONE, TWO = "0140070A", "0752387M"


def written(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    """Write a list."""
    path = folder / "ecoles.txt"
    path.write_bytes(content.encode(encoding))
    return path


def test_a_number_a_line(tmp_path: Path) -> None:
    """In their order, each once; blank lines and remarks are none."""
    path = written(tmp_path, f"# les écoles\n{TWO}\n\n  {ONE.lower()}  # Charlemagne\n{TWO}\n")
    assert read_list(path).uais == (TWO, ONE)
    assert read_list(path).without == ()


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_as_text(tmp_path: Path, separator: str) -> None:
    """The number may stand in any column; the heading is no line without one."""
    rows = (("Nom", "UAI"), ("École Charlemagne", f'"{ONE}"'), ("Curie", TWO), ("Sans", "rien"))
    path = written(tmp_path, "\n".join(map(separator.join, rows)), "cp1252")
    found = read_list(path)
    assert found.uais == (ONE, TWO)
    assert found.without == (4,)


def test_a_table_as_workbook(tmp_path: Path) -> None:
    """The same; lines are numbered as the spreadsheet does."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Nom", "UAI"], ["Charlemagne", ONE], ["Sans", "0140070B"], ["Curie", TWO]):
        sheet.append(row)
    book.save(tmp_path / "ecoles.xlsx")
    found = read_list(tmp_path / "ecoles.xlsx")
    assert found.uais == (ONE, TWO)
    assert found.without == (3,)


def test_a_first_line_that_is_a_school_is_one(tmp_path: Path) -> None:
    """A table without heading loses nobody."""
    assert read_list(written(tmp_path, f"{ONE};Charlemagne\n{TWO};Curie\n")).uais == (ONE, TWO)


def test_a_wrong_check_letter_is_no_number(tmp_path: Path) -> None:
    """Its line is told, for somebody mistyped it."""
    found = read_list(written(tmp_path, f"{ONE}\n0140070B\n"))
    assert found.uais == (ONE,)
    assert found.without == (2,)


def test_a_wrong_number_on_the_first_line_is_told_too(tmp_path: Path) -> None:
    """It is no heading, and its school would be left without a word."""
    found = read_list(written(tmp_path, f"0140070B\n{ONE}\n"))
    assert found.uais == (ONE,)
    assert found.without == (1,)


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """There is no such file."""
    with pytest.raises(UnreadableFile):
        read_list(tmp_path / "missing.txt")
