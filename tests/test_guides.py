"""The guides tell the truth: each command is typed on a fresh office and answers what they say."""

import pytest

from tests.support.guides import Step, agrees, follow, steps_of
from tests.support.house import ROOT

GUIDES = ("director.fr.md", "helpdesk.fr.md")


@pytest.mark.slow
@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_can_be_followed_word_by_word(name: str) -> None:
    """On the days it says, in a real terminal of 80 columns, with real hashing."""
    for step, seen in follow(ROOT / "docs" / name):
        assert agrees(step.told, seen), f"$ {step.command}\n" + "\n".join(seen)


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_shows_an_answer_to_every_command(name: str) -> None:
    """A command without its answer would prove nothing, save one asked to be quiet."""
    steps = steps_of((ROOT / "docs" / name).read_text(encoding="utf-8"))

    assert len(steps) >= 10
    assert [s.command for s in steps if not s.told and "--quiet" not in s.command] == []


def test_the_comparison_is_strict() -> None:
    """A changed number, a missing line, a line too many: each is seen; `…` forgives one line."""
    told = ["Lot n° 1", "30 courriers dans …/courriers"]

    assert agrees(told, ["Lot n° 1", "30 courriers dans /x/y/courriers"])
    assert not agrees(told, ["Lot n° 1", "31 courriers dans /x/y/courriers"])
    assert not agrees(told, ["Lot n° 1"])
    assert not agrees(told, ["Lot n° 1", "30 courriers dans /x/courriers", "et plus"])


def test_a_page_is_read_as_its_reader_does() -> None:
    """Days apply to what follows; several commands share a block."""
    page = "<!-- day: 2027-01-02 08:00 -->\n```console\n$ a\nx\n\n$ b\n```\n"

    assert steps_of(page) == [Step("a", "2027-01-02 08:00", ["x"]), Step("b", "2027-01-02 08:00")]
