"""The document of the templates names every part and every variable, with its sample."""

import re
from pathlib import Path

import pytest

from educonnect_admin.letters import guard, variables
from educonnect_admin.letters.checking import check_templates
from educonnect_admin.letters.templates import PARTS
from educonnect_admin.letters.variables import Variable
from tests.support.house import ROOT

DOCUMENT = (ROOT / "docs" / "templates.fr.md").read_text(encoding="utf-8")

TABLES = {
    "Partout": variables.BATCH,
    "Dans les parties d'un courrier (`activation/`)": variables.LETTER,
    "Dans `activation/credentials.j2` seulement": variables.FIELDS,
    "Dans les parties d'un bordereau (`slip/`)": variables.SLIP,
}
"""Heading of the document, and the variables that stand under it."""


def rows(listed: tuple[Variable, ...]) -> list[str]:
    """Return the rows of a table as the document writes them."""
    return [f"| `{one.name}` | {one.label} | {_shown(one.sample)} |" for one in listed]


def _shown(sample: object) -> str:
    if isinstance(sample, tuple):
        return " / ".join(_shown(each) for each in sample)
    return str(getattr(sample, "name", sample))


@pytest.mark.parametrize("heading", TABLES)
def test_every_variable_is_listed_with_its_sample(heading: str) -> None:
    """The table under each heading is what the code says, no more and no less."""
    section = re.split(r"\n##", DOCUMENT.partition(f"### {heading}\n")[2])[0]
    told = [line for line in section.splitlines() if line.startswith("| `")]

    assert told == rows(TABLES[heading])


def test_every_part_is_listed() -> None:
    """A file that replaces nothing is refused, so the names must be known."""
    told = re.findall(r"^\| `((?:activation|slip|specimen)/\w+\.j2)` \|", DOCUMENT, re.MULTILINE)

    assert told == list(PARTS)


def test_what_a_template_may_use_is_listed() -> None:
    """Filters and tests, by name."""
    for name in guard.FILTERS | guard.TESTS:
        assert f"`{name}`" in DOCUMENT


def test_the_examples_of_the_document_are_good_templates(tmp_path: Path) -> None:
    """Who copies an example gets what was promised."""
    examples = re.findall(r"`([a-z]+/\w+\.j2)` :\n\n```jinja\n(.*?)```", DOCUMENT, re.DOTALL)

    assert len(examples) >= 2
    for name, text in examples:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert check_templates(tmp_path) == []
