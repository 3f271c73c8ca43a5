"""XLSX to a table: the first sheet that holds headings, every cell as a string.

A workbook is a zip of XML written by anybody. Before the parser sees it, each part is
unpacked here under a bound, and the extent of every sheet is read: one cell in the last
corner of a sheet would otherwise make the parser reserve seventeen thousand million cells.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from educonnect_admin.rosters.headings import find_headings
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.tables import Row, Table

if TYPE_CHECKING:
    import pandas as pd

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MAX_UNPACKED = 500_000_000
MAX_RATIO = 200
MAX_CELLS = 5_000_000
_RATIO_MATTERS = 10_000_000
_MAX_PARTS = 2_000
_NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/.*|xl/.*\.(?:xml|rels)", re.IGNORECASE)
_SHARED_TEXTS = re.compile(rb"<(?:\w+:)?sst\b")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]+)""")
_SHARED_END = re.compile(rb"</(?:\w+:)?si>")
_VALUE = re.compile(rb"<(?:\w+:)?v>\s*([0-9]{1,9})\s*<")
_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true)""")


def is_container(data: bytes) -> bool:
    """Tell a zip or an old Office document, which are not text, by their first bytes."""
    return data.startswith((ZIP, EMPTY_ZIP, OLE))


def workbook_table(data: bytes) -> Table:
    """Return the table of the first sheet that holds the headings of a roster.

    Raises:
        Unreadable: the kind of document that was given instead; PROTECTED_WORKBOOK,
            DAMAGED_WORKBOOK, ZIP_BOMB, TOO_MANY_CELLS; UNKNOWN_HEADINGS or HEADINGS_ONLY.
    """
    if data.startswith(OLE):
        raise Unreadable(_old_document(data))
    parts = _unpack(data)
    # By what a part holds: a workbook may call its sheets what it likes.
    sheets = [part for part in parts.values() if b"sheetData" in part]
    for sheet in sheets:
        _refuse_huge_extent(sheet)
    for part in parts.values():
        if _SHARED_TEXTS.search(part, 0, 2_000):
            _refuse_swollen_texts(part, sheets)
    serials = not any(map(_1904.search, parts.values()))
    for rows in _sheets(_repack(parts)):
        at = find_headings(rows)
        if at is not None:
            return _table(rows, at, serials=serials)
    raise Unreadable(UnreadableReason.UNKNOWN_HEADINGS)


def _table(rows: list[Row], at: int, *, serials: bool) -> Table:
    if len(rows) == at + 1:
        raise Unreadable(UnreadableReason.HEADINGS_ONLY, line=at + 1)
    return Table(
        headings=rows[at],
        heading_line=at + 1,
        lines=range(at + 2, len(rows) + 1),
        rows=rows[at + 1 :],
        encoding="xlsx",
        serial_dates=serials,
    )


def _old_document(data: bytes) -> UnreadableReason:
    """Tell the documents of Office before 2007, in whose shell a protected XLSX also hides."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableReason.PROTECTED_WORKBOOK
    if "WordDocument".encode("utf-16-le") in data:
        return UnreadableReason.WORD_DOCUMENT
    return UnreadableReason.OLD_WORKBOOK


def _unpack(data: bytes) -> dict[str, bytes]:
    """Return the parts that matter, never more of them than the bounds allow."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_other_archives(archive)
            _refuse_bomb(archive)
            return {
                part.filename: _read(archive, part)
                for part in archive.infolist()
                if _NEEDED.fullmatch(part.filename)
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK) from None


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Read a part whole; a size declared too small ends as a bad checksum, not as a flood."""
    if part.flag_bits & 0x1:
        raise Unreadable(UnreadableReason.PROTECTED_WORKBOOK)
    return archive.read(part)


def _refuse_other_archives(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if any(name.startswith("word/") for name in names):
        raise Unreadable(UnreadableReason.WORD_DOCUMENT)
    if "mimetype" in names:
        raise Unreadable(UnreadableReason.OPEN_DOCUMENT)
    if not any(name.startswith("xl/") for name in names):
        raise Unreadable(UnreadableReason.ZIP_ARCHIVE)


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(UnreadableReason.ZIP_BOMB)
    for part in parts:
        swollen = part.file_size > MAX_RATIO * max(part.compress_size, 1)
        if swollen and part.file_size > _RATIO_MATTERS:
            raise Unreadable(UnreadableReason.ZIP_BOMB)


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


def _repack(parts: dict[str, bytes]) -> BytesIO:
    """Return a workbook of exactly the parts that were checked."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    file.seek(0)
    return file


def _sheets(file: BytesIO) -> Iterator[list[Row]]:
    import pandas as pd

    try:
        with pd.ExcelFile(file, engine="calamine") as book:
            for name in book.sheet_names:
                yield _rows(book, name)
    except Unreadable:
        raise
    except BaseException as error:
        # The parser is compiled code that meets hostile XML: it raises what it likes, even
        # a panic, which is not an `Exception`.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK) from None
        raise


def _rows(book: "pd.ExcelFile", name: str | int) -> list[Row]:
    import pandas as pd

    frame = pd.read_excel(
        book, sheet_name=name, header=None, dtype=str, na_filter=False, keep_default_na=False
    )
    columns = [frame[column].tolist() for column in frame.columns]
    return list(zip(*columns, strict=True))
