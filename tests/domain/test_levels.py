"""The levels of school, in the order of the years."""

import pytest

from educonnect_admin.domain.levels import LEVELS, level_rank, rank_of_class


def test_the_years_follow_each_other() -> None:
    """From the little ones to the baccalauréat."""
    assert [level_rank(level) for level in LEVELS] == list(range(len(LEVELS)))
    assert LEVELS[0] == "TPS"
    assert LEVELS[-1] == "TLE"


@pytest.mark.parametrize("written", ["ce1", " CE1 ", "CE1"])
def test_a_level_is_known_however_it_is_written(written: str) -> None:
    """Case and spaces do not count."""
    assert level_rank(written) == LEVELS.index("CE1")


@pytest.mark.parametrize(
    ("written", "level"),
    [("6ème", "6E"), ("3e", "3E"), ("2nde", "2DE"), ("1ère", "1RE"), ("Terminale", "TLE")],
)
def test_the_years_of_the_second_degree_have_several_spellings(written: str, level: str) -> None:
    """With or without accents, in full or short."""
    assert level_rank(written) == LEVELS.index(level)


@pytest.mark.parametrize("unknown", [None, "", "ULIS", "7EME", "CE1-CE2"])
def test_what_is_no_level_comes_last(unknown: str | None) -> None:
    """A class of another kind stands behind those of the years."""
    assert level_rank(unknown) == len(LEVELS)


def test_classes_stand_in_the_order_of_the_years() -> None:
    """By the first level that the label names; a class that names none comes last."""
    ordered = ["PS Mme Roy", "CP A", "CE1-CE2 B", "CM2", "6B", "5e 2", "3A", "Tle G", "Les Loups"]

    shuffled = ordered[4:] + ordered[:4]
    assert sorted(shuffled, key=rank_of_class) == ordered
