"""`accounts close-leavers`, and what `show` and `explain` say before and after (R-62)."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from educonnect_admin.domain.calendar import day_in
from educonnect_admin.edge import Services, clock
from tests.cli.running import Terminal
from tests.support.households import CHARLEMAGNE

CELINE = "celine.dupont"


@pytest.fixture
def desk(run: Terminal, office: Services) -> Services:
    """Every guardian has an account, opened long ago."""
    assert run("accounts", "generate", "--school", CHARLEMAGNE).code == 0
    change(office, "UPDATE accounts SET created_at = '2020-09-01 08:00:00'")
    return office


def change(office: Services, statement: str) -> None:
    """Change the database as an import would."""
    with office.transaction() as session:
        session.execute(text(statement))


def leave(office: Services, days_ago: int, pupils: str = "id <= 2") -> str:
    """Let the Duponts' children leave; return the day on which their parents' accounts close."""
    left = day_in("Europe/Paris", clock()) - timedelta(days=days_ago)
    change(
        office,
        f"UPDATE enrolments SET ended_on = '{left}'"
        f" WHERE pupil_id IN (SELECT id FROM pupils WHERE {pupils})",
    )
    return str(left + timedelta(days=90))


def test_the_day_is_told_ahead(run: Terminal, desk: Services) -> None:
    """By `show`, by `explain` and by the command itself, which closes nothing yet."""
    day = leave(desk, 10)
    said = f"{day[8:]}/{day[5:7]}/{day[:4]}"

    assert (
        f"Plus aucun enfant inscrit : sera fermé le {said}" in run("accounts", "show", CELINE).out
    )
    assert run("accounts", "show", CELINE, "--json").json["closes_on"] == day
    why = run("accounts", "explain", CELINE, "--json").json
    assert (why["reason"], why["findings"][0]["facts"]["closes_on"]) == ("no_child", day)
    assert "il sera fermé le " in why["sentence"]
    answer = run("accounts", "close-leavers")
    assert answer.code == 0
    assert answer.out == (
        "0 compte fermé faute d'enfant inscrit depuis 90 jours.\n"
        f"2 autres comptes n'ont plus d'enfant inscrit ; prochaine fermeture le {said}, si "
        "personne ne revient.\n"
    )


def test_one_account_that_waits_is_one(run: Terminal, desk: Services) -> None:
    """The sentence agrees with its number."""
    leave(desk, 10, "given_name IN ('An', 'Bình', 'Chi', 'Dũng')")

    assert "1 autre compte n'a plus d'enfant inscrit" in run("accounts", "close-leavers").out


def test_closed_and_told_so(run: Terminal, desk: Services) -> None:
    """A dry run first; then the sheet, the reason with its commands, and the trail."""
    leave(desk, 90)
    numbers = {
        "closed": 2, "kept": 0, "next_on": None, "letters_ended": 0, "messages_cancelled": 0,
        "busy": False,
    }  # fmt: skip

    foreseen = run("accounts", "close-leavers", "--dry-run", "--json")
    assert foreseen.json == {**numbers, "dry_run": True}
    assert "Essai : rien n'a été écrit." in foreseen.err
    assert run("accounts", "close-leavers", "--school", CHARLEMAGNE, "--json").json == numbers
    assert run("accounts", "close-leavers").out.startswith("0 compte fermé")

    sheet = run("accounts", "show", CELINE)
    assert "Fermé faute d'enfant inscrit" in sheet.out
    assert "compte fermé (état d'avant non notifié, plus d'enfant inscrit)" in sheet.out
    asked = run("accounts", "show", CELINE, "--json").json
    assert (asked["closed_without_child"], asked["closes_on"]) == (True, None)
    why = run("accounts", "explain", CELINE, "--json").json
    assert why["reason"] == "closed_without_child"
    assert why["commands"] == [
        f"educonnect-admin roster import ELEVES RESPONSABLES --school {CHARLEMAGNE}",
        f"educonnect-admin accounts generate --school {CHARLEMAGNE}",
        f"educonnect-admin accounts reopen {CELINE} --reason 'enfant de retour'",
    ]


def test_an_unknown_school_is_refused(run: Terminal, desk: Services) -> None:
    """With its number, and nothing is closed."""
    leave(desk, 90)

    answer = run("accounts", "close-leavers", "--school", "0752387M")

    assert answer.code == 3
    assert "0752387M" in answer.err
    assert run("accounts", "close-leavers", "--json").json["closed"] == 2
