"""XLSX before the parser sees it: the extent of every sheet, the texts that cells share.

One cell in the last corner of a sheet would otherwise make the parser reserve seventeen
thousand million cells.
"""

import re
from io import BytesIO

from educonnect_admin.rosters.archives import MAX_CELLS, MAX_UNPACKED, repack
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason

NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/.*|xl/.*\.(?:xml|rels)", re.IGNORECASE)
_SHARED_TEXTS = re.compile(rb"<(?:\w+:)?sst\b")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]+)""")
_SHARED_END = re.compile(rb"</(?:\w+:)?si>")
_VALUE = re.compile(rb"<(?:\w+:)?v>\s*([0-9]{1,9})\s*<")
_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true)""")
# The parser reads a cell in error as an empty one: as a text, it tells what it is.
_ERROR = re.compile(rb"""(<(?:\w+:)?c\b[^<>]*?\st\s*=\s*["'])e(?=["'])""")


def office_workbook(parts: dict[str, bytes]) -> tuple[BytesIO, bool]:
    """Return a workbook that is safe to parse, and whether bare numbers may be dates.

    Raises:
        Unreadable: TOO_MANY_CELLS or ZIP_BOMB.
    """
    # By what a part holds: a workbook may call its sheets what it likes.
    sheets = {name: part for name, part in parts.items() if b"sheetData" in part}
    for sheet in sheets.values():
        _refuse_huge_extent(sheet)
    for part in parts.values():
        if _SHARED_TEXTS.search(part, 0, 2_000):
            _refuse_swollen_texts(part, list(sheets.values()))
    serials = not any(map(_1904.search, parts.values()))
    told = {name: _ERROR.sub(rb"\1str", sheet) for name, sheet in sheets.items()}
    return repack(parts | told), serials


def _refuse_huge_extent(sheet: bytes) -> None:
    columns = rows = 1
    for letters, digits in _REFERENCE.findall(sheet):
        columns = max(columns, _column_number(letters))
        rows = max(rows, int(digits[:9]))
    if columns * rows > MAX_CELLS:
        raise Unreadable(UnreadableReason.TOO_MANY_CELLS)


def _refuse_swollen_texts(shared: bytes, sheets: list[bytes]) -> None:
    """Refuse a long text that a million cells share: each would get a copy of its own."""
    lengths = [len(text) for text in _SHARED_END.split(shared)]
    cells = sum(len(_VALUE.findall(sheet)) for sheet in sheets)
    if max(lengths) * cells <= MAX_UNPACKED:
        return
    values = (int(value) for sheet in sheets for value in _VALUE.findall(sheet))
    if sum(lengths[value] for value in values if value < len(lengths)) > MAX_UNPACKED:
        raise Unreadable(UnreadableReason.ZIP_BOMB)


def _column_number(letters: bytes) -> int:
    number = 0
    for sign in letters[:4].upper():
        number = number * 26 + sign - 64
    return number
