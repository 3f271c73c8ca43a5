"""`audit trail`: read by people and programs, and verified (R-63)."""

from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.queries.trail import append_to_trail
from tests.cli.running import Terminal
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE, MARIE_CURIE


@pytest.fixture
def desk(run: Terminal, office: Services) -> Services:
    """An office where letters were issued and one account was closed with a reason."""
    assert run("schools", "add", MARIE_CURIE, "Collège Marie Curie").code == 0
    assert run("accounts", "generate", "--school", CHARLEMAGNE).code == 0
    with office.transaction() as session:
        number = session.scalar(text("SELECT id FROM accounts WHERE identifier = 'jean.dupont'"))
        append_to_trail(
            session,
            office.author(NOW),
            [Happening(TrailKind.ACCOUNT_CLOSED, school_id=1, account_id=number,
                       reason="a déménagé")],
        )  # fmt: skip
    return office


def test_a_person_reads_one_line_an_entry(run: Terminal, desk: Services) -> None:
    """When, where, which number, who, what, why; the newest first, in Paris time."""
    said = run("audit", "trail", "--account", "Jean.DUPONT").out.splitlines()

    assert len(said) == 2
    assert "23/11/2026 18:30  0140070A n° 7     alice  compte fermé  «a déménagé»" in "".join(said)
    assert any("«a déménagé»" in line for line in said)
    assert said[0].endswith("alice  compte ouvert")
    assert "compte ouvert : jean.dupont" in run("audit", "trail").out


def test_a_program_reads_every_field(run: Terminal, desk: Services) -> None:
    """Ids, codes, the identifier and the reason; `school` is null for the office."""
    told = run("audit", "trail", "--json").json

    closed = next(entry for entry in told["entries"] if entry["kind"] == "account.closed")
    opened = next(entry for entry in told["entries"] if entry["kind"] == "office.opened")
    names = ("school", "operator", "account", "reason", "details")
    assert [closed[name] for name in names] == [
        CHARLEMAGNE, "alice", "jean.dupont", "a déménagé", {},
    ]  # fmt: skip
    assert closed["happened_at"] == "2026-11-23T17:30:00+00:00"
    assert (opened["school"], opened["chain"], opened["sequence"]) == (None, 0, 1)
    assert told["total"] == len(told["entries"]) == 9


def test_the_list_is_bounded_and_says_what_is_left(run: Terminal, desk: Services) -> None:
    """Two of nine; how to see the others."""
    said = run("audit", "trail", "--limit", "2")

    assert len(said.out.splitlines()) == 3
    assert "… et 7 entrées plus anciennes : --limit 9 les montre toutes." in said.out


def test_since_is_a_day_in_either_writing(run: Terminal, desk: Services) -> None:
    """Included; what is no day is a usage error."""
    assert run("audit", "trail", "--since", "23/11/2026", "--json").json["total"] > 0
    assert run("audit", "trail", "--since", "2999-01-01", "--json").json["entries"] == []
    assert "aucune entrée" in run("audit", "trail", "--since", "01/01/2999").out
    assert run("audit", "trail", "--since", "hier").code == 2


def test_a_school_and_an_account_must_exist(run: Terminal, desk: Services) -> None:
    """Exit 3, nothing told."""
    assert run("audit", "trail", "--school", "0010001W").code == 3
    assert run("audit", "trail", "--account", "nobody").code == 3
    assert run("audit", "trail", "--verify", "--account", "jean.dupont").code == 2


def test_the_lines_of_verify_can_be_kept_and_compared(
    run: Terminal, desk: Services, tmp_path: Path
) -> None:
    """What it printed is what `--expect` takes, as a file or one by one."""
    answer = run("audit", "trail", "--verify")
    (tmp_path / "heads.txt").write_text(answer.out, encoding="utf-8")
    head = next(line for line in answer.out.splitlines() if line.startswith(CHARLEMAGNE))

    assert answer.code == 0
    assert "rien n'a été changé ni retiré" in answer.out
    assert run("audit", "trail", "--expect", "heads.txt").code == 0
    assert run("audit", "trail", "--verify", "--expect", head).code == 0
    other = run("audit", "trail", "--expect", head[:-3] + "000", "--json")
    assert (other.code, other.json["broken_at"]["why"]) == (3, "beside_kept")
    assert run("audit", "trail", "--expect", "0140070A:3").code == 2


def test_verify_tells_a_program_the_heads(run: Terminal, desk: Services) -> None:
    """`verified` is a boolean, `broken_at` nothing, a head for each chain."""
    told = run("audit", "trail", "--verify", "--json").json

    assert (told["verified"], told["broken_at"], told["entries_verified"]) == (True, None, 9)
    assert [(head["school"], head["count"]) for head in told["heads"]] == [
        (None, 1), (CHARLEMAGNE, 7), (MARIE_CURIE, 1),
    ]  # fmt: skip


def test_a_broken_chain_exits_3_and_says_where(run: Terminal, desk: Services) -> None:
    """Which school, which entry, what it means, what to do; the other chains are still told."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trail_entries_no_update")
        connection.exec_driver_sql(
            "UPDATE trail_entries SET operator = 'bob' WHERE chain = 1 AND sequence = 4"
        )

    person, program = run("audit", "trail", "--verify"), run("audit", "trail", "--verify", "--json")

    assert (person.code, program.code) == (3, 3)
    assert "Le journal de l'école 0140070A est rompu à l'entrée 4" in person.err
    assert "sauvegarde" in person.err
    assert f"{MARIE_CURIE}:1:" in person.out
    assert program.json["verified"] is False
    assert program.json["broken_at"] == {
        "school": CHARLEMAGNE, "chain": 1, "sequence": 4, "why": "changed",
    }  # fmt: skip
    assert run("audit", "trail", "--verify", "--school", MARIE_CURIE).code == 0


def test_the_list_survives_what_an_intruder_wrote(run: Terminal, desk: Services) -> None:
    """A kind, a moment and details that nobody can read are shown as they are."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trail_entries_no_update")
        connection.exec_driver_sql(
            "UPDATE trail_entries SET kind = 'x.y', happened_at = '9', details = '{',"
            " operator = CAST(x'ff' AS TEXT) WHERE chain = 1 AND sequence = 4"
        )

    answer = run("audit", "trail")

    assert answer.code == 0
    assert "date illisible" in answer.out
    assert run("audit", "trail", "--json").code == 0
