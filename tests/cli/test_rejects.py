"""`roster import --rejects`: refused rows come back, and go in corrected (R-60)."""

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.rejecting import (
    FAULTY,
    GUARDIANS,
    PARENTS,
    PUPILS,
    SOUND,
    UAI,
    Imported,
    column,
    files_of_a_school,
    import_with_rejects,
    texts,
    written,
)
from tests.cli.running import Terminal
from tests.support.tables import Difference, difference, every_row

NOBODY = {"pupils": 0, "guardians": 0, "links": 0}
REASON, ACTION = "Motif du refus", "Que faire"
PEOPLE = {"pupils", "enrolments", "guardians", "guardianships", "school_classes"}


@pytest.fixture
def school(initiated: Terminal) -> Terminal:
    """An office with one school."""
    assert initiated("schools", "add", UAI, "École élémentaire Charlemagne").code == 0
    return initiated


@pytest.fixture
def imported(school: Terminal, tmp_path: Path) -> Imported:
    """The school's files, imported: three rows came back."""
    return import_with_rejects(school, tmp_path / "refus.xlsx", *files_of_a_school(tmp_path))


def database(folder: Path) -> Path:
    """Return the file of the office."""
    return folder / "office" / "db.sqlite"


def taken_in(run: Terminal, folder: Path, path: Path) -> tuple[Any, Difference]:
    """Import a workbook; return its result and what changed in the database."""
    before = every_row(database(folder))
    answer = run("roster", "import", str(path), "--school", UAI, "--json")
    return answer, difference(before, every_row(database(folder)))


def test_refused_rows_come_back_with_their_own_columns_and_two_of_ours(imported: Imported) -> None:
    """Pain 6: an empty birth date returns the row, as it stood, with the reason beside it."""
    pupils, guardians, guide = imported.book.worksheets

    assert imported.answer.code == 4
    assert imported.answer.json["rejects"] == str(imported.path)
    assert imported.answer.json["rejected_rows"] == imported.answer.json["refused"] == 3
    assert [sheet.title for sheet in (pupils, guardians, guide)] == [
        "Élèves", "Responsables", "Mode d'emploi",
    ]  # fmt: skip
    rows = texts(pupils)
    assert rows[0] == [*PUPILS.strip().split(";"), REASON, ACTION]
    assert [row[:-2] for row in rows[1:]] == [row.split(";") for row in FAULTY]
    assert rows[1][-2] == (
        "eleves.csv, ligne 4, colonne «Date naissance» : la date de naissance manque"
    )
    assert "jj/mm/aaaa" in rows[1][-1]


def test_faulty_cells_are_marked_otherwise_than_by_colour_too(imported: Imported) -> None:
    """Filled, framed, bold, with a note; the others are not."""
    sheet = imported.book["Élèves"]
    faulty, sound = sheet.cell(2, column(sheet, "Date naissance")), sheet.cell(2, 1)

    assert faulty.fill.fgColor.rgb != sound.fill.fgColor.rgb
    assert (faulty.border.left.style, sound.border.left.style) == ("medium", None)
    assert "jj/mm/aaaa" in faulty.comment.text
    assert sound.comment is None


def test_every_cell_is_text_and_the_headings_stay(imported: Imported) -> None:
    """No zero is lost, no date computed; headings are frozen, filtered, printed on every page."""
    for sheet in imported.book.worksheets[:2]:
        assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
    assert texts(imported.book["Élèves"])[1][7] == "02100"


def test_the_workbook_is_for_its_owner_alone(imported: Imported) -> None:
    """Mode 600, and nothing provisional is left."""
    assert stat.S_IMODE(imported.path.stat().st_mode) == 0o600
    assert list(imported.path.parent.glob("*.part")) == []


def test_columns_nobody_reads_are_folded_away(imported: Imported) -> None:
    """They are there, one click from being seen; what is at fault never is."""
    sheet = imported.book["Élèves"]
    folded = {
        sheet.cell(1, number).value
        for number in range(1, sheet.max_column + 1)
        if sheet.column_dimensions[sheet.cell(1, number).column_letter].hidden
    }

    assert folded == {"Nom d'usage élève", "Sexe", "INE", "Adresse1", "Cp1"}


