"""`guide` in a real terminal, from an empty machine to the folder of letters (issue 5, 7)."""

import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.guided import PUPILS
from tests.support.pdf import pages_of
from tests.support.tmux import COLUMNS, LINES, PAUSE, Terminal, questions_in, terminal

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
FAULTY = SAMPLES / "fichiers-fautifs"
LOOKS: dict[str, dict[str, str]] = {
    "colours": {},
    "no-colour": {"NO_COLOR": "1"},
    "dumb": {"TERM": "dumb"},
}


@pytest.fixture
def machine() -> Iterator[Path]:
    """A computer on which nobody ever worked: an empty home, two exports that were downloaded."""
    with TemporaryDirectory(prefix="ec-", dir="/tmp") as folder:
        downloads = Path(folder) / "Téléchargements"
        downloads.mkdir()
        for path in (SAMPLES / "ecole-charlemagne").glob("*.csv"):
            shutil.copy(path, downloads)
        yield Path(folder)


def guide(machine: Path, **environment: str) -> AbstractContextManager[Terminal]:
    """Give a terminal in which the guide has just begun."""
    there = {"HOME": str(machine), "EDUCONNECT_HASHING": "cheap-for-tests", **environment}
    return terminal(machine, "guide", environment=there, cwd=machine)


def answer(screen: Terminal, question: str, typed: str) -> None:
    """Answer a question, after the pauses before it."""
    read_on(screen)
    assert question in screen.question, "\n".join(screen.screen)
    screen.type(typed)


def read_on(screen: Terminal) -> None:
    """Press Enter for as long as the guide only waits for somebody to have read."""
    while PAUSE in screen.question and screen.code is None:
        screen.type("")


def assert_readable(screen: Terminal) -> None:
    """No line is too long, save a path to copy; never more than a screen between two questions."""
    lines = screen.everything
    asked = questions_in(lines)
    told = [line for at, line in enumerate(lines) if at not in asked]
    wide = [line for line in told if len(line) > COLUMNS and not line.startswith("    ")]

    assert wide == []
    assert max(after - before for before, after in pairwise(asked)) <= LINES
    assert len(lines) - asked[-1] <= LINES


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_from_an_empty_machine_to_the_folder_of_letters(machine: Path, look: str) -> None:
    """Ten answers; 222 letters of one page in a folder of their owner's; all of it readable."""
    with guide(machine, **LOOKS[look]) as screen:
        answer(screen, "Commencer ? [o]", "")
        answer(screen, "Numéro UAI de l'école", "0599901S")
        answer(screen, "Nom de l'école", "École élémentaire Charlemagne")
        answer(screen, "Ville", "Lille")
        answer(screen, "Quels fichiers ? [1 2]", "")
        answer(screen, "Importer ? [o]", "d")
        answer(screen, "Importer ? [o]", "")
        answer(screen, "Quelles classes ? [toutes]", "")
        answer(screen, "Dossier où les ranger [~/Documents/Courriers EduConnect/", "")
        answer(screen, "Préparer ces 222 courriers ? [o]", "")
        read_on(screen)

        assert screen.code == 0
        assert_readable(screen)
        if look != "colours":
            assert b"\x1b" not in screen.raw
            assert re.search("[─-╿▀-▟]", screen.raw.decode()) is None
    (folder,) = (machine / "Documents" / "Courriers EduConnect").iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sum(len(pages_of(path)) for path in folder.glob("*-courriers.pdf")) == 222


def many_problems(machine: Path) -> Path:
    """Write a file whose problems take more than a screen."""
    path = machine / "beaucoup.csv"
    rows = ["SEUL;;Zoé;14/03/2018;;CP;CP A", *(f"PETIT;;Enfant {n};;;CP;CP A" for n in range(20))]
    path.write_text(PUPILS + "\n".join([*rows, ""]), encoding="utf-8")
    return path


@pytest.mark.slow
def test_wrong_turns_in_a_real_terminal(machine: Path) -> None:
    """Bad numbers, bad files, changes of mind; stopped with Ctrl-D, with Ctrl-C; then the end."""
    with guide(machine) as screen:
        answer(screen, "Commencer ? [o]", "plus tard")
        answer(screen, "Commencer ? [o]", "o")
        answer(screen, "Numéro UAI de l'école", "0599901A")
        assert "la lettre de contrôle devrait être S" in " ".join(screen.screen)
        answer(screen, "Numéro UAI de l'école", "0599901s")
        answer(screen, "Nom de l'école", "Ecole Charlemanne")
        answer(screen, "Ville", "r")
        answer(screen, "Nom de l'école", "École élémentaire Charlemagne")
        answer(screen, "Ville", "Lille")
        for name, told in (
            ("enseignants.csv", "est l'extraction des enseignants"),
            ("vide.csv", "est vide"),
            ("page-web.csv", "est une page web"),
            ("classeur-protege.xlsx", "est protégé par un mot de passe"),
        ):
            answer(screen, "Quels fichiers ? [1 2]", f"'{FAULTY / name}'")
            assert told in " ".join(screen.screen)
        answer(screen, "Quels fichiers ? [1 2]", str(FAULTY / "sans-date.csv"))
        answer(screen, "Importer ? [o]", "r")
        answer(screen, "Quels fichiers ? [1 2]", str(many_problems(machine)))
        answer(screen, "Importer ? [o]", "d")
        assert PAUSE in screen.question
        answer(screen, "Importer ? [o]", "r")
        answer(screen, "Quels fichiers ? [1 2]", "1 2")
        answer(screen, "Importer ? [o]", "n")
        read_on(screen)
        screen.press("C-d")

        assert screen.code == 3
        assert "Fait : le bureau est créé." in "\n".join(screen.screen)
        assert_readable(screen)
    with guide(machine) as screen:
        answer(screen, "Commencer ? [o]", "")
        answer(screen, "Numéro UAI de l'école", "0599901S")
        answer(screen, "Nom de l'école", "École élémentaire Charlemagne")
        answer(screen, "Ville", "")
        answer(screen, "Quels fichiers ? [1 2]", "")
        answer(screen, "Importer ? [o]", "")
        read_on(screen)
        screen.press("C-c")

        assert screen.code == 130
        assert "Fait : l'import (135 nouveaux élèves" in "\n".join(screen.screen)
    with guide(machine) as screen:
        answer(screen, "Commencer ? [o]", "")
        answer(screen, "Est-ce cette école ? [o]", "")
        answer(screen, "Quels fichiers ? [1 2]", "p")
        answer(screen, "Quelles classes ? [toutes]", "CM2")
        answer(screen, "Dossier où les ranger", "~/mes courriers")
        answer(screen, "Préparer ces 35 courriers ? [o]", "")
        read_on(screen)

        assert screen.code == 0
        assert_readable(screen)
    assert len(pages_of(next((machine / "mes courriers").glob("*-courriers.pdf")))) == 35
