"""`database backup` and `database restore` as people and programs use them."""

import hashlib
import sys
from pathlib import Path

import pytest

from educonnect_admin.backups.make import LOCK
from educonnect_admin.edge import Services
from tests.cli.running import Terminal

GOOD = "quatre mots sans rapport"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the person at the terminal types, in this order; nothing of it is shown."""
    answers: list[str] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: answers.pop(0))
    return answers


def _elsewhere(environment: Path) -> str:
    """Put a copy of the key beside an empty place, and return that place."""
    folder = environment / "elsewhere"
    folder.mkdir(mode=0o700)
    key = folder / "db.sqlite.key"
    key.write_bytes((environment / "office" / "db.sqlite.key").read_bytes())
    key.chmod(0o600)
    return str(folder / "db.sqlite")


def test_a_backup_goes_elsewhere_and_the_office_with_it(
    run: Terminal, office: Services, environment: Path, typed: list[str]
) -> None:
    """Typed twice, then once; the digest is that of the file, the trail goes on."""
    typed += [GOOD, GOOD, GOOD]
    made = run("database", "backup", "nuit.edu", "--encrypt", "--json")
    place = _elsewhere(environment)
    done = run("--database", place, "database", "restore", "nuit.edu", "--json")

    file = environment / "nuit.edu"
    assert (made.code, done.code, typed) == (0, 0, [])
    assert made.json["file"] == done.json["file"] == str(file)
    assert made.json["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert {name: done.json[name] for name in ("sha256", "schema", "entries", "ok")} == {
        name: made.json[name] for name in ("sha256", "schema", "entries", "ok")
    }
    assert done.json["verified"] is True
    assert "Le fichier de clé" in made.err
    assert "restaurée" in done.err
    assert "Les identifiants donnés depuis sont oubliés" in done.err
    assert "data purge" in done.err, "who had been purged since is back"
    assert run("--database", place, "database", "check").code == 0
    told = run("--database", place, "audit", "trail", "--json").json["entries"]
    assert told[0]["kind"] == "database.restored"


def test_a_backup_in_clear_says_so(run: Terminal, office: Services) -> None:
    """Whoever copies it to a stick should know."""
    said = run("database", "backup", "nuit.edu").out

    assert "n'est pas chiffrée" in said


def test_what_a_killed_backup_left_is_removed_and_told(
    run: Terminal, office: Services, environment: Path
) -> None:
    """Whatever its date; what is not an unfinished backup of this office stays."""
    folder = environment / "nuits"
    assert run("database", "backup", str(folder / "lundi.edu")).code == 0
    left = folder / "mardi.edu.part"
    left.write_bytes((folder / "lundi.edu").read_bytes()[:-100])
    (folder / "liste.part").write_bytes(b"mine")
    (folder / "autre.part").write_bytes(b"")

    answer = run("database", "backup", str(folder / "mercredi.edu"), "--json")

    assert answer.json["removed"] == [str(left)]
    assert f"Retiré : {left}" in answer.err
    assert {one.name for one in folder.iterdir()} == {
        "lundi.edu", "mercredi.edu", "liste.part", "autre.part",
    }  # fmt: skip


def test_what_is_removed_is_told_even_if_the_backup_is_refused(
    run: Terminal, office: Services, environment: Path
) -> None:
    """The name is taken (exit 3): the remains are gone all the same."""
    taken, left = environment / "lundi.edu", environment / "mardi.edu.part"
    assert run("database", "backup", str(taken)).code == 0
    left.write_bytes(taken.read_bytes()[:-100])

    answer = run("database", "backup", str(taken))

    assert answer.code == 3
    assert f"Retiré : {left}" in answer.err
    assert not left.exists()


def test_a_running_backup_loses_nothing_to_another(
    run: Terminal, office: Services, environment: Path
) -> None:
    """An unfinished file may be the one that is being written: the second is refused."""
    assert run("database", "backup", "lundi.edu").code == 0
    Path("lundi.edu").rename("mardi.edu.part")
    with office.lock(LOCK):
        assert run("database", "backup", "mercredi.edu").code == 3

    assert Path("mardi.edu.part").exists()


def test_a_passphrase_comes_from_a_terminal_or_a_file(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch, environment: Path
) -> None:
    """Without either exit 2; for cron its file, whose first line counts."""
    alone = run("database", "backup", "nuit.edu", "--encrypt")
    (environment / "phrase").write_text(f"{GOOD}\nrest\n", encoding="utf-8")
    monkeypatch.setenv("EDUCONNECT_BACKUP_PASSPHRASE_FILE", str(environment / "phrase"))
    made = run("database", "backup", "nuit.edu", "--encrypt")
    tried = run("--database", _elsewhere(environment), "database", "restore", "nuit.edu",
                "--dry-run", "--json")  # fmt: skip

    assert (alone.code, alone.out) == (2, "")
    assert "EDUCONNECT_BACKUP_PASSPHRASE_FILE" in alone.err
    assert made.code == 0
    assert (tried.code, tried.json["dry_run"], tried.json["encrypted"]) == (0, True, True)
    assert not (environment / "elsewhere" / "db.sqlite").exists()


def test_the_mark_of_an_editor_is_no_sign_of_a_passphrase(
    run: Terminal,
    office: Services,
    monkeypatch: pytest.MonkeyPatch,
    environment: Path,
    typed: list[str],
) -> None:
    """What was closed with the file of a Windows editor opens with the passphrase as typed."""
    (environment / "phrase").write_text(f"{GOOD}\r\n", encoding="utf-8-sig")
    monkeypatch.setenv("EDUCONNECT_BACKUP_PASSPHRASE_FILE", str(environment / "phrase"))
    assert run("database", "backup", "nuit.edu", "--encrypt").code == 0
    monkeypatch.delenv("EDUCONNECT_BACKUP_PASSPHRASE_FILE")
    typed.append(GOOD)

    answer = run("--database", _elsewhere(environment), "database", "restore", "nuit.edu")

    assert answer.code == 0, answer.err


def test_a_passphrase_that_others_may_read_is_told(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch, environment: Path
) -> None:
    """When it is used, and by `database check` (exit 4), as for the key file."""
    file = environment / "phrase"
    file.write_text(GOOD, encoding="utf-8")
    file.chmod(0o644)
    monkeypatch.setenv("EDUCONNECT_BACKUP_PASSPHRASE_FILE", str(file))
    made = run("database", "backup", "nuit.edu", "--encrypt")
    checked = run("database", "check", "--json")
    file.chmod(0o600)
    quiet = run("database", "backup", "matin.edu", "--encrypt")

    assert (made.code, checked.code) == (0, 4)
    assert f"peuvent ouvrir {file}" in made.err
    assert checked.json["findings"][0]["names"] == [str(file)]
    assert (quiet.code, quiet.err.count(str(file))) == (0, 0)


@pytest.mark.parametrize("answers", [[GOOD, GOOD + "s"], ["mots brefs"]])
def test_a_bad_passphrase_writes_nothing(
    run: Terminal, office: Services, typed: list[str], answers: list[str]
) -> None:
    """Not the same twice, or too short: exit 2; nothing of what was typed is repeated."""
    typed += answers
    answer = run("database", "backup", "nuit.edu", "--encrypt")

    assert (answer.code, answer.out) == (2, "")
    assert "différentes" in answer.err or "au moins 12 signes" in answer.err
    assert not any(one in answer.err for one in answers)
    assert not Path("nuit.edu").exists()


def test_refusals_exit_3_and_write_nothing(
    run: Terminal, office: Services, environment: Path, typed: list[str]
) -> None:
    """A name that is taken, a place that is not empty, a wrong passphrase, a damaged file."""
    typed += [GOOD, GOOD, GOOD + "s", GOOD]
    assert run("database", "backup", "nuit.edu", "--encrypt").code == 0
    taken = run("database", "backup", "nuit.edu")
    full = run("database", "restore", "nuit.edu")
    place = _elsewhere(environment)
    wrong = run("--database", place, "database", "restore", "nuit.edu")
    file = environment / "nuit.edu"
    file.write_bytes(file.read_bytes()[:-5])
    cut = run("--database", place, "database", "restore", "nuit.edu")
    no_key = run(
        "--database", str(environment / "x" / "y.sqlite"), "database", "restore", "nuit.edu"
    )

    assert [one.code for one in (taken, full, wrong, cut)] == [3, 3, 3, 3]
    assert [one.out for one in (taken, full, wrong, cut)] == [""] * 4
    assert "ne remplace jamais rien" in full.err
    assert "Cette phrase de passe n'est pas celle" in wrong.err
    assert "sa fin manque" in cut.err
    assert no_key.code == 5
    assert [one.name for one in (environment / "elsewhere").iterdir()] == ["db.sqlite.key"]
