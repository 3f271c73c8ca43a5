"""`data export` and `data purge` as people and programs use them."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.cli.options import LARGEST_NUMBER
from educonnect_admin.cli.purging import TASK
from educonnect_admin.domain.numbers import LONGEST_NUMBER
from educonnect_admin.edge import Services
from tests.cli.running import Terminal
from tests.support.households import CHARLEMAGNE


def test_a_person_s_data_in_two_files(run: Terminal, office: Services) -> None:
    """Mode 600, named by a number, the same rows in both; the trail tells who gave them out."""
    assert run("accounts", "generate", "--school", CHARLEMAGNE).code == 0
    done = run("data", "export", "--guardian", "celine.dupont", "--output", "remise", "--json")
    again = run("data", "export", "--guardian", "1", "--output", "remise")

    for_program, for_person = (Path(path) for path in done.json["files"])
    data = json.loads(for_program.read_text(encoding="utf-8"))
    assert (done.code, done.json["guardian"], done.json["account"]) == (0, 1, "celine.dupont")
    assert for_program.name == "donnees-responsable-1.json"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (for_program, for_person)} == {0o600}
    assert {name: len(data[name]) for name in done.json["rows"]} == done.json["rows"]
    assert "40 avenue Beaucour" in for_person.read_text(encoding="utf-8")
    assert (again.code, again.out) == (3, "")
    told = run("audit", "trail", "--account", "celine.dupont", "--json").json["entries"]
    # The one that was refused gave nothing out.
    assert [one["operator"] for one in told if one["kind"] == "person.exported"] == ["alice"]


def test_without_a_folder_it_is_shown(run: Terminal, office: Services) -> None:
    """As text to a person, whole to a program."""
    shown = run("data", "export", "--guardian", "1")
    told = run("data", "export", "--guardian", "1", "--json")

    assert "Ce que chaque école sait de vous" in shown.out
    assert "Rue : 40 avenue Beaucour" in shown.out
    assert told.json["data"]["guardians"][0]["given_name"] == "Céline"
    assert "motifs du journal" not in shown.err + told.err


@pytest.mark.parametrize("beside", [[], ["--json"], ["--output", "remise"]])
def test_free_texts_are_to_be_read_before_they_are_given_out(
    run: Terminal, office: Services, beside: list[str]
) -> None:
    """A reason may tell of somebody else: said of a file, of the screen and of a program's copy."""
    corrected = ("--mobile", "0798765432", "--reason", "signalé par son frère", "--yes")
    assert run("guardians", "correct", "1", *corrected).code == 0

    assert "motifs du journal" in run("data", "export", "--guardian", "1", *beside).err


def test_nobody_and_nothing_typed(run: Terminal, office: Services) -> None:
    """An unknown number or identifier exits 3, an empty one 2."""
    assert run("data", "export", "--guardian", "999").code == 3
    assert run("data", "export", "--guardian", "no.body").code == 3
    assert run("data", "export", "--guardian", "9" * 20).code == 3
    assert run("data", "export", "--guardian", "9" * 5000).code == 3
    assert run("data", "export", "--guardian", "").code == 2


@pytest.mark.parametrize(
    "command",
    [
        "guardians correct {} --mobile 0612345678 --reason vu",
        "roster review resolve 1 --record {} --reason vu",
        "audit trail --limit {}",
        "mail deliver --limit {}",
    ],
)
def test_a_number_that_no_database_holds_is_told_at_once(
    run: Terminal, office: Services, command: str
) -> None:
    """Too many signs typed are a fault of the typing (exit 2), not of ours."""
    assert len(str(LARGEST_NUMBER)) == LONGEST_NUMBER
    assert run(*command.format("9" * 20).split()).code == 2


def test_purging_says_how_many_and_then_nobody(run: Terminal, office: Services) -> None:
    """The dry run gives the same figures; the second run finds nobody."""
    with office.transaction() as session:
        session.execute(text("UPDATE enrolments SET ended_on = '2020-07-03'"))
        session.execute(text("UPDATE guardianships SET started_on = '2019-09-01'"))
    foreseen = run("data", "purge", "--dry-run", "--json").json
    done = run("data", "purge", "--json").json
    again = run("data", "purge")

    assert foreseen == {**done, "dry_run": True}
    assert (done["purged"], done["records"], done["pupils"]) == (12, 5, 7)
    assert (again.code, again.out) == (0, "Personne à effacer.\n")


def test_two_purges_at_once(run: Terminal, office: Services) -> None:
    """The second leaves at once, and that is no fault."""
    with office.lock(TASK):
        done = run("data", "purge", "--json")

    assert (done.code, done.json["busy"], done.json["purged"]) == (0, True, 0)
