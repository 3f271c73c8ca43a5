"""The temporary password: its signs, its shape, how it may be typed (R-3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.domain.passwords import (
    DIGITS,
    LENGTH,
    LETTERS,
    SIGNS,
    as_printed,
    is_well_formed,
)


def test_no_sign_can_be_misread_or_make_a_word() -> None:
    """27 signs: no I L O U, no 0 1, no vowel, in capitals."""
    assert len(set(SIGNS)) == len(SIGNS) == 27
    assert set(SIGNS).isdisjoint("ILOU01AEIOUY")
    assert SIGNS.isupper()


@pytest.mark.parametrize("password", ["BZNZ57DM", "22222222"[:-1] + "B", "BBBBBBB2"])
def test_both_kinds_of_sign_make_a_password(password: str) -> None:
    """A single letter or a single digit is enough."""
    assert is_well_formed(password)


@pytest.mark.parametrize(
    "password",
    ["BCDFGHJK", "23456789", "BCDFG23", "BCDFG2345", "bcdfg234", "BUNZ57DM", "BCDFG10O", ""],
)
def test_anything_else_is_none(password: str) -> None:
    """One kind only, too short, too long, small letters, signs that were left out."""
    assert not is_well_formed(password)


@pytest.mark.parametrize("typed", ["bznz57dm", " BZNZ 57DM ", "bznz\u00a057dm", "BZNZ57DM\n"])
def test_it_may_be_typed_as_it_comes(typed: str) -> None:
    """In small letters, with spaces: letters are in capitals, parents are not."""
    assert as_printed(typed) == "BZNZ57DM"


@given(st.text(alphabet=SIGNS, min_size=LENGTH, max_size=LENGTH))
def test_the_shape_is_both_kinds(password: str) -> None:
    """Eight of our signs are well formed exactly when both kinds are among them."""
    both = any(sign in LETTERS for sign in password) and any(sign in DIGITS for sign in password)

    assert is_well_formed(password) == both
    assert as_printed(password.lower()) == password
