"""XLS before the parser sees it: whether it is locked, how far its sheets reach."""

import struct
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

from educonnect_admin.rosters.archives import MAX_CELLS, MAX_UNPACKED
from educonnect_admin.rosters.compound_files import CompoundFile, file_of_one
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason

_PASSWORD, _DATES, _SHEET, _EXTENT = 0x2F, 0x22, 0x0809, 0x0200
_TEXTS, _MORE, _TEXT_CELL = 0xFC, 0x3C, 0xFD
# Numbers, texts, formulas, errors: they begin with their row and their column.
_CELLS = frozenset({0x06, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406, 0xBD, 0xBE, 0xD6, 0xFD})
_SPANS = frozenset({0xBD, 0xBE})
"""Rows of cells in one record, which ends with the column of the last."""


def old_workbook(data: bytes) -> tuple[BytesIO, bool]:
    """Return a workbook that is safe to parse, and whether bare numbers may be dates.

    Raises:
        Unreadable: PROTECTED_WORKBOOK, DAMAGED_WORKBOOK, TOO_MANY_CELLS, ZIP_BOMB or
            TOO_LARGE; WORD_DOCUMENT or OLD_DOCUMENT for what is no workbook.
    """
    # A protected XLSX hides in the same shell.
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable(UnreadableReason.PROTECTED_WORKBOOK)
    file = CompoundFile(data)
    if file.stream("WordDocument") is not None:
        raise Unreadable(UnreadableReason.WORD_DOCUMENT)
    stream = file.stream("Workbook") or file.stream("Book")
    if not stream:
        raise Unreadable(UnreadableReason.OLD_DOCUMENT)
    try:
        serials = _check(stream)
    except (struct.error, IndexError):
        raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK) from None
    return file_of_one("Workbook", stream), serials


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _check(stream: bytes) -> bool:
    serials, last = True, 0
    texts: list[bytes] = []
    cells: Counter[int] = Counter()
    extent = _Extent()
    for kind, body in _records(stream):
        if kind == _PASSWORD:
            raise Unreadable(UnreadableReason.PROTECTED_WORKBOOK)
        if kind == _DATES:
            serials = body[:1] != b"\1"
        elif kind == _TEXTS or (kind == _MORE and last in {_TEXTS, _MORE} and texts):
            texts.append(body)
        elif kind == _TEXT_CELL:
            cells[struct.unpack_from("<I", body, 6)[0]] += 1
        extent.take(kind, body)
        last = kind
    _refuse_swollen_texts(texts, cells)
    return serials


class _Extent:
    """How far the cells of a sheet reach, and how far it says they do."""

    def __init__(self) -> None:
        self._rows = self._columns = 0

    def take(self, kind: int, body: bytes) -> None:
        if kind == _SHEET:
            self._rows = self._columns = 0
        elif kind == _EXTENT:
            wide = len(body) >= 14
            _, rows, _, columns = struct.unpack_from("<IIHH" if wide else "<HHHH", body)
            self._reach(rows, columns)
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", body)
            if kind in _SPANS:
                (column,) = struct.unpack_from("<H", body, len(body) - 2)
            self._reach(row + 1, column + 1)

    def _reach(self, rows: int, columns: int) -> None:
        self._rows, self._columns = max(self._rows, rows), max(self._columns, columns)
        if self._rows * self._columns > MAX_CELLS:
            raise Unreadable(UnreadableReason.TOO_MANY_CELLS)


def _refuse_swollen_texts(texts: list[bytes], cells: Counter[int]) -> None:
    """Refuse a long text that many cells share: each would get a copy of its own."""
    if not texts:
        return
    lengths = list(_lengths(texts))
    if sum(lengths[at] * count for at, count in cells.items() if at < len(lengths)) > MAX_UNPACKED:
        raise Unreadable(UnreadableReason.ZIP_BOMB)


def _lengths(blocks: list[bytes]) -> Iterator[int]:
    """Yield the length of every shared text, which may go on in the next block."""
    (count,) = struct.unpack_from("<I", blocks[0], 4)
    block, at = 0, 8
    for _ in range(count):
        if at >= len(blocks[block]):
            block, at = block + 1, 0
            if block == len(blocks):
                return
        length, flags = struct.unpack_from("<HB", blocks[block], at)
        at += 3
        extra = 0
        if flags & 0x8:
            extra += 4 * struct.unpack_from("<H", blocks[block], at)[0]
            at += 2
        if flags & 0x4:
            extra += struct.unpack_from("<I", blocks[block], at)[0]
            at += 4
        block, at = _after_letters(blocks, block, at, length, 1 + (flags & 1))
        block, at = _after(blocks, block, at + extra)
        yield length


def _after_letters(
    blocks: list[bytes], block: int, at: int, length: int, width: int
) -> tuple[int, int]:
    """Return where the letters of a text end; each further block says anew how wide they are."""
    while length:
        taken = min(length, (len(blocks[block]) - at) // width)
        at += taken * width
        length -= taken
        if length:
            block, at = block + 1, 1
            width = 1 + (blocks[block][0] & 1)
    return block, at


def _after(blocks: list[bytes], block: int, at: int) -> tuple[int, int]:
    while at > len(blocks[block]):
        block, at = block + 1, at - len(blocks[block])
    return block, at
