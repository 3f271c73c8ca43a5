"""QR codes of letters, by addition: microseconds a symbol instead of a millisecond.

With version, level and mask fixed, every module of a QR code is a sum modulo 2 of bits of
the text (error correction is linear, the mask is constant). So the symbol of a number is the
symbol of a reference number, with the difference of each changed bit added by exclusive or;
segno draws the reference and one symbol a bit, once for each portal address.
"""

from dataclasses import dataclass
from functools import lru_cache

import segno

from educonnect_admin.domain.passwords import SIGNS

LENGTH = 12
_CAPACITY = {3: 42, 4: 62, 5: 84, 6: 106, 7: 122, 8: 152, 9: 180, 10: 213}
"""Bytes that each version holds at error level M, which forgives 15 % of dirt and folds."""
_MASK = 0


class AddressTooLong(ValueError):
    """The portal's address leaves no symbol small enough for a letter."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """The QR codes of one prefix.

    Attributes:
        modules: modules along a side, quiet zone apart.
        base: the symbol of the number `SIGNS[0] * 12`, as one large integer.
        changes: for each place of the number, what each sign changes in it.
    """

    modules: int
    base: int
    changes: tuple[dict[str, int], ...]

    def rows(self, number: str) -> bytes:
        """Return the symbol of a number: a bit a module, 1 is black, whole bytes a row."""
        symbol = self.base
        for change, sign in zip(self.changes, number, strict=True):
            symbol ^= change[sign]
        return symbol.to_bytes(self.modules * _bytes_a_row(self.modules))


def _bytes_a_row(modules: int) -> int:
    return (modules + 7) // 8


@lru_cache(maxsize=8)
def symbols(prefix: str) -> Symbols:
    """Return the symbols of all texts that are a prefix and a number of 12 signs.

    Raises:
        AddressTooLong: the prefix has more than 201 bytes.
    """
    start = prefix.encode("utf-8")
    length = len(start) + LENGTH
    version = next((v for v, room in _CAPACITY.items() if room >= length), None)
    if version is None:
        raise AddressTooLong(length)
    zero = SIGNS[0].encode() * LENGTH
    base = draw(start + zero, version)
    changes = tuple(_changes(start, zero, place, base, version) for place in range(LENGTH))
    return Symbols(modules=17 + 4 * version, base=base, changes=changes)


def _changes(start: bytes, zero: bytes, place: int, base: int, version: int) -> dict[str, int]:
    """Return what each sign changes at one place, summed from the change of each of its bits."""
    flips = {}
    for bit in range(7):
        number = bytearray(zero)
        number[place] ^= 1 << bit
        flips[bit] = draw(start + bytes(number), version) ^ base
    found = {}
    for sign in SIGNS:
        found[sign] = 0
        for bit in range(7):
            if (ord(sign) ^ zero[place]) >> bit & 1:
                found[sign] ^= flips[bit]
    return found


def draw(text: bytes, version: int) -> int:
    """Return segno's own symbol of a text as one integer, each row padded to whole bytes."""
    symbol = segno.make_qr(
        text, version=version, error="m", mask=_MASK, mode="byte", boost_error=False
    )
    pad = "0" * (-len(symbol.matrix) % 8)
    bits = "".join("".join(map(str, row)) + pad for row in symbol.matrix)
    return int(bits, 2)
