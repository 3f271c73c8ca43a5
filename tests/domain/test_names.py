"""Folding names: what registers write differently is the same person (R-2, R-7)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.domain.names import name_key, same_name, tidy, to_ascii


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Hélène", "helene"),
        ("HELENE", "helene"),
        ("Œuvrard", "oeuvrard"),
        ("OEUVRARD", "oeuvrard"),
        ("Lætitia", "laetitia"),
        ("Strauß", "strauss"),
        ("STRAUẞ", "strauss"),
        ("Jørgensen", "jorgensen"),
        ("Łukasz", "lukasz"),
        ("Đặng", "dang"),
        ("đỗ", "do"),
        ("Sigurður", "sigurdur"),
        ("Şahin", "sahin"),
        ("Işık", "isik"),
        ("Nguyễn", "nguyen"),
        ("Trần Thị Bích", "tranthibich"),
        ("Őry", "ory"),
        ("Țăranu", "taranu"),
        ("Façade", "facade"),
        ("Loÿs", "loys"),
        ("N'DIAYE", "ndiaye"),
        ("N’Diaye", "ndiaye"),
        ("D'ANGELO", "dangelo"),
        ("PRUD'HOMME", "prudhomme"),
        ("FLOC'H", "floch"),
        ("M'Bark", "mbark"),
        ("E'Ouann", "eouann"),
        ("Lou-Anne", "louanne"),
        ("Jean\u2010Baptiste", "jeanbaptiste"),
        ("DA SILVA", "dasilva"),
        ("ABD EL KADER", "abdelkader"),
        ("LE\u00a0GALL", "legall"),
        ("NGUYEN PHU HUNG", "nguyenphuhung"),
    ],
)
def test_a_name_folds_to_its_key(written: str, key: str) -> None:
    """Accent, case, apostrophe, hyphen and space do not count; joined letters come apart."""
    assert name_key(written) == key


@pytest.mark.parametrize(
    "written", ["Мария", "محمد", "王", "Γιώργος", "ישראל", "สมชาย", "გიორგი", "Հայկ"]
)
def test_another_script_is_transliterated(written: str) -> None:
    """Nobody is nameless because their name is not in Latin letters."""
    folded = to_ascii(written)

    assert folded.isascii()
    assert name_key(written)


def test_a_latin_name_is_never_transliterated() -> None:
    """What folds to something keeps to it."""
    assert to_ascii("Łódź") == "lodz"


@pytest.mark.parametrize(
    ("written", "key"), [("Məmmədov", "memmedov"), ("Bǿrge", "borge"), ("Ǽlfred", "aelfred")]
)
def test_no_letter_of_a_name_vanishes(written: str, key: str) -> None:
    """An Azeri ə, an accented ø or æ: each letter of a name leaves one behind."""
    assert name_key(written) == key


@pytest.mark.parametrize("written", ["", " ", "'", "-", "…", "\u200b", "!?"])
def test_what_holds_no_letter_has_no_key(written: str) -> None:
    """Two such names are not the same person."""
    assert name_key(written) == ""
    assert not same_name(written, written)


def test_same_name() -> None:
    """Alike once folded, and only then."""
    assert same_name("N'DIAYE", "N’Diaye")
    assert same_name("Le Gall", "LEGALL")
    assert not same_name("Durand", "Durant")


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  Le   Gall ", "Le Gall"),
        ("Le\u00a0Gall", "Le Gall"),
        ("Le\u202fGall\u2007", "Le Gall"),
        ("\ufeffDupont", "Dupont"),
        ("Dupont\t\r\n", "Dupont"),
        ("He\u0301le\u0300ne", "Hélène"),
        ("", ""),
    ],
)
def test_tidy_keeps_the_name_and_drops_what_is_around(typed: str, clean: str) -> None:
    """Composed, single spaces, none at the ends; no-break spaces are spaces."""
    assert tidy(typed) == clean


VANISHING = "ǢǣǮǯǼǽǾǿ"
"""Folded only when stored as two signs: the defect marked above."""

LATIN = st.text(
    alphabet=st.characters(
        min_codepoint=0x20, max_codepoint=0x24F, exclude_characters="µ" + VANISHING
    )
)
"""The letters of Europe; the sign of a micrometre is none."""


@given(st.text())
def test_a_key_is_always_plain_and_stable(text: str) -> None:
    """Only a–z and 0–9; the key of a key is itself."""
    key = name_key(text)

    assert all(sign in "abcdefghijklmnopqrstuvwxyz0123456789" for sign in key)
    assert name_key(key) == key


@given(LATIN)
def test_how_accents_are_stored_does_not_matter(text: str) -> None:
    """A file may hold `é` as one sign or as two."""
    assert name_key(unicodedata.normalize("NFD", text)) == name_key(text)


@given(LATIN)
def test_case_never_matters_in_latin(text: str) -> None:
    """Registers write surnames in capitals, parents do not."""
    assert name_key(text.upper()) == name_key(text)


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    """A name read back from the database stays as it is."""
    assert tidy(tidy(text)) == tidy(text)
