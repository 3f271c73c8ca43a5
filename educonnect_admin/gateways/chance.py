"""Chance, from the operating system alone; nothing else in the product draws anything."""

import secrets  # noqa: TID251 - this is the one place
from typing import Protocol

from educonnect_admin.domain.letters import NUMBER_LENGTH
from educonnect_admin.domain.passwords import LENGTH, SIGNS, is_well_formed

_REQUEST_LENGTH = 8
_CODE_DIGITS = 6


class Chance(Protocol):
    """Where secrets and opaque numbers come from."""

    def temporary_password(self) -> str:
        """Draw a temporary password (R-3)."""
        ...

    def letter_number(self) -> str:
        """Draw the opaque number of a letter (R-10): 12 signs, about 57 bits."""
        ...

    def salt(self) -> bytes:
        """Draw 16 bytes."""
        ...

    def token(self) -> str:
        """Draw a token for a cookie, a link or a nonce: 43 signs of an address, 256 bits."""
        ...

    def sms_code(self) -> str:
        """Draw a code of six digits (R-32)."""
        ...

    def request_number(self) -> str:
        """Draw what a mail calls a request for the helpdesk: 8 signs (R-55)."""
        ...


class SystemChance:
    """The operating system's randomness."""

    def temporary_password(self) -> str:
        """Draw uniformly among the well-formed passwords (R-3).

        A draw without both a letter and a digit is thrown away whole: repairing it would
        make some passwords likelier than others.
        """
        while True:
            password = _draw(LENGTH)
            if is_well_formed(password):
                return password

    def letter_number(self) -> str:
        """Draw a number from the signs that nobody misreads."""
        return _draw(NUMBER_LENGTH)

    def salt(self) -> bytes:
        """Draw 16 bytes."""
        return secrets.token_bytes(16)

    def token(self) -> str:
        """Draw 32 bytes, spelt for an address."""
        return secrets.token_urlsafe(32)

    def sms_code(self) -> str:
        """Draw each of a million codes as likely as any other."""
        return f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"

    def request_number(self) -> str:
        """Draw a number from the signs that nobody misreads."""
        return _draw(_REQUEST_LENGTH)


# The largest multiple of 27 that a byte can hold; higher bytes would favour the first signs.
_FAIR = 256 - 256 % len(SIGNS)


def _draw(length: int) -> str:
    drawn: list[str] = []
    while len(drawn) < length:
        drawn += [SIGNS[byte % len(SIGNS)] for byte in secrets.token_bytes(32) if byte < _FAIR]
    return "".join(drawn[:length])
