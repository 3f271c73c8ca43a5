"""`database check` as people and programs read it."""

import os
from pathlib import Path

import pytest

from educonnect_admin.cli.check_words import finding_sentence
from educonnect_admin.domain.findings import Finding, FindingCode
from educonnect_admin.edge import Services
from tests.cli.running import Terminal

_NAMES = {
    FindingCode.MISSING_PARTS: ("index ix_letters_file", "table letters", "trigger t"),
    FindingCode.OUTDATED_SCHEMA: ("0001", "0006"),
    FindingCode.OLDER_KEY_FILE: ("office.key", "k2"),
}


def test_a_database_in_good_order_ends_with_0(run: Terminal, office: Services) -> None:
    """A program reads that all is well; a person too."""
    answer = run("database", "check", "--json")

    assert (answer.code, answer.json) == (
        0, {"schema": office.schema_version(), "ok": True, "findings": []},
    )  # fmt: skip
    assert "La base va bien" in run("database", "check").out


def test_what_asks_for_a_look_ends_with_4_what_is_broken_with_3(
    run: Terminal, office: Services, environment: Path
) -> None:
    """The key is open to others; then it is gone."""
    office.keyring.path.chmod(0o640)
    remark = run("database", "check", "--json")
    office.keyring.path.unlink()
    broken = run("database", "check", "--json")

    assert (remark.code, remark.json["ok"]) == (4, False)
    assert remark.json["findings"] == [
        {"code": "open_to_others", "number": 1, "names": [str(office.keyring.path)],
         "broken": False},
    ]  # fmt: skip
    assert remark.err.startswith("À regarder : D'autres que leur propriétaire")
    assert (broken.code, broken.json["findings"][0]["code"]) == (3, "missing_key")
    assert broken.err.startswith("CASSÉ : Le fichier de clé")


def test_a_database_that_is_not_there_ends_with_5(run: Terminal, environment: Path) -> None:
    """No file, or no server: nothing can be looked at."""
    assert run("database", "check").code == 5
    os.environ["EDUCONNECT_SECRET_KEY_FILE"] = str(environment / "k")
    assert run("--database", "postgresql://x@/x?host=/nowhere", "database", "check").code == 5
    del os.environ["EDUCONNECT_SECRET_KEY_FILE"]


@pytest.mark.parametrize("code", FindingCode)
def test_everything_that_may_be_found_has_words(code: FindingCode) -> None:
    """A sentence, and what to do, however many there are."""
    for number in (1, 2):
        said = finding_sentence(Finding(code, number, _NAMES.get(code, ("name",))))
        assert said[0].isupper() or said[0].isdigit()
        assert said.endswith((".", ")."))
        assert len(said.split(". ")) > 1 or " : " in said


def test_an_academy_of_wrong_figures_is_told_by_its_first_schools() -> None:
    """A sentence, not a list of three thousand numbers; `--json` has them all."""
    uais = tuple(f"{number:07}A" for number in range(12))
    said = finding_sentence(Finding(FindingCode.WRONG_FIGURES, 12, uais))

    assert "0000008A, 0000009A et 2 autres. Recomptez-les" in said
