"""Each pain of a roster that other offices report has a test that bears its number."""

import ast
import re
from pathlib import Path

PAINS = {*range(1, 13), *range(20, 24)}
"""Of those, the ones that a roster can cause."""


def test_every_pain_of_a_roster_has_a_test_of_its_own_name() -> None:
    """Numbers 1 to 12 and 20 to 23, none forgotten; each says in a sentence what holds here."""
    tests = [
        function
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and re.match(r"test_pain_[0-9]{2}_", function.name)
    ]

    assert {int(test.name.split("_")[2]) for test in tests} == PAINS
    assert all(ast.get_docstring(test) for test in tests)
