"""Passwords at rest: hashed, sealed for one owner, opened by old keys too (R-5)."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.hashing import (
    CHEAP,
    OWASP,
    Argon2Vault,
    Cost,
    owner_of_letter,
)
from educonnect_admin.gateways.keys import Keyring

PASSWORD, OWNER = "BZNZ57DM", owner_of_letter("BCDFGHJKMNPQ")
KEYS = {"k1": bytes(range(32)), "k2": bytes(range(32, 64))}


def vault(*key_ids: str, cost: Cost = CHEAP) -> Argon2Vault:
    """Return a vault that holds these keys, the last one current."""
    ring = Keyring(Path("k"), bytes(32), {one: KEYS[one] for one in key_ids}, key_ids[-1])
    return Argon2Vault(ring, SystemChance(), cost)


@pytest.mark.parametrize("cost", [CHEAP, OWASP], ids=["cheap", "owasp"])
def test_the_password_is_accepted_and_no_other(cost: Cost) -> None:
    """At the cost of tests and at OWASP's own."""
    mine = vault("k1", cost=cost)
    sealed = mine.seal(PASSWORD, OWNER)

    assert mine.accepts(sealed, PASSWORD, OWNER)
    for wrong in ("BZNZ57DN", PASSWORD.lower(), PASSWORD + " ", ""):
        assert not mine.accepts(sealed, wrong, OWNER)


def test_the_cost_is_owasps() -> None:
    """19 MiB, two passes, one lane: the setting for everybody's real passwords."""
    assert (OWASP.memory_kib, OWASP.passes, OWASP.lanes) == (19 * 1024, 2, 1)


def test_what_is_stored_shows_nothing() -> None:
    """Neither the password nor an argon2 string in clear, whatever the writing."""
    sealed = vault("k1").seal(PASSWORD, OWNER)

    for clear in (b"argon2", b"$v=19$", PASSWORD.encode(), b64encode(PASSWORD.encode())):
        assert clear not in sealed
    assert OWNER.encode() not in sealed
    assert sealed.startswith(b"k1:")


def test_the_same_password_is_never_stored_twice_alike() -> None:
    """Salt and nonce are drawn each time."""
    mine = vault("k1")

    assert len({mine.seal(PASSWORD, OWNER) for _ in range(20)}) == 20


def test_a_seal_is_bound_to_its_owner() -> None:
    """Copying one's own hash over another person's makes it unreadable."""
    mine = vault("k1")
    sealed = mine.seal(PASSWORD, OWNER)

    assert not mine.accepts(sealed, PASSWORD, owner_of_letter("ZZZZZZZZZZZZ"))
    assert not mine.accepts(sealed, PASSWORD, "account:1")
    assert not mine.accepts(sealed, PASSWORD, "")


def test_an_old_key_still_opens_what_it_sealed() -> None:
    """After a rotation letters stay good, and new ones bear the new key."""
    before, after = vault("k1"), vault("k1", "k2")
    old, new = before.seal(PASSWORD, OWNER), after.seal(PASSWORD, OWNER)

    assert after.accepts(old, PASSWORD, OWNER)
    assert after.accepts(new, PASSWORD, OWNER)
    assert new.startswith(b"k2:")


def test_an_unknown_key_is_a_plain_no() -> None:
    """A key that was taken out, or never was here, is no error for the parent to see."""
    sealed = vault("k1", "k2").seal(PASSWORD, OWNER)

    assert not vault("k1").accepts(sealed, PASSWORD, OWNER)


def test_the_key_of_a_seal_cannot_be_swapped() -> None:
    """Another name before the colon opens nothing."""
    mine = vault("k1", "k2")
    sealed = mine.seal(PASSWORD, OWNER)

    assert not mine.accepts(b"k1" + sealed[2:], PASSWORD, OWNER)


@pytest.mark.parametrize(
    "sealed", [b"", b":", b"k1:", b"k1", b"k1:short", b"\xff\xfe:abc", b"k1:" + bytes(80)]
)
def test_rubbish_is_a_plain_no(sealed: bytes) -> None:
    """A damaged row refuses the password; it does not break the page."""
    assert not vault("k1").accepts(sealed, PASSWORD, OWNER)


@given(place=st.integers(0, 200), change=st.integers(1, 255))
@settings(max_examples=60)
def test_a_single_altered_byte_is_a_no(place: int, change: int) -> None:
    """Whoever touches the row makes it useless."""
    mine = vault("k1")
    sealed = bytearray(mine.seal(PASSWORD, OWNER))
    sealed[place % len(sealed)] ^= change

    assert not mine.accepts(bytes(sealed), PASSWORD, OWNER)