def test_the_workbook_given_back_untouched_changes_nobody(
    school: Terminal, imported: Imported, tmp_path: Path
) -> None:
    """Refused rows are refused again, and their companions are as they were."""
    answer, changes = taken_in(school, tmp_path, imported.path)

    assert answer.code == 4
    assert answer.json["new"] == answer.json["changed"] == answer.json["departed"] == NOBODY
    assert answer.json["refused"] == 3
    assert changes == Difference({}, {}, {})


def test_corrected_rows_go_in_and_nothing_else_changes(
    school: Terminal, imported: Imported, tmp_path: Path
) -> None:
    """Old reasons still stand beside them; the guardian who waited is linked."""
    book = imported.book
    book["Élèves"]["D2"], book["Élèves"]["D3"] = "14/03/2015", "14/03/2016"
    book["Responsables"].cell(3, 3).value = "Paul"
    book.save(imported.path)

    answer, changes = taken_in(school, tmp_path, imported.path)

    assert answer.code == 0
    assert answer.json["new"] == {"pupils": 2, "guardians": 1, "links": 2}
    assert answer.json["departed"] == answer.json["changed"] == NOBODY
    assert changes.removed == {}
    assert not changes.changed.keys() & PEOPLE
    assert {table: len(keys) for table, keys in changes.added.items() if table in PEOPLE} == {
        "pupils": 2, "enrolments": 2, "guardians": 1, "guardianships": 2,
    }  # fmt: skip
    assert school("roster", "review", "--json").json == {"items": []}


def test_the_guardian_of_a_refused_pupil_comes_along(imported: Imported) -> None:
    """Her row went in; grey, it waits for the pupil, and says so. Others stay away."""
    rows = texts(imported.book["Responsables"])

    assert [row[:3] for row in rows[1:]] == [
        ["Mme", "DUPONT", "Claire"], ["M.", "MOREAU", ""],
    ]  # fmt: skip
    assert "attend un enfant" in rows[1][-2]
    assert "attend un enfant" not in rows[2][-2]


def test_children_beyond_the_headings_keep_their_columns(imported: Imported) -> None:
    """A second child right of the last heading gets headings, so that it is read again."""
    headings, claire, _ = texts(imported.book["Responsables"])

    child = ["Nom de famille enfant", "Prénom enfant", "Classes enfants"]
    assert headings[6:] == [*child, *child, REASON, ACTION]
    assert claire[6:12] == ["DUPONT", "Alice", "CP A", "DUPONT", "Bob", "CE1 B"]


def test_a_row_that_somebody_emptied_is_forgotten(
    school: Terminal, imported: Imported, tmp_path: Path
) -> None:
    """Its reason alone makes no row of it."""
    book = imported.book
    for number in range(1, len(PUPILS.split(";")) + 1):
        book["Élèves"].cell(2, number).value = None
    book["Élèves"]["D3"] = "14/03/2016"
    book.save(imported.path)

    answer, changes = taken_in(school, tmp_path, imported.path)

    assert answer.json["new"]["pupils"] == len(changes.added["pupils"]) == 1
    assert [one["line"] for one in answer.json["problems"] if one["refused"]] == [3]


def test_what_is_refused_again_comes_back_again(
    school: Terminal, imported: Imported, tmp_path: Path
) -> None:
    """With the same columns, ours not doubled, the reasons of now."""
    again = import_with_rejects(school, tmp_path / "encore.xlsx", str(imported.path))

    rows = texts(again.book["Élèves"])
    assert rows[0] == texts(imported.book["Élèves"])[0]
    assert rows[1][-2].startswith("refus.xlsx [Élèves], ligne 2, colonne «Date naissance»")


