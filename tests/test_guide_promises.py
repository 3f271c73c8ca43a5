"""Each promise of the parents' guide has its page, its rule and a test that would notice."""

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest

from educonnect_admin.portal.application import page_routes

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "guide.fr.md"
ELSEWHERE = {"(courrier)", "(bureau)"}
CHAPTERS = [
    "1.2", "2", "2.1.2", "2.1.3", "2.1.4", "2.1.4.1", "2.1.5", "2.1.5.1", "2.1.5.2", "2.1.6",
    "2.2", "2.2.2", "2.2.3", "2.2.3.1", "2.2.3.2", "2.2.4", "2.2.4.1", "2.2.4.2", "2.2.5",
    "2.2.6", "2.3.1", "2.3.2", "2.3.4", "2.3.5", "2.3.6", "3", "4", "4.1.1", "4.1.2", "4.2",
    "4.3", "4.3.2", "4.3.3", "5.1", "5.1.1", "5.1.2", "5.2", "5.2.1", "5.2.2", "5.2.3", "6.1",
    "6.2", "6.3", "6.4",
]  # fmt: skip
"""Those of the guide that tell a parent what will happen."""


class Promise(NamedTuple):
    """A row of the table."""

    chapter: str
    words: str
    pages: list[str]
    rules: list[str]
    tests: list[str]


def promises() -> list[Promise]:
    """Return the rows of the table."""
    rows = [line for line in TABLE.read_text().splitlines() if re.match(r"\| \d", line)]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [
        Promise(chapter, words, *(one.replace("`", "").split(", ") for one in rest))
        for chapter, words, *rest in cells
    ]


@lru_cache
def names_in(name: str) -> frozenset[str]:
    """Return the names of the tests of a file."""
    tree = ast.parse((ROOT / "tests" / name).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_no_chapter_of_the_guide_is_left_out() -> None:
    """Every chapter that promises something has at least a row, in the guide's own order."""
    told = list(dict.fromkeys(promise.chapter for promise in promises()))

    assert told == CHAPTERS


@pytest.mark.parametrize("promise", promises(), ids=lambda one: f"{one.chapter} {one.words[:40]}")
def test_a_promise_is_kept_somewhere(promise: Promise) -> None:
    """Its pages are open, its rules are written, its tests exist."""
    open_pages = {route.path for route in page_routes()} | ELSEWHERE
    written = set(re.findall(r"R-\d+", (ROOT / "docs" / "rules.md").read_text()))

    assert set(promise.pages) <= open_pages
    assert set(promise.rules) <= written
    for one in promise.tests:
        file, _, name = one.partition("::")
        assert name in names_in(file), one
