"""`letters verify-manifest`: what a person reads, what a program reads, how it ends."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.running import Terminal
from tests.support.households import CHARLEMAGNE, MARIE_CURIE
from tests.support.manifests import school_line, write_campaign

BEGUN = "0270345D"
LETTERS = f"{CHARLEMAGNE}/lot-000001-01-CP-courriers.pdf"


@pytest.fixture
def night(environment: Path) -> Path:
    """A campaign of two schools; there is neither a database nor a key."""
    write_campaign(environment / "nuit", [school_line(), school_line(MARIE_CURIE)])
    return environment / "nuit"


def test_all_there_and_unaltered(run: Terminal, night: Path) -> None:
    """Exit 0 for the campaign and for one school, and no office was needed."""
    whole, one = run("letters", "verify-manifest", "nuit"), run(
        "letters", "verify-manifest", f"nuit/{CHARLEMAGNE}", "--json"
    )  # fmt: skip

    assert (whole.code, whole.err) == (0, "")
    assert "2 écoles, 4 fichiers intacts (42 courriers).\nTout est là" in whole.out
    assert one.json["verified"] is True
    assert len(one.json["files"]) == 2
    assert not (night.parent / "office").exists()


def test_what_is_wrong_is_told_with_what_to_do(run: Terminal, night: Path) -> None:
    """Exit 3; each file is named, in words and for a program."""
    (night / LETTERS).write_bytes(b"%PDF")
    (night / MARIE_CURIE / "lot-000001-01-CP-bordereau.pdf").unlink()
    (night / MARIE_CURIE / "photo.jpg").touch(0o600)

    said, told = (run("letters", "verify-manifest", "nuit", *more) for more in ((), ("--json",)))

    assert (said.code, told.code) == (3, 3)
    for words in ("1 fichier modifié depuis", "Il manque 1 fichier :", "1 fichier étranger"):
        assert words in said.err
    assert f"\n  {LETTERS}\n" in said.err
    assert "Ne les imprimez pas" in said.err
    assert "Tout est là" not in said.all
    assert told.json | {"files": 2, "letters": 0} == {
        "verified": False,
        "schools": 2,
        "letters": 0,
        "files": 2,
        "printed": 0,
        "missing": [f"{MARIE_CURIE}/lot-000001-01-CP-bordereau.pdf"],
        "not_finished": [],
        "altered": [LETTERS],
        "unlisted": [f"{MARIE_CURIE}/photo.jpg"],
        "modes": [],
    }


def test_what_was_printed_and_erased_is_only_counted(run: Terminal, night: Path) -> None:
    """`--printed`: exit 0; without it the same folder lacks two files."""
    (night / LETTERS).unlink()
    (night / MARIE_CURIE / "lot-000001-01-CP-bordereau.pdf").unlink()

    without = run("letters", "verify-manifest", "nuit")
    told = run("letters", "verify-manifest", "nuit", "--printed", "--json")
    said = run("letters", "verify-manifest", "nuit", "--printed")

    assert without.code == 3
    assert "Il manque 2 fichiers :" in without.err
    assert "--printed" in without.err
    assert (told.code, said.code, said.err) == (0, 0, "")
    assert (told.json["verified"], told.json["printed"], told.json["missing"]) == (True, 2, [])
    assert "2 fichiers ne sont plus là" in said.out


def test_a_school_that_was_cut_is_not_taken_for_a_stranger(run: Terminal, night: Path) -> None:
    """Exit 3, and to be resumed before it is printed; by itself too, under its own name."""
    (night / BEGUN).mkdir(0o700)
    (night / BEGUN / "lot-000002-01-CP-courriers.pdf").touch(0o600)

    said, alone = (run("letters", "verify-manifest", name) for name in ("nuit", f"nuit/{BEGUN}"))
    told = run("letters", "verify-manifest", "nuit", "--json").json

    for answer in (said, alone):
        assert answer.code == 3
        assert f"1 école pas finie :\n  {BEGUN} (1 fichier)\nRelancez la campagne" in answer.err
        assert "étranger" not in answer.err
    assert (told["not_finished"], told["unlisted"]) == ([BEGUN], [])


def test_a_school_that_vanished_is_never_taken_for_printed(run: Terminal, night: Path) -> None:
    """`--printed` covers files, not manifests: the school is named with what it held."""
    shutil.rmtree(night / MARIE_CURIE)
    (night / CHARLEMAGNE / "manifeste.json").unlink()

    said = run("letters", "verify-manifest", "nuit", "--printed")
    told = run("letters", "verify-manifest", "nuit", "--printed", "--json")

    assert (said.code, told.json["printed"]) == (3, 0)
    assert f"école entière :\n  {MARIE_CURIE} (2 fichiers et le manifeste)\n" in said.err
    assert f"1 dossier n'a plus de manifeste :\n  {CHARLEMAGNE} (2 fichiers)\n" in said.err
    assert len(told.json["missing"]) == 2


def test_what_was_printed_still_must_not_be_altered(run: Terminal, night: Path) -> None:
    """`--printed` forgives what is gone and nothing else."""
    (night / LETTERS).write_bytes(b"%PDF")

    assert run("letters", "verify-manifest", "nuit", "--printed").code == 3


def test_wide_modes_are_a_remark(run: Terminal, night: Path) -> None:
    """Exit 4: the letters are whole, and others can read them; how to close is told."""
    (night / LETTERS).chmod(0o644)

    answer = run("letters", "verify-manifest", "nuit", "--json")

    assert (answer.code, answer.json["verified"]) == (4, True)
    assert answer.json["modes"] == [LETTERS]
    assert "chmod -R go= nuit" in answer.err
    assert "seuls des droits" in answer.err
    assert "Tout est là" not in answer.err


def test_the_name_of_a_file_never_commands_a_terminal(run: Terminal, night: Path) -> None:
    """A name may hold escape sequences or bytes that are no text."""
    (night / CHARLEMAGNE / "\x1b[2Jx").touch(0o600)
    (night / CHARLEMAGNE / os.fsdecode(b"\xff")).touch(0o600)

    said, told = (run("letters", "verify-manifest", "nuit", *more) for more in ((), ("--json",)))

    assert "\x1b" not in said.all
    assert "\ufffd[2Jx" in said.err
    assert told.json["unlisted"] == [f"{CHARLEMAGNE}/\x1b[2Jx", f"{CHARLEMAGNE}/?"]


def test_long_lists_are_cut_for_people_only(run: Terminal, night: Path) -> None:
    """Twenty of a kind, then how many more; a program gets all."""
    for number in range(25):
        (night / CHARLEMAGNE / f"{number:02}.pdf").touch(0o600)

    said, told = (run("letters", "verify-manifest", "nuit", *more) for more in ((), ("--json",)))

    assert "25 fichiers étrangers" in said.err
    assert "… et 5 de plus" in said.err
    assert len(told.json["unlisted"]) == 25


@pytest.mark.parametrize(("content", "words"), [("{", "illisible"), ("{}", "n'est pas le")])
def test_a_bad_manifest_is_refused(run: Terminal, night: Path, content: str, words: str) -> None:
    """Exit 3, one sentence, nothing for a program."""
    (night / "manifeste.json").write_text(content, encoding="utf-8")

    answer = run("letters", "verify-manifest", "nuit", "--json")

    assert (answer.code, answer.out) == (3, "")
    assert words in answer.err


def test_a_folder_without_a_manifest_is_refused(run: Terminal, environment: Path) -> None:
    """Exit 3 and which folder is meant; a folder that is not there is a usage error."""
    (environment / "vide").mkdir()

    empty, none = (run("letters", "verify-manifest", name) for name in ("vide", "rien"))

    assert (empty.code, none.code) == (3, 2)
    assert "Aucun manifeste" in empty.err
