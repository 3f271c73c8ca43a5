"""The temporary password of a letter: its signs, its shape, how it may be typed (R-3)."""

LETTERS = "BCDFGHJKMNPQRSTVWXZ"
DIGITS = "23456789"
SIGNS = LETTERS + DIGITS
"""27 signs: no look-alikes (I L O U 0 1) and no vowels, so no word to regret."""

LENGTH = 8


def is_well_formed(password: str) -> bool:
    """Tell whether a password has the shape of a temporary one: both kinds of sign."""
    signs = set(password)
    return (
        len(password) == LENGTH
        and signs <= set(SIGNS)
        and not signs.isdisjoint(LETTERS)
        and not signs.isdisjoint(DIGITS)
    )


def as_printed(typed: str) -> str:
    """Return what a parent typed as the letter prints it: in capitals, without spaces."""
    return "".join(typed.split()).upper()