def test_every_reason_of_a_row_is_said_at_once(school: Terminal, tmp_path: Path) -> None:
    """No name, no given name, no such day: three reasons, three marked cells, one correction."""
    file = written(tmp_path / "e.csv", PUPILS, SOUND[0], ";;;31/02/2017;F;;;;CE1;CE1 B")

    found = import_with_rejects(school, tmp_path / "refus.xlsx", file)

    sheet = found.book["Élèves"]
    assert found.answer.json["rejected_rows"] == found.answer.json["refused"] == 1
    assert len(texts(sheet)[1][-2].splitlines()) == 3
    assert [cell.value for cell in sheet[1] if sheet.cell(2, cell.column).comment] == [
        "Nom élève", "Prénom élève", "Date naissance",
    ]  # fmt: skip


def test_pain_5_a_refusal_names_row_and_pupil(school: Terminal, tmp_path: Path) -> None:
    """At the terminal too; a program's list holds the line and no name."""
    pupils, guardians = files_of_a_school(tmp_path)

    said = school("roster", "import", pupils, guardians, "--school", UAI).err
    told = school("roster", "import", pupils, guardians, "--school", UAI, "--json").json

    assert "3 lignes refusées :" in said
    assert "eleves.csv, ligne 4, Bob DUPONT, colonne «Date naissance» : la date" in said
    assert "Bob" not in str([one["message"] for one in told["problems"] if one["refused"]])


def test_formulas_stay_text(school: Terminal, tmp_path: Path) -> None:
    """A name may look like one: it is quoted, never computed, and comes back the same."""
    evil = "=HYPERLINK('http://example.org')"
    row = f"{evil};;+Zoé;;F;@x;-1;#N/A;CE1;CE1 B"
    file = written(tmp_path / "e.csv", PUPILS, SOUND[0], row)

    found = import_with_rejects(school, tmp_path / "refus.xlsx", file)

    cells = found.book["Élèves"][2]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert [cell.value for cell in cells if cell.quotePrefix] == [evil, "+Zoé", "@x", "-1"]


@pytest.mark.parametrize(
    ("known", "clash"),
    [
        # One number, two birth dates, in one file: the earlier row stands.
        ((), ("ROY;;Léa;14/03/2018;F;0113014881M;;;CP;CP A",
              "ROY;;Léa;15/03/2018;F;0113014881M;;;CP;CP A")),
        # The same pupil, in two classes.
        ((), ("ROY;;Léa;14/03/2018;F;;;;CP;CP A", "ROY;;Léa;14/03/2018;F;;;;CP;CP B")),
        # The same pupil, twice; the second time with a usage name.
        ((), ("ROY;;Léa;14/03/2018;F;;;;CP;CP A", "ROY;PETIT;Léa;14/03/2018;F;;;;CP;CP A")),
        # A sister's number on her twin's row, hers missing.
        (("ROY;;Léa;14/03/2018;F;0113014881M;;;CP;CP A",),
         ("ROY;;Léa;14/03/2018;F;;;;CP;CP A", "ROY;;Zoé;14/03/2018;F;0113014881M;;;CP;CP A")),
        # A number with another date, while the names and date are another row's.
        (("ROY;;Léa;14/03/2018;F;0113014881M;;;CP;CP A",),
         ("ROY;;Léa;14/03/2018;F;;;;CP;CP A", "ROY;;Léa;15/03/2018;F;0113014881M;;;CP;CP A")),
    ],
)  # fmt: skip
def test_the_refused_one_of_two_rows_does_not_win_by_coming_last(
    school: Terminal, tmp_path: Path, known: tuple[str, ...], clash: tuple[str, ...]
) -> None:
    """The row it clashes with comes back beside it, so that untouched it is refused again."""
    if known:
        first = written(tmp_path / "avant.csv", PUPILS, *known)
        assert school("roster", "import", first, "--school", UAI).code == 0
    file = written(tmp_path / "e.csv", PUPILS, SOUND[0], *clash)
    found = import_with_rejects(school, tmp_path / "refus.xlsx", file)

    answer, changes = taken_in(school, tmp_path, found.path)

    assert found.answer.json["rejected_rows"] == 1
    rows = texts(found.book["Élèves"])
    assert [row[:-2] for row in rows[1:]] == [row.split(";") for row in clash]
    assert (answer.code, answer.json["refused"]) == (4, 1)
    assert changes == Difference({}, {}, {})


