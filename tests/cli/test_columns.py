"""`roster columns`: what is shown, what is kept, and that the other commands follow it."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.running import Terminal

SCHOOL = "0599901S"
HEADINGS = ["Nom", "Prénom", "Date de naisance", "Groupe", "Nom mère", "Prénom mère", "Bip maman"]
ALICE = ["DURAND", "Alice", "03/09/2018", "CE1 B", "PETIT", "Anne", 612345678]
DATE, CLASS, MOBILE = (
    "--set=Date de naisance=date de naissance",
    "--set=GROUPE=classe",
    "--set=Bip maman=mère : mobile",
)


@pytest.fixture
def list_of_town_hall(environment: Path) -> str:
    """A workbook with headings of its own, one of them misspelt."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["Inscriptions 2026"], HEADINGS, ALICE):
        sheet.append(row)
    path = environment / "mairie.xlsx"
    book.save(path)
    return str(path)


def test_columns_are_shown_as_they_are_understood(run: Terminal, list_of_town_hall: str) -> None:
    """Sure, to be confirmed, not read; what is missing; how to say it."""
    answer = run("roster", "columns", list_of_town_hall)
    assert answer.code == 4
    lines = answer.out.splitlines()
    assert lines[0] == "mairie.xlsx (titres à la ligne 2)"
    for heading, content, state in (
        ("Nom mère", "mère : nom", "reconnue"),
        ("Date de naisance", "date de naissance", "à confirmer"),
        ("Bip maman", "", "pas lue"),
    ):
        (line,) = [line for line in lines if line.startswith(heading)]
        assert content in line
        assert line.endswith(state)
    assert "une colonne «Date de naisance» qui y ressemble" in answer.err
    assert '--set "Date de naisance=date de naissance"' in answer.err


def test_what_is_said_is_kept_and_followed(run: Terminal, list_of_town_hall: str) -> None:
    """By reading and by importing; without the school nothing changes."""
    said = run(
        "roster", "columns", list_of_town_hall, "--school", SCHOOL, DATE, CLASS, MOBILE, "--json"
    )
    assert said.code == 0
    assert said.json["files"][0]["kind"] == "families"
    assert said.json["kept"]["Bip maman"] == "mother.mobile"
    kept = Path(said.json["kept_in"])
    assert kept.stat().st_mode & 0o777 == 0o600
    assert '"Groupe" = "classe"' in kept.read_text("utf-8")
    assert run("roster", "read", list_of_town_hall).code == 3
    read = run("roster", "read", list_of_town_hall, "--school", SCHOOL)
    assert read.code == 0
    assert "3 colonnes lues comme retenu pour l'école" in read.out
    run("init")
    run("schools", "add", SCHOOL, "École Charlemagne")
    for command in ("plan", "import"):
        done = run("roster", command, list_of_town_hall, "--school", SCHOOL, "--json")
        assert done.code == 0
        assert done.json["new"] == {"pupils": 1, "guardians": 1, "links": 1}


def test_what_is_kept_is_shown_and_forgotten(
    run: Terminal, list_of_town_hall: str, tmp_path: Path
) -> None:
    """A heading that is in no file any more is told."""
    run("roster", "columns", list_of_town_hall, "--school", SCHOOL, DATE, MOBILE)
    shown = run("roster", "columns", "--school", SCHOOL)
    assert "Bip maman" in shown.out
    other = tmp_path / "autre.csv"
    other.write_text("Nom;Prénom;Né(e) le;Classe\nDURAND;Alice;03/09/2018;CE1\n", "utf-8")
    for command in ("columns", "read"):
        answer = run("roster", command, str(other), "--school", SCHOOL)
        assert answer.code == 0
        assert "«Bip maman»" in answer.err
    assert run("roster", "columns", "--school", SCHOOL, "--forget").code == 0
    assert "Rien n'est retenu" in run("roster", "columns", "--school", SCHOOL).out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "FICHIER"),
        (["FILE", DATE], "--school"),
        (["--forget"], "--school"),
        (["FILE", "--school", SCHOOL, "--set=Bip maman=machin"], "Une colonne peut contenir"),
        (["FILE", "--school", SCHOOL, "--set=Bip maman"], "--set"),
        (["FILE", "--school", SCHOOL, "--set=Absent=nom"], "«Absent»"),
    ],
)
def test_what_makes_no_sense_is_refused(
    run: Terminal, list_of_town_hall: str, arguments: list[str], words: str
) -> None:
    """Exit 2, and nothing is kept."""
    typed = [list_of_town_hall if one == "FILE" else one for one in arguments]
    answer = run("roster", "columns", *typed)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert "Rien n'est retenu" in run("roster", "columns", "--school", SCHOOL).out


def test_a_file_of_columns_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, run: Terminal, list_of_town_hall: str, tmp_path: Path
) -> None:
    """Its line is told, and how to forget it; `EDUCONNECT_COLUMNS_DIR` says where it is."""
    monkeypatch.setenv("EDUCONNECT_COLUMNS_DIR", str(tmp_path / "ici"))
    (tmp_path / "ici").mkdir()
    (tmp_path / "ici" / f"{SCHOOL}.toml").write_text("[colonnes]\n'A' = \n'B' = 'nom'\n")
    answer = run("roster", "read", list_of_town_hall, "--school", SCHOOL)
    assert answer.code == 3
    assert "(ligne 2)" in answer.err
    assert "--forget" in answer.err
    assert run("roster", "columns", "--school", SCHOOL, "--forget").code == 0
    assert run("roster", "columns", list_of_town_hall, "--school", "0599901Z").code == 3


def test_a_folder_that_cannot_be_written_to(
    monkeypatch: pytest.MonkeyPatch, run: Terminal, list_of_town_hall: str, tmp_path: Path
) -> None:
    """No traceback, nothing kept."""
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("EDUCONNECT_COLUMNS_DIR", str(tmp_path / "file" / "sub"))
    answer = run("roster", "columns", list_of_town_hall, "--school", SCHOOL, DATE)
    assert answer.code in {3, 5}
    assert "Traceback" not in answer.all
