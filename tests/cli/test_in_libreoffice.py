"""Both workbooks in a real spreadsheet program: corrected or filled in by typing, given back."""

from pathlib import Path

import pytest

from tests.cli.rejecting import UAI, files_of_a_school, import_with_rejects
from tests.cli.running import Terminal
from tests.support.libreoffice import Edit, correct
from tests.support.tables import difference, every_row

pytestmark = pytest.mark.slow

NOBODY = {"pupils": 0, "guardians": 0, "links": 0}


@pytest.fixture
def school(initiated: Terminal) -> Terminal:
    """An office with one school."""
    assert initiated("schools", "add", UAI, "École élémentaire Charlemagne").code == 0
    return initiated


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_refused_rows_corrected_in_libreoffice_go_in_and_nothing_else_changes(
    school: Terminal, tmp_path: Path, suffix: str
) -> None:
    """Dates typed into the coloured cells, a name, saved; the tables compared row by row."""
    found = import_with_rejects(school, tmp_path / "refus.xlsx", *files_of_a_school(tmp_path))
    edits: list[Edit] = [
        ("Élèves", "D2", "14/03/2015"),
        ("Élèves", "D3", "14/03/2016"),
        ("Responsables", "C3", "Paul"),
    ]
    corrected = correct(found.path, edits, tmp_path / f"corrige{suffix}")
    before = every_row(tmp_path / "office" / "db.sqlite")

    answer = school("roster", "import", str(corrected), "--school", UAI, "--json")

    changes = difference(before, every_row(tmp_path / "office" / "db.sqlite"))
    assert answer.code == 0
    assert answer.json["new"] == {"pupils": 2, "guardians": 1, "links": 2}
    assert answer.json["changed"] == answer.json["departed"] == NOBODY
    assert changes.removed == {}
    people = {"pupils", "enrolments", "guardians", "guardianships", "school_classes", "accounts"}
    assert not changes.changed.keys() & people
    added = {table: len(keys) for table, keys in changes.added.items() if table in people}
    assert added == {"pupils": 2, "enrolments": 2, "guardians": 1, "guardianships": 2}
    bob = school("pupils", "find", "bob dupont", "--json").json["pupils"]
    assert [(one["birth_date"], one["class"]) for one in bob] == [("2015-03-14", "CE1 B")]


def test_the_template_filled_in_by_typing_goes_in(school: Terminal, tmp_path: Path) -> None:
    """Zeros and dates stay as typed; the check of the dates tells days from none."""
    path = tmp_path / "modele.xlsx"
    assert school("roster", "template", str(path)).code == 0
    typed = ("DUPONT", "", "Alice", "14/03/2018", "", "CP", "CP A")
    parent = (
        "Mme",
        "DUPONT",
        "",
        "Claire",
        "",
        "02100",
        "",
        "",
        "",
        "0601020304",
        "DUPONT",
        "Alice",
    )
    edits: list[Edit] = [
        *(("Élèves", f"{column}2", text) for column, text in zip("ABCDEFG", typed, strict=True)),
        *(("Responsables", f"{column}2", text)
          for column, text in zip("ABCDEFGHIJKL", parent, strict=True)),
    ]  # fmt: skip
    filled = correct(path, [edit for edit in edits if edit[2]], tmp_path / "rempli.xlsx")

    answer = school("roster", "import", str(filled), "--school", UAI, "--json")

    assert answer.code == 0
    assert answer.json["new"] == {"pupils": 1, "guardians": 1, "links": 1}
    assert answer.json["problems"] == []


def test_the_check_of_dates_is_understood(run: Terminal, tmp_path: Path) -> None:
    """Its formula, computed: a day of four-digit year is one, everything else is stopped."""
    from openpyxl import load_workbook

    path = tmp_path / "modele.xlsx"
    assert run("roster", "template", str(path)).code == 0
    rules = load_workbook(path)["Élèves"].data_validations.dataValidation
    formula = next(rule.formula1 for rule in rules if rule.type == "custom")
    dates = ("14/03/2018", "1/9/2018", "14/03/18", "31/02/2018", "2018", "03/14/2018", "14/03/0018")
    edits: list[Edit] = []
    for row, text in enumerate(dates, start=2):
        edits += [
            ("Élèves", f"D{row}", text),
            ("Élèves", f"J{row}", "=" + formula.replace("D2", f"D{row}")),
        ]
    computed = correct(path, edits, tmp_path / "calcule.xlsx")

    sheet = load_workbook(computed, data_only=True)["Élèves"]

    assert [sheet[f"D{row}"].value for row in range(2, 9)] == list(dates)
    verdicts = [sheet[f"J{row}"].value for row in range(2, 9)]
    assert [verdict is True for verdict in verdicts] == [True, True, *[False] * 5]
