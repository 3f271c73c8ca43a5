"""Chance: uniform, always both kinds of sign, never twice the same (R-3)."""

from collections import Counter

import pytest

from educonnect_admin.domain.letters import NUMBER_LENGTH
from educonnect_admin.domain.passwords import DIGITS, LETTERS, SIGNS, is_well_formed
from educonnect_admin.gateways import chance
from educonnect_admin.gateways.chance import SystemChance

FREEDOM = len(SIGNS) - 1
# A fair draw exceeds this once in some ten million runs (26 degrees of freedom).
FAR_TOO_UNEVEN = 90.0


def unevenness(signs: str) -> float:
    """Return the chi-square of the frequencies of our 27 signs."""
    expected = len(signs) / len(SIGNS)
    counts = Counter(signs)
    return sum((counts[sign] - expected) ** 2 / expected for sign in SIGNS)


def test_every_sign_of_a_number_is_as_likely() -> None:
    """Numbers draw freely: their signs are uniform."""
    drawn = "".join(SystemChance().letter_number() for _ in range(5_000))

    assert set(drawn) <= set(SIGNS)
    assert unevenness(drawn) < FAR_TOO_UNEVEN


@pytest.mark.parametrize("place", range(8))
def test_every_place_of_a_password_is_as_fair(place: int) -> None:
    """No place prefers a sign among those of its kind.

    Throwing away the draws of one kind only changes how often letters and digits come, so
    each kind is looked at by itself.
    """
    drawn = "".join(SystemChance().temporary_password()[place] for _ in range(6_000))

    for kind in (LETTERS, DIGITS):
        mine = [sign for sign in drawn if sign in kind]
        expected = len(mine) / len(kind)
        counts = Counter(mine)
        assert sum((counts[sign] - expected) ** 2 / expected for sign in kind) < FAR_TOO_UNEVEN


def test_the_test_of_evenness_sees_a_bent_draw() -> None:
    """Taking the rest of a byte by 27 without more favours the first 13 signs: that shows."""
    bent = "".join(SIGNS[byte % len(SIGNS)] for byte in range(256)) * 235

    assert unevenness(bent) > FAR_TOO_UNEVEN


def test_a_password_always_holds_both_kinds() -> None:
    """Letter and digit, whatever was drawn."""
    assert all(is_well_formed(SystemChance().temporary_password()) for _ in range(3_000))


def test_a_draw_of_one_kind_is_thrown_away_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mending it would make some passwords likelier than others."""
    draws = iter(["BCDFGHJK", "23456789", "BCDFG234"])
    monkeypatch.setattr(chance, "_draw", lambda _: next(draws))

    assert SystemChance().temporary_password() == "BCDFG234"


def test_bytes_that_would_favour_some_signs_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the 243 first values of a byte count: 27 times nine."""
    bytes_drawn = iter([bytes([250, 255, 243, 0, 26, 242]), bytes(range(20))])
    monkeypatch.setattr("secrets.token_bytes", lambda _: next(bytes_drawn))

    drawn = SystemChance().letter_number()

    assert drawn == (SIGNS[0] + SIGNS[26] + SIGNS[26] + SIGNS)[:NUMBER_LENGTH]


def test_nothing_comes_twice() -> None:
    """Numbers, salts and passwords of a run all differ."""
    source = SystemChance()

    assert len({source.letter_number() for _ in range(3_000)}) == 3_000
    assert len({source.salt() for _ in range(300)}) == 300
    assert {len(source.salt()) for _ in range(10)} == {16}
    assert len({source.temporary_password() for _ in range(3_000)}) == 3_000
