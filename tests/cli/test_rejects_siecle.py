"""Refused rows of SIECLE come back on sheets headed by its tags, numbers and links included."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.rejecting import UAI, Imported, column, import_with_rejects, texts
from tests.cli.running import Terminal
from tests.support.tables import Difference, difference, every_row

_HEAD = f"<PARAMETRES><UAJ>{UAI}</UAJ></PARAMETRES>"


def pupil(number: int, given_name: str, born: str) -> str:
    """Return a pupil of the college."""
    return (
        f'<ELEVE ELEVE_ID="{number}"><NOM_DE_FAMILLE>MOREAU</NOM_DE_FAMILLE>\n'
        f"<PRENOM>{given_name}</PRENOM><DATE_NAISS>{born}</DATE_NAISS>"
        "<CODE_MEF>10110001110</CODE_MEF></ELEVE>\n"
    )


def class_of(number: int) -> str:
    """Return the class of a pupil."""
    return (
        f'<STRUCTURES_ELEVE ELEVE_ID="{number}"><STRUCTURE><CODE_STRUCTURE>5 B</CODE_STRUCTURE>'
        "<TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\n"
    )


def person(number: int, given_name: str) -> str:
    """Return a person, with a mobile of her own."""
    return (
        f'<PERSONNE PERSONNE_ID="{number}"><LC_CIVILITE>MME</LC_CIVILITE>'
        f"<NOM_DE_FAMILLE>ROY</NOM_DE_FAMILLE><PRENOM>{given_name}</PRENOM>\n"
        f"<TEL_PORTABLE>+33601020{number}</TEL_PORTABLE></PERSONNE>\n"
    )


def link(person: int, child: int, level: int = 1) -> str:
    """Return what a person is to a pupil."""
    return (
        f"<RESPONSABLE_ELEVE><ELEVE_ID>{child}</ELEVE_ID><PERSONNE_ID>{person}</PERSONNE_ID>"
        f"<NIVEAU_RESPONSABILITE>{level}</NIVEAU_RESPONSABILITE><CODE_PARENTE>10</CODE_PARENTE>"
        "</RESPONSABLE_ELEVE>\n"
    )


def written(folder: Path, name: str, root: str, *sections: str) -> str:
    """Write an export."""
    path = folder / name
    head = '<?xml version="1.0" encoding="ISO-8859-15"?>\n'
    path.write_text(
        f"{head}<{root}>{_HEAD}<DONNEES>{''.join(sections)}</DONNEES></{root}>", "iso8859-15"
    )
    return str(path)


@pytest.fixture
def imported(initiated: Terminal, tmp_path: Path) -> Imported:
    """An import of a college: Emma and Léa have no possible birth date, one mother no name."""
    assert initiated("schools", "add", UAI, "Collège Charlemagne").code == 0
    pupils = written(
        tmp_path, "eleves.xml", "BEE_ELEVES",
        "<ELEVES>", pupil(1, "Noé", "14/03/2012"), pupil(2, "Emma", "31/02/2012"),
        pupil(3, "Léa", ""), "</ELEVES>",
        "<STRUCTURES>", *map(class_of, (1, 2, 3)), "</STRUCTURES>",
    )  # fmt: skip
    guardians = written(
        tmp_path, "responsables.xml", "BEE_RESPONSABLES",
        "<PERSONNES>", person(304, "Ada"), person(305, ""), person(306, "Eve"), "</PERSONNES>",
        "<RESPONSABLES>", link(304, 1), link(304, 2), link(305, 3), link(306, 1),
        link(306, 3, level=3), "</RESPONSABLES>",
    )  # fmt: skip
    return import_with_rejects(initiated, tmp_path / "refus.xlsx", pupils, guardians)


def test_the_sheets_are_headed_by_tags(imported: Imported) -> None:
    """What people know by stays in sight; numbers are folded away, and there."""
    pupils, guardians = imported.book["Élèves"], imported.book["Responsables"]

    assert imported.answer.json["rejected_rows"] == 3
    assert texts(pupils)[0][:-2] == [
        "ELEVE_ID", "INE_RNIE", "NOM_DE_FAMILLE", "NOM_USAGE", "PRENOM", "DATE_NAISS",
        "DATE_SORTIE", "CODE_MEF", "CODE_STRUCTURE", "NIVEAU",
    ]  # fmt: skip
    assert [row[4] for row in texts(pupils)[1:]] == ["Emma", "Léa"]
    assert pupils.cell(2, column(pupils, "DATE_NAISS")).comment is not None
    assert pupils.column_dimensions["A"].hidden
    assert not pupils.column_dimensions["E"].hidden
    child = ["ELEVE_ID", "RESP_LEGAL", "NIVEAU_RESPONSABILITE", "CODE_PARENTE"]
    assert texts(guardians)[0][-10:-2] == [*child, *child]


def test_untouched_they_change_nobody(run: Terminal, imported: Imported, tmp_path: Path) -> None:
    """As with any other file."""
    before = every_row(tmp_path / "office" / "db.sqlite")

    answer = run("roster", "import", str(imported.path), "--school", UAI, "--json")

    assert (answer.code, answer.json["refused"]) == (4, 3)
    assert difference(before, every_row(tmp_path / "office" / "db.sqlite")) == Difference(
        {}, {}, {}
    )


def test_corrected_they_go_in_with_their_links(run: Terminal, imported: Imported) -> None:
    """By SIECLE's numbers; a person who is only to be reached (level 3) is not legal."""
    book = imported.book
    pupils, guardians = book["Élèves"], book["Responsables"]
    pupils.cell(2, column(pupils, "DATE_NAISS")).value = "28/02/2012"
    pupils.cell(3, column(pupils, "DATE_NAISS")).value = "01/03/2012"
    at = next(n for n, row in enumerate(texts(guardians), start=1) if row[0] == "305")
    guardians.cell(at, column(guardians, "PRENOM")).value = "Zoé"
    book.save(imported.path)

    answer = run("roster", "import", str(imported.path), "--school", UAI, "--json")
    again = run("roster", "import", str(imported.path), "--school", UAI, "--json")

    assert answer.code == 0
    assert (answer.json["new"]["pupils"], answer.json["new"]["guardians"]) == (2, 1)
    found = run("pupils", "find", "moreau", "--json").json["pupils"]
    assert {(one["class"], one["level"]) for one in found} == {("5 B", "5E")}
    with closing(sqlite3.connect(imported.path.parent / "office" / "db.sqlite")) as base:
        links = base.execute("SELECT guardian_id, pupil_id, kinship, legal FROM guardianships")
        assert sorted(links) == [
            (1, 1, "10", 1), (1, 2, "10", 1), (2, 1, "10", 1), (2, 3, "10", 0), (3, 3, "10", 1),
        ]  # fmt: skip
    assert again.json["new"] == {"pupils": 0, "guardians": 0, "links": 0}
    assert [one["code"] for one in again.json["problems"] if one["code"] == "unlikely_age"] == []
