"""`roster template`: an empty workbook that explains itself, and goes in once filled."""

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.rejecting import UAI, texts
from tests.cli.running import Terminal

PUPILS = [
    ["DUPONT", None, "Alice", "14/03/2018", None, "CP", "CP A"],
    ["NGUYEN", "MARTIN", "Linh", "02/11/2016", "0113014881M", "CE1", "CE1 B"],
]
GUARDIANS = [
    ["Mme", "DUPONT", None, "Claire", "12 rue du Moulin", "02100", "Saint-Quentin", None,
     "claire@example.org", "06 01 02 03 04", "DUPONT", "Alice", "CP A"],
    ["M.", "NGUYEN", None, "Anh", None, None, None, None, None, "0601020305", "NGUYEN", "Linh",
     "CE1 B", "DUPONT", "Alice", "CP A"],
]  # fmt: skip


@pytest.fixture
def template(run: Terminal, tmp_path: Path) -> Path:
    """The empty workbook."""
    path = tmp_path / "modele.xlsx"
    answer = run("roster", "template", str(path), "--json")
    assert (answer.code, answer.json) == (0, {"path": str(path)})
    return path


def opened(path: Path) -> Any:
    """Return a workbook as a spreadsheet opens it."""
    from openpyxl import load_workbook

    return load_workbook(path)


def fill(path: Path) -> None:
    """Fill the workbook in."""
    book = opened(path)
    book["Classes"].append(["CP A"])
    for title, rows in (("Élèves", PUPILS), ("Responsables", GUARDIANS)):
        for row in rows:
            book[title].append(row)
    book.save(path)


def test_filled_in_it_goes_in(run: Terminal, template: Path) -> None:
    """Every column is recognised, nothing is refused or remarked, everybody is linked."""
    fill(template)
    assert run("init").code == 0
    assert run("schools", "add", UAI, "École Charlemagne").code == 0

    answer = run("roster", "import", str(template), "--school", UAI, "--json")

    assert answer.code == 0
    assert answer.json["new"] == {"pupils": 2, "guardians": 2, "links": 3}
    assert answer.json["problems"] == []
    assert {file["format"] for file in answer.json["files"]} == {"generic"}


def test_no_column_is_ignored(run: Terminal, template: Path) -> None:
    """What it asks for is read, whatever stands in it."""
    fill(template)

    files = run("roster", "read", str(template), "--json").json["files"]

    assert [file["kind"] for file in files] == ["pupils", "guardians"]
    assert [
        heading for file in files for heading, field in file["headings"].items() if not field
    ] == []


def test_unfilled_it_says_that_nobody_is_in_it(run: Terminal, template: Path) -> None:
    """Exit 3, and what to do; its advice and examples are taken for nobody."""
    answer = run("roster", "read", str(template))

    assert answer.code == 3
    assert "n'a que des en-têtes, et personne dessous" in answer.err
    assert "écrivez-y une ligne par personne" in answer.err


def test_its_advice_is_never_taken_for_a_roster(run: Terminal, template: Path) -> None:
    """Alone in a workbook, the sheet of advice has no headings."""
    book = opened(template)
    for title in ("Classes", "Élèves", "Responsables"):
        book.remove(book[title])
    book.save(template)

    answer = run("roster", "read", str(template))

    assert answer.code == 3
    assert "en-têtes connus" in answer.err


def test_compulsory_columns_bear_an_asterisk(template: Path) -> None:
    """Those without which a row is refused, or a guardian has no child."""
    book = opened(template)

    assert [
        heading for title in ("Élèves", "Responsables") for heading in texts(book[title])[0]
        if heading.endswith("*")
    ] == [
        "Nom de famille *", "Prénom *", "Date de naissance *", "Nom *", "Prénom *",
        "Nom de famille enfant 1 *", "Prénom enfant 1 *",
    ]  # fmt: skip


def test_nothing_that_is_not_needed_is_asked(template: Path) -> None:
    """No sex, no nationality, no place of birth (R-66)."""
    book = opened(template)
    asked = {heading for sheet in book.worksheets[1:] for heading in texts(sheet)[0]}

    assert not any(
        word in heading.lower() for heading in asked for word in ("sexe", "nation", "lieu")
    )


def test_cells_are_text_and_lists_drop_down(template: Path) -> None:
    """Civilities, levels, classes to choose from; a date that is none is stopped."""
    book = opened(template)
    pupils, guardians = book["Élèves"], book["Responsables"]

    for sheet in (pupils, guardians):
        formats = {sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]}
        assert formats == {"@"}
        assert sheet.freeze_panes == "A2"
    rules = {str(rule.sqref): rule for rule in pupils.data_validations.dataValidation}
    levels, classes, birth, ine = (rules[f"{letter}2:{letter}3000"] for letter in "FGDE")
    assert levels.formula1.startswith('"TPS,PS,MS,GS,CP,CE1')
    assert classes.formula1 == "'Classes'!$A$2:$A$200"
    assert (birth.type, birth.errorStyle) == ("custom", "stop")
    assert (ine.type, ine.formula1, ine.errorStyle) == ("textLength", "11", "warning")
    lists = [
        rule.formula1 for rule in guardians.data_validations.dataValidation if rule.type == "list"
    ]
    assert lists == ['"Mme,M."', *["'Classes'!$A$2:$A$200"] * 3]


def test_it_replaces_no_file(run: Terminal, template: Path) -> None:
    """Exit 3; what was filled in stays."""
    fill(template)
    before = template.read_bytes()

    answer = run("roster", "template", str(template))

    assert answer.code == 3
    assert "ne sera pas remplacé" in answer.err
    assert template.read_bytes() == before


@pytest.mark.parametrize("name", ["modele.ods", "modele", ""])
def test_it_is_an_xlsx(run: Terminal, name: str) -> None:
    """Anything else is a mistake at typing."""
    assert run("roster", "template", name).code == 2


def test_it_is_for_its_owner_alone(template: Path) -> None:
    """Mode 600, for what will be in it."""
    assert stat.S_IMODE(template.stat().st_mode) == 0o600
