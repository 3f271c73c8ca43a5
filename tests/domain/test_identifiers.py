"""Identifiers: the part that comes from the name, and the number of homonyms (R-2)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.domain.identifiers import (
    LONGEST,
    NAMELESS,
    identifier_series,
    identifier_stem,
    numbered,
)

SHAPE = re.compile(r"[a-z0-9-]+\.[a-z0-9-]+|responsable")


@pytest.mark.parametrize(
    ("given_name", "family_name", "stem"),
    [
        ("Céline", "DUPONT", "celine.dupont"),
        ("Jean Pierre", "DURAND", "jean.durand"),
        ("  Marie\u00a0Claire", "LE GALL", "marie.legall"),
        ("Jean-Baptiste", "DA SILVA", "jean-baptiste.dasilva"),
        ("Thị", "NGUYỄN PHÚ HƯNG", "thi.nguyenphuhung"),
        ("Awa", "N'DIAYE", "awa.ndiaye"),
        ("Awa", "N’Diaye", "awa.ndiaye"),
        ("M'Bark", "ABD EL KADER", "mbark.abdelkader"),
        ("Zoé", "Œuvrard", "zoe.oeuvrard"),
        ("Łukasz", "Strauß", "lukasz.strauss"),
        ("Søren", "Đặng", "soren.dang"),
        ("Ayşe", "Işık-Öz", "ayse.isik-oz"),
        ("V.", "DURANT", "v.durant"),
        ("Y", "O", "y.o"),
    ],
)
def test_the_stem_comes_from_both_names(given_name: str, family_name: str, stem: str) -> None:
    """Given name up to its first space, family name whole, folded to plain letters."""
    assert identifier_stem(given_name, family_name) == stem


@pytest.mark.parametrize(
    ("given_name", "family_name", "stem"),
    [
        ("Jean", "DUPONT 2", "jean.dupont"),
        ("Jean", "DUPONT-2", "jean.dupont"),
        ("Jean", "DUPONT1-2", "jean.dupont"),
        ("Jean", "2 DUPONT", "jean.2dupont"),
        ("Jean2", "DUPONT", "jean2.dupont"),
        ("Jean", "123", "jean.responsable"),
    ],
)
def test_digits_at_the_end_are_not_the_names_own(
    given_name: str, family_name: str, stem: str
) -> None:
    """«DUPONT 2» can't take the identifier of the second DUPONT."""
    assert identifier_stem(given_name, family_name) == stem


@pytest.mark.parametrize(
    ("given_name", "family_name", "stem"),
    [
        ("", "", NAMELESS),
        ("…", "'", NAMELESS),
        ("", "DUPONT", "responsable.dupont"),
        ("Jean", "", "jean.responsable"),
        ("-", "DUPONT", "responsable.dupont"),
        ("--Jean--", "-DUPONT-", "jean.dupont"),
    ],
)
def test_what_is_missing_is_replaced(given_name: str, family_name: str, stem: str) -> None:
    """Nobody is without an identifier, and it never starts or ends with a hyphen."""
    assert identifier_stem(given_name, family_name) == stem


@pytest.mark.parametrize("name", ["Мария", "محمد", "王伟"])
def test_another_script_gives_letters(name: str) -> None:
    """The name is transliterated, not replaced."""
    stem = identifier_stem(name, name)

    assert SHAPE.fullmatch(stem)
    assert NAMELESS not in stem


@pytest.mark.parametrize(
    ("given_name", "family_name"),
    [("A" * 80, "B" * 80), ("A" * 80, "B"), ("A", "B" * 80), ("A-" * 40, "B1" * 40)],
)
def test_a_long_name_leaves_room_for_its_number(given_name: str, family_name: str) -> None:
    """At most 64 characters, the number of ten million namesakes included."""
    stem = identifier_stem(given_name, family_name)

    assert len(numbered(stem, 9_999_999)) <= LONGEST
    given, _, family = stem.partition(".")
    assert given
    assert family
    assert SHAPE.fullmatch(stem)


@pytest.mark.parametrize(
    ("number", "identifier"), [(0, "v.durant"), (1, "v.durant1"), (114, "v.durant114")]
)
def test_the_first_of_a_name_bears_no_number(number: int, identifier: str) -> None:
    """Then 1, 2, … as in the guide."""
    assert numbered("v.durant", number) == identifier


NAMES = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="éÉœŒæßøłđŞễ'’- \u00a0AZaz019", max_size=120),
)


@given(NAMES, NAMES)
def test_every_stem_has_the_promised_shape(given_name: str, family_name: str) -> None:
    """ASCII, one dot, room for a number, no digit and no hyphen at the end, never empty."""
    stem = identifier_stem(given_name, family_name)

    assert SHAPE.fullmatch(stem)
    assert len(stem) <= LONGEST
    assert len(identifier_series(stem)) <= LONGEST - 7
    assert stem[-1] not in "0123456789-"
    assert stem[0] != "-"


STEMS = st.builds(identifier_stem, NAMES, NAMES)


@given(STEMS, STEMS, st.integers(0, 200), st.integers(0, 200))
def test_two_stems_never_meet_in_one_identifier(
    stem: str, other: str, number: int, other_number: int
) -> None:
    """Different names, or different numbers, give different identifiers: unique for ever."""
    alike = (stem, number) == (other, other_number)

    assert (numbered(stem, number) == numbered(other, other_number)) == alike