def test_clashes_between_two_files_come_back_with_both_rows(
    school: Terminal, tmp_path: Path
) -> None:
    """Each on the sheet of its file, in the same order: the second is refused again."""
    files = [
        written(tmp_path / f"{name}.csv", PUPILS, f"ROY;;Léa;{day};F;0113014881M;;;CP;CP A")
        for name, day in (("CP A", "14/03/2018"), ("CP B", "15/03/2018"))
    ]
    found = import_with_rejects(school, tmp_path / "refus.xlsx", *files)

    answer, changes = taken_in(school, tmp_path, found.path)

    assert found.book.sheetnames == ["CP A", "CP B", "Mode d'emploi"]
    assert answer.json["refused"] == 1
    assert changes == Difference({}, {}, {})


def test_of_two_rows_at_odds_the_one_that_is_kept_goes_in(school: Terminal, tmp_path: Path) -> None:
    """The grey row deleted, the other is right: one pupil, the other date."""
    file = written(
        tmp_path / "e.csv", PUPILS, SOUND[0], "ROY;;Léa;14/03/2018;F;0113014881M;;;CP;CP A",
        "ROY;;Léa;15/03/2018;F;0113014881M;;;CP;CP A",
    )  # fmt: skip
    found = import_with_rejects(school, tmp_path / "refus.xlsx", file)
    book = found.book
    sheet = book["Élèves"]
    assert sheet.cell(3, column(sheet, "Date naissance")).comment is not None
    sheet.delete_rows(2)
    book.save(found.path)

    answer, changes = taken_in(school, tmp_path, found.path)

    assert answer.json["changed"] == {"pupils": 1, "guardians": 0, "links": 0}
    assert changes.added.keys() & PEOPLE == set()
    assert len(changes.changed["pupils"]) == 1


def test_an_existing_file_is_never_replaced(school: Terminal, tmp_path: Path) -> None:
    """Exit 3 before anything is imported."""
    (tmp_path / "refus.xlsx").write_text("des années de travail", encoding="utf-8")
    before = every_row(database(tmp_path))

    found = import_with_rejects(school, tmp_path / "refus.xlsx", *files_of_a_school(tmp_path))

    assert found.answer.code == 3
    assert "ne sera pas remplacé" in found.answer.err
    assert found.path.read_text(encoding="utf-8") == "des années de travail"
    assert every_row(database(tmp_path)) == before


@pytest.mark.parametrize("name", ["refus.csv", "refus", ""])
def test_a_workbook_is_called_xlsx(school: Terminal, tmp_path: Path, name: str) -> None:
    """Anything else is a mistake at typing: exit 2, nothing imported."""
    before = every_row(database(tmp_path))

    answer = school(
        "roster", "import", *files_of_a_school(tmp_path), "--school", UAI, "--rejects", name
    )  # fmt: skip

    assert answer.code == 2
    assert every_row(database(tmp_path)) == before


def test_a_dry_run_says_how_many_rows_would_come_back(school: Terminal, tmp_path: Path) -> None:
    """Nothing is written, not even the folder."""
    path = tmp_path / "nouveau" / "refus.xlsx"
    command = ("roster", "import", *files_of_a_school(tmp_path), "--school", UAI, "--dry-run")

    said = school(*command, "--rejects", str(path))
    told = school(*command, "--rejects", str(path), "--json").json

    assert "3 lignes refusées seraient rendues" in said.out
    assert (told["rejects"], told["rejected_rows"]) == (None, 3)
    assert not path.parent.exists()


def test_without_refused_rows_there_is_no_workbook(school: Terminal, tmp_path: Path) -> None:
    """And it says so."""
    file = written(tmp_path / "e.csv", PUPILS, *SOUND)

    found = import_with_rejects(school, tmp_path / "refus.xlsx", file)

    assert found.answer.code == 0
    assert (found.answer.json["rejects"], found.answer.json["rejected_rows"]) == (None, 0)
    assert "Aucune ligne refusée" in found.answer.err
    assert not found.path.exists()


