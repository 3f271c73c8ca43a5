"""Documents that must keep up with the code: dependencies, rules, decisions."""

import re
import tomllib
from importlib import import_module

import pytest

from tests.support.house import PACKAGE, ROOT

DECISIONS = ROOT / "docs" / "decisions"
RULES = ROOT / "docs" / "rules.md"


def _declared() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [re.split(r"[<>=;]", one)[0].strip() for one in wanted]


def test_every_dependency_has_its_reason() -> None:
    """The tables hold each declared package once, in the same order, with a licence."""
    text = (DECISIONS / "0002-dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w\[\]-]+) \| (.+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    told = [row for row in rows if row[0] != "package" and not row[0].startswith("---")]

    assert [row[0] for row in told] == _declared()
    assert all(cell.strip() for row in told for cell in row)


def test_decisions_are_numbered_and_say_why() -> None:
    """0001, 0002, … without a hole; each has its decision, its reasons, its alternatives."""
    records = sorted(DECISIONS.glob("*.md"))

    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        assert "**Decision.**" in text
        assert "**Alternatives.**" in text


def _rows() -> list[tuple[str, str, str]]:
    text = RULES.read_text(encoding="utf-8")
    return [
        (row[0], row[1], row[2])
        for row in re.findall(r"^\| (R-\d+) \|[^|]*\| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    ]


def test_every_rule_points_at_code_and_tests_that_exist() -> None:
    """A module that moved, or a test that was renamed, shows here."""
    for rule, code, tests in _rows():
        for path in re.findall(r"`([\w/]+\.py)`", code):
            assert (PACKAGE / path).is_file(), f"{rule}: {path}"
        proofs = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", tests)
        assert proofs, f"{rule} has no test"
        for path, name in proofs:
            text = (ROOT / "tests" / path).read_text(encoding="utf-8")
            assert f"def {name}(" in text or not name, f"{rule}: {path}::{name}"


def test_every_threat_points_at_tests_that_exist() -> None:
    """Each row of the threat model names one, and none that was renamed."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]

    assert len(rows) > 40
    for row in rows:
        proofs = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", row)
        assert proofs, row
        for path, name in proofs:
            found = (ROOT / "tests" / path).read_text(encoding="utf-8")
            assert f"def {name}(" in found or not name, f"{path}::{name}"


def test_rules_are_in_order_and_stand_once() -> None:
    """R-1 first, none twice."""
    numbers = [int(rule[2:]) for rule, _, _ in _rows()]

    assert numbers == sorted(set(numbers))
    assert len(numbers) >= 15


PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
PAGES += sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))
# What `make bench` writes is not in a fresh checkout.
WRITTEN_LATER = {"benchmarks/RESULTS.md"}


@pytest.mark.parametrize("name", PAGES)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    """Every relative link is a file of this repository."""
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and target not in WRITTEN_LATER:
            assert (page.parent / target).exists(), f"{name}: {target}"


def test_the_entry_point_is_there() -> None:
    """`educonnect-admin` is what pyproject says it is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["educonnect-admin"].partition(":")

    assert callable(getattr(import_module(module), name))
