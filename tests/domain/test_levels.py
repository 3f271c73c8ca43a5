"""The levels of the first degree, in the order of the years."""

import pytest

from educonnect_admin.domain.levels import LEVELS, level_rank


def test_the_years_follow_each_other() -> None:
    """From the little ones to the collège's door."""
    assert [level_rank(level) for level in LEVELS] == list(range(len(LEVELS)))
    assert LEVELS[0] == "TPS"
    assert LEVELS[-1] == "CM2"


@pytest.mark.parametrize("written", ["ce1", " CE1 ", "CE1"])
def test_a_level_is_known_however_it_is_written(written: str) -> None:
    """Case and spaces do not count."""
    assert level_rank(written) == LEVELS.index("CE1")


@pytest.mark.parametrize("unknown", [None, "", "ULIS", "6EME", "CE1-CE2"])
def test_what_is_no_level_comes_last(unknown: str | None) -> None:
    """A class of another kind stands behind those of the years."""
    assert level_rank(unknown) == len(LEVELS)
