"""The UAI (formerly RNE), the number of a school: seven digits and a check letter."""

import re

from educonnect_admin.domain.academies import Academy, academy_of_department
from educonnect_admin.domain.errors import InvalidUAI

CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9]{7}[A-Z]")
_CORSICA = {"620": "2A", "720": "2B"}


def check_letter(digits: str) -> str:
    """Return the check letter of the seven digits of a UAI."""
    return CHECK_LETTERS[int(digits) % len(CHECK_LETTERS)]


def department_of(uai: str) -> str:
    """Return the department (`75`, `2A`, `974`) that the first three digits name."""
    prefix = uai[:3]
    if prefix in _CORSICA:
        return _CORSICA[prefix]
    return prefix[1:] if prefix[0] == "0" else prefix


def academy_of(uai: str) -> Academy | None:
    """Return the academy of a school by its UAI."""
    return academy_of_department(department_of(uai))


def parse_uai(text: str) -> str:
    """Return a UAI in its canonical form.

    Args:
        text: What was typed; spaces and lower case are forgiven.

    Returns:
        Seven digits and a capital.

    Raises:
        InvalidUAI: the shape, the check letter or the department is wrong. The error
            carries the letter that the digits call for, when they are seven.
    """
    uai = "".join(text.split()).upper()
    if not (uai.isascii() and _SHAPE.fullmatch(uai)):
        raise InvalidUAI(text, expected=None)
    if uai[-1] != check_letter(uai[:7]):
        raise InvalidUAI(text, expected=check_letter(uai[:7]))
    if academy_of(uai) is None:
        raise InvalidUAI(text, expected=None)
    return uai
