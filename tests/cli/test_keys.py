"""`keys …`: what is shown, what changes, what is refused, and that no key is ever shown."""

import base64
from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.edge import Services
from tests.cli.running import Terminal

WHY = ("--reason", "départ d'un agent")


def secrets_of(office: Services) -> list[str]:
    """Return the keys of the office as a text could show them."""
    held = office.keyring.held
    keys = [held.naming, *held.keys.values(), *held.retired.values()]
    return [shape for key in keys for shape in (key.hex(), base64.b64encode(key).decode())]


def test_the_keys_are_listed_and_never_shown(run: Terminal, office: Services) -> None:
    """Which there are, what each seals; not one sign of them."""
    said = run("keys", "list")
    told = run("keys", "list", "--json").json

    assert "k1" in said.out
    assert "en service" in said.out
    assert told["key_file"] == str(office.keyring.path)
    assert [(one["id"], one["role"]) for one in told["keys"]] == [("k1", "current")]
    assert [one for one in secrets_of(office) if one in said.all + str(told)] == []


def test_a_rotation_from_end_to_end(run: Terminal, office: Services, tmp_path: Path) -> None:
    """Letters printed before still open after; the key that is needed is not let go (exit 3)."""
    assert run("letters", "issue", "--school", "0140070A", "--output", "out").code == 0

    rehearsed = run("keys", "rotate", *WHY, "--dry-run", "--json").json
    rotated = run("keys", "rotate", *WHY, "--json")
    too_soon = run("keys", "retire", *WHY)
    shown = run("keys", "list")

    assert rehearsed == {"dry_run": True, "key": None, "to_seal": rehearsed["to_seal"]}
    assert rotated.json["sealed_anew"]["letters"] == rehearsed["to_seal"] > 0
    assert rotated.json["unreadable"] == {}
    assert str(office.keyring.path) in rotated.err
    assert "Dans 73 heures au plus" in rotated.err
    assert office.keyring.current == rotated.json["key"]
    assert (too_soon.code, too_soon.out) == (3, "")
    assert "il y a moins d'une heure" in too_soon.err
    assert "ancienne, ouvre encore" in shown.out
    assert run("audit", "trail", "--verify").code == 0
    everything = shown.all + rotated.all + too_soon.all
    assert [one for one in secrets_of(office) if one in everything] == []
    with office.reading() as session:
        told = session.scalars(text("SELECT text FROM trail_reasons")).all()
    assert "départ d'un agent" in told


@pytest.mark.parametrize("command", ["rotate", "retire"])
def test_a_dry_run_asks_for_no_reason(run: Terminal, office: Services, command: str) -> None:
    """It tells no trail; whoever changes something still says why (exit 2)."""
    rehearsed = run("keys", command, "--dry-run")
    alone = run("keys", command)

    assert (rehearsed.code, alone.code) == (0, 2)
    assert "Il manque l'option --reason" in alone.err
    assert office.keyring.current == "k1"


def test_a_prepared_key_seals_nothing_yet(run: Terminal, office: Services) -> None:
    """`--prepare` draws it; the next `keys rotate` turns to that one."""
    prepared = run("keys", "rotate", "--prepare", *WHY, "--json").json

    assert prepared["prepared"] is True
    assert office.keyring.current == "k1"
    assert "préparée" in run("keys", "list").out
    assert run("keys", "rotate", *WHY, "--json").json["key"] == prepared["key"]


def test_without_an_older_key_there_is_nothing_to_retire(run: Terminal, office: Services) -> None:
    """Exit 0: what is wanted is so already."""
    answer = run("keys", "retire", *WHY)

    assert answer.code == 0
    assert "pas d'ancienne clé" in answer.out
    assert run("keys", "retire", *WHY, "--dry-run", "--json").json["retired"] == []


def test_an_older_copy_of_the_key_file_shuts_the_office(run: Terminal, office: Services) -> None:
    """Exit 5, and the key that is missing is named; `database check` says the same."""
    copy = office.keyring.path.read_bytes()
    key_id = run("keys", "rotate", *WHY, "--json").json["key"]
    office.keyring.path.write_bytes(copy)

    answer = run("audit", "activations")
    check = run("database", "check", "--json")

    assert (answer.code, answer.out) == (5, "")
    assert key_id in answer.err
    assert check.code == 3
    assert [one["code"] for one in check.json["findings"]] == ["older_key_file"]
