"""The little file system inside the documents of Office before 2007: one stream out, one in.

A table of sectors says which follows which. A hostile one goes round in circles, which the
parser would follow without end: what it gets is a fresh file of the one stream that matters.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

from educonnect_admin.rosters.problems import Unreadable, UnreadableReason

SIGN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_LAST_SECTOR = 0xFFFFFFFA
_STREAM, _ROOT = 2, 5
_ENTRY = 128
_SMALL = 4096
"""A shorter stream lies in a file system of its own, of smaller sectors."""
_SECTOR = 4096
_IN_HEADER = 109
"""How many sectors of the table the header can name."""


class CompoundFile:
    """What a document holds, by the names of its streams.

    Raises:
        Unreadable: DAMAGED_WORKBOOK, here and from `stream`.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._shift, self._small_shift = struct.unpack_from("<HH", data, 30)
            (first_entry,) = struct.unpack_from("<I", data, 48)
            (small_first,) = struct.unpack_from("<I", data, 60)
            if self._shift not in {9, 12} or self._small_shift != 6:
                raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK)
            self._table = _numbers(b"".join(map(self._sector, self._table_sectors())))
            entries = _entries(b"".join(self._chain(first_entry)))
            self._small_table = _numbers(b"".join(self._chain(small_first)))
            self._streams = {name: place for name, kind, place in entries if kind == _STREAM}
            root = next((place for _, kind, place in entries if kind == _ROOT), (_END, 0))
            self._small = b"".join(self._chain(root[0]))
        except struct.error:
            raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK) from None

    def stream(self, name: str) -> bytes | None:
        """Return a stream by its name, whose capitals do not matter; nothing for none."""
        place = self._streams.get(name.lower())
        if place is None:
            return None
        start, size = place
        if size >= _SMALL:
            return b"".join(self._chain(start))[:size]
        return b"".join(self._small_chain(start))[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        found = self._data[start : start + (1 << self._shift)]
        if not found:
            raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK)
        return found

    def _table_sectors(self) -> Iterator[int]:
        """Yield the sectors in which the table lies, named by the header and what it leads to."""
        yield from _used(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        (at,) = struct.unpack_from("<I", self._data, 68)
        for _ in range(len(self._data) >> self._shift):
            if at > _LAST_SECTOR:
                return
            *numbers, at = _numbers(self._sector(at))
            yield from _used(numbers)
        raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK)

    def _chain(self, start: int) -> Iterator[bytes]:
        return map(self._sector, _follow(self._table, start))

    def _small_chain(self, start: int) -> Iterator[bytes]:
        for number in _follow(self._small_table, start):
            yield self._small[number << self._small_shift : (number + 1) << self._small_shift]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _used(numbers: tuple[int, ...] | list[int]) -> Iterator[int]:
    return (number for number in numbers if number <= _LAST_SECTOR)


def _follow(table: tuple[int, ...], start: int) -> Iterator[int]:
    at = start
    for _ in range(len(table) + 1):
        if at > _LAST_SECTOR:
            return
        if at >= len(table):
            break
        yield at
        at = table[at]
    raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK)


def _entries(data: bytes) -> list[tuple[str, int, tuple[int, int]]]:
    found = []
    for start in range(0, len(data) - _ENTRY + 1, _ENTRY):
        entry = data[start : start + _ENTRY]
        length, kind = struct.unpack_from("<HB", entry, 64)
        name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
        found.append((name, kind, struct.unpack_from("<II", entry, 116)))
    return found


def file_of_one(name: str, stream: bytes) -> BytesIO:
    """Return a document that holds one stream and nothing else.

    Raises:
        Unreadable: TOO_LARGE, beyond what one header can name (over 400 MB).
    """
    stream = stream.ljust(_SMALL, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    tables = -(-(sectors + 2) // (_SECTOR // 4 - 1))
    if tables > _IN_HEADER:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    # The parser wants a sector for the small streams, even where there are none.
    first = tables + 2
    root = _entry("Root Entry", _ROOT, child=1, start=tables + 1, size=_SMALL)
    only = _entry(name, _STREAM, child=_FREE, start=first, size=len(stream))
    blocks = (
        _header(tables),
        _table(tables, first, sectors),
        (root + only).ljust(_SECTOR, b"\0"),
        bytes(_SECTOR),
        stream.ljust(sectors * _SECTOR, b"\0"),
    )
    return BytesIO(b"".join(blocks))


def _header(tables: int) -> bytes:
    numbers = (1, tables, tables, 0, _SMALL, _END, 0, _END, 0)
    versions = struct.pack("<HHHHH6x9I", 0x3E, 4, 0xFFFE, 12, 6, *numbers)
    names = [*range(tables), *[_FREE] * (_IN_HEADER - tables)]
    header = SIGN + bytes(16) + versions + struct.pack(f"<{_IN_HEADER}I", *names)
    return header.ljust(_SECTOR, b"\0")


def _table(tables: int, first: int, sectors: int) -> bytes:
    """Return which sector follows which: the table's own, the folder's, the small ones', ours."""
    chain = [*range(first + 1, first + sectors), _END]
    table = [*[_TABLE] * tables, _END, _END, *chain]
    table += [_FREE] * (tables * _SECTOR // 4 - len(table))
    return struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
