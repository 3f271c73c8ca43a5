"""Workbooks that people write in: titles that any program takes, rows that are seen whole."""

import pytest

from educonnect_admin.reports.workbook_forms import free_title, height_of


@pytest.mark.parametrize(
    ("wanted", "taken", "title"),
    [
        ("Élèves", [], "Élèves"),
        ("élèves", ["ÉLÈVES"], "élèves (2)"),
        ("CP/CE1 [A]", [], "CP CE1  A"),
        ("'CP'", [], "CP"),
        ("History", [], "History (2)"),
        ("?*", [], "1"),
        ("x" * 40, [], "x" * 31),
        ("x" * 40, ["x" * 31], "x" * 27 + " (2)"),
    ],
)
def test_a_title_is_free_short_and_without_forbidden_signs(
    wanted: str, taken: list[str], title: str
) -> None:
    """31 signs, none of those that Excel forbids, no two alike whatever the case."""
    assert free_title(wanted, taken) == title


def test_a_row_is_as_high_as_its_longest_text() -> None:
    """Programs don't measure the rows of a file they open."""
    one, three = height_of(["court"], [20]), height_of(["court", "a b c\nd\ne"], [20, 20])

    assert three > 2 * one
    assert height_of(["mot " * 20], [20]) > 3 * one