def test_when_every_row_is_refused_they_come_back_all_the_same(
    school: Terminal, tmp_path: Path
) -> None:
    """Exit 3, nothing in the database; corrected, they go in."""
    file = written(tmp_path / "e.csv", PUPILS, FAULTY[0])
    found = import_with_rejects(school, tmp_path / "refus.xlsx", file)
    book = found.book
    book["Élèves"]["D2"] = "14/03/2015"
    book.save(found.path)

    assert found.answer.code == 3
    assert str(found.path) in found.answer.err
    assert taken_in(school, tmp_path, found.path)[0].json["new"]["pupils"] == 1


def test_an_import_that_waits_for_consent_leaves_no_workbook(
    school: Terminal, tmp_path: Path
) -> None:
    """The same command, with consent, then finds the name free."""
    letters = "ABCDEFGHIJ"
    everybody = [f"ROY;;Léa {one};14/03/2018;F;;;;CP;CP A" for one in letters]
    first = written(tmp_path / "avant.csv", PUPILS, *everybody)
    assert school("roster", "import", first, "--school", UAI).code == 0
    file = written(tmp_path / "e.csv", PUPILS, *everybody[:3], FAULTY[0])

    found = import_with_rejects(school, tmp_path / "refus.xlsx", file)

    assert found.answer.code == 3
    assert not found.path.exists()


def test_an_import_is_told_although_its_workbook_could_not_be_written(
    school: Terminal, tmp_path: Path
) -> None:
    """Exit 5; the result still says what went in."""
    (tmp_path / "refus.xlsx.part").mkdir()

    found = import_with_rejects(school, tmp_path / "refus.xlsx", *files_of_a_school(tmp_path))

    assert found.answer.code == 5
    assert found.answer.json["new"]["pupils"] == 2
    assert found.answer.json["rejects"] is None


def test_a_number_that_was_no_date_does_not_become_one(school: Terminal, tmp_path: Path) -> None:
    """In a CSV file 43173 is no date; in the workbook, untouched, it is none either."""
    file = written(tmp_path / "e.csv", PUPILS, SOUND[0], "ROY;;Léa;43173;F;;;;CP;CP A")
    found = import_with_rejects(school, tmp_path / "refus.xlsx", file)

    answer, changes = taken_in(school, tmp_path, found.path)

    assert answer.code == 3
    assert changes == Difference({}, {}, {})


def test_a_dates_count_of_days_comes_back_as_a_date(school: Terminal, tmp_path: Path) -> None:
    """A workbook's real date is shown as people type it, and is read again."""
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Nom", "Prénom", "Date de naissance", "Classe"])
    sheet.append(["DUPONT", "Alice", datetime(2018, 3, 14), "CP A"])  # noqa: DTZ001
    sheet.append(["ROY", None, datetime(2018, 3, 15), "CP A"])  # noqa: DTZ001
    book.save(tmp_path / "liste.xlsx")

    found = import_with_rejects(school, tmp_path / "refus.xlsx", str(tmp_path / "liste.xlsx"))

    assert texts(found.book["Élèves"])[1][:4] == ["ROY", "", "15/03/2018", "CP A"]


def test_guardians_alone_come_back_and_go_in_alone(school: Terminal, tmp_path: Path) -> None:
    """A file of guardians without its pupils' is corrected as well."""
    pupils, guardians = files_of_a_school(tmp_path)
    school("roster", "import", pupils, "--school", UAI)
    only = written(tmp_path / "r.csv", GUARDIANS, PARENTS[2], PARENTS[1].replace("Charlie", "Emma"))
    found = import_with_rejects(school, tmp_path / "refus.xlsx", only)
    book = found.book
    book["Responsables"].cell(2, 3).value = "Paul"
    book.save(found.path)

    answer, changes = taken_in(school, tmp_path, found.path)

    assert found.book.sheetnames == ["Responsables", "Mode d'emploi"]
    assert answer.json["new"] == {"pupils": 0, "guardians": 1, "links": 1}
    assert not changes.changed.keys() & PEOPLE
    assert guardians
