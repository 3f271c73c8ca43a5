"""Every faulty file of the samples, as a director would import it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from educonnect_admin.settings import Settings
from tests.cli.running import Terminal

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
UAI = "0599901S"


def files_of(folder: str) -> list[Path]:
    """Return the files of a folder of samples, its README apart."""
    return sorted(path for path in (SAMPLES / folder).iterdir() if path.name != "README.md")


def contents() -> list[str]:
    """Return every row of every table, as text."""
    with closing(sqlite3.connect(Settings().database_url)) as database:
        return sorted(line for line in database.iterdump() if line.startswith("INSERT"))


@pytest.fixture
def charlemagne(initiated: Terminal) -> None:
    """An office with the school of the files, and nobody in it."""
    assert initiated("schools", "add", UAI, "École Charlemagne").code == 0


@pytest.mark.usefixtures("charlemagne")
@pytest.mark.parametrize("path", files_of("fichiers-fautifs"), ids=lambda path: path.name)
def test_a_faulty_file_is_answered_in_french(run: Terminal, path: Path) -> None:
    """Exit 3 and nothing written, or exit 4 and only the good rows; the file is named."""
    before = contents()

    answer = run("roster", "import", str(path), "--school", UAI)

    assert answer.code in {3, 4}
    assert path.name in answer.all
    assert "Traceback" not in answer.all
    if answer.code == 3:
        assert contents() == before
    else:
        assert ", ligne " in answer.all
        assert " → " in answer.all


@pytest.mark.usefixtures("charlemagne")
@pytest.mark.parametrize("path", files_of("fichiers-a-remarques"), ids=lambda path: path.name)
def test_a_doubtful_file_is_taken_with_a_remark(run: Terminal, path: Path) -> None:
    """Exit 0: every row went in, and somebody should look at one."""
    answer = run("roster", "import", str(path), "--school", UAI)

    assert answer.code == 0
    assert ", ligne " in answer.all
    assert " → " in answer.all


@pytest.mark.usefixtures("charlemagne")
@pytest.mark.parametrize(
    "path",
    [*files_of("fichiers-fautifs"), *files_of("fichiers-a-remarques")],
    ids=lambda path: path.name,
)
def test_a_dry_run_says_the_same_and_writes_nothing(run: Terminal, path: Path) -> None:
    """The dry run ends with the exit code of the run, and leaves the database as it was."""
    before = contents()

    tried = run("roster", "import", str(path), "--school", UAI, "--dry-run")

    assert contents() == before
    assert tried.code == run("roster", "import", str(path), "--school", UAI).code
