"""The password that a holder chooses: its shape, and what is refused (R-4)."""

import re
from enum import StrEnum, auto
from functools import cache
from importlib.resources import files

from educonnect_admin.domain.passwords import as_printed

SHORTEST = 8
LONGEST = 14
_SIGNS = re.compile(r"[A-Za-z0-9]*")
_LETTER = re.compile(r"[A-Za-z]")
_DIGIT = re.compile(r"[0-9]")


class PasswordFault(StrEnum):
    """Why a new password is refused; one at a time, the first that is met."""

    SIGNS = auto()
    SHORT = auto()
    LONG = auto()
    NO_LETTER = auto()
    NO_DIGIT = auto()
    IS_IDENTIFIER = auto()
    IS_TEMPORARY = auto()
    COMMON = auto()


def password_fault(
    password: str, *, identifier: str, temporary: str | None = None
) -> PasswordFault | None:
    """Return what is wrong with a password that a holder chose, or nothing (R-4).

    Args:
        password: As typed: spaces and capitals count.
        identifier: The account's; refused in whatever case, without its dot and hyphens.
        temporary: The letter's password, where the journey knows it in clear. One that does
            not asks the vault whether the letter's accepts this one, as `as_printed`.
    """
    return _shape_fault(password) or _likeness_fault(password, identifier, temporary)


def is_common(password: str) -> bool:
    """Tell whether a password is one of the thousand most common, in whatever case."""
    return password.lower() in _common()


def _shape_fault(password: str) -> PasswordFault | None:
    if not _SIGNS.fullmatch(password):
        return PasswordFault.SIGNS
    if len(password) < SHORTEST:
        return PasswordFault.SHORT
    if len(password) > LONGEST:
        return PasswordFault.LONG
    if not _LETTER.search(password):
        return PasswordFault.NO_LETTER
    return None if _DIGIT.search(password) else PasswordFault.NO_DIGIT


def _likeness_fault(password: str, identifier: str, temporary: str | None) -> PasswordFault | None:
    if password.lower() == re.sub(r"[^a-z0-9]", "", identifier.lower()):
        return PasswordFault.IS_IDENTIFIER
    if temporary is not None and as_printed(password) == as_printed(temporary):
        return PasswordFault.IS_TEMPORARY
    return PasswordFault.COMMON if is_common(password) else None


@cache
def _common() -> frozenset[str]:
    """Return the list, read once: the most common passwords that have the shape of R-4."""
    text = files("educonnect_admin.domain").joinpath("common_passwords.txt").read_text("ascii")
    return frozenset(text.split())
