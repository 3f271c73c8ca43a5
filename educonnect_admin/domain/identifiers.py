"""The identifier of an account, `givenname.familyname` and a homonym number (R-2)."""

import re

from educonnect_admin.domain.names import tidy, to_ascii

LONGEST = 64
# Room for the homonym number behind the longest name: ten million namesakes.
_LONGEST_SERIES = LONGEST - 7
NAMELESS = "responsable"
_DIGITS = "0123456789"
_NOT_PART = re.compile(r"[^a-z0-9-]+")


def identifier_stem(given_name: str, family_name: str) -> str:
    """Return the part of an identifier that comes from the name.

    Args:
        given_name: Only what stands before its first space counts.
        family_name: The usage name where there is one, as on the letter.

    Returns:
        ASCII lower case, at most 64 signs, never empty. It never ends with a digit: digits
        at the end belong to the homonym number, so that a guardian registered as
        `DUPONT 2` can't take the identifier of the second DUPONT.

    Rule: R-2.
    """
    given = _part(tidy(given_name).split(" ")[0])
    family = _part(family_name).rstrip(_DIGITS + "-")
    if not given and not family:
        return NAMELESS
    given, family = given or NAMELESS, family or NAMELESS
    if len(given) + 1 + len(family) > LONGEST:
        given = given[: max(LONGEST - 1 - len(family), LONGEST // 2)].rstrip("-")
        family = family[: LONGEST - 1 - len(given)].rstrip(_DIGITS + "-")
    return f"{given}.{family}"


def _part(name: str) -> str:
    return _NOT_PART.sub("", to_ascii(name)).strip("-")


def identifier_series(stem: str) -> str:
    """Return what the homonyms of a stem share, and are numbered by.

    It is the stem, or the beginning of a very long one. It does not end with a digit
    either: no two series can give the same identifier.
    """
    return stem[:_LONGEST_SERIES].rstrip(_DIGITS + "-.")


def as_given(typed: str) -> str:
    """Return an identifier as it was given, however somebody typed it.

    Telephones begin with a capital, put a space after a full stop and correct `celine` to
    `céline`; none of it makes another identifier.
    """
    return "".join(to_ascii(typed).split())


def numbered(stem: str, number: int) -> str:
    """Return the identifier of the homonym of this number; the first, 0, bears none."""
    return stem if number == 0 else f"{identifier_series(stem)}{number}"
