"""XLSX to tables: one for each sheet that holds headings, every cell as a string.

A workbook is a zip of XML written by anybody. Before the parser sees it, each part is
unpacked here under a bound, and the extent of every sheet is read: one cell in the last
corner of a sheet would otherwise make the parser reserve seventeen thousand million cells.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, cast

from educonnect_admin.rosters.headings import find_headings
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.tables import Row, SkippedSheet, SkipReason, Table

if TYPE_CHECKING:
    import pandas as pd
    from python_calamine import CalamineWorkbook

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


def workbook_tables(data: bytes) -> tuple[list[Table], list[SkippedSheet]]:
    """Return the tables of the sheets that hold the headings of a roster, and the other sheets.

    A hidden sheet is not read: whoever hid it does not see what would go in.

    Raises:
        Unreadable: the kind of document that was given instead; PROTECTED_WORKBOOK,
            DAMAGED_WORKBOOK, ZIP_BOMB, TOO_MANY_CELLS; UNKNOWN_HEADINGS,
            HIDDEN_SHEET or HEADINGS_ONLY.
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
    return _tables(_sheets(_repack(parts)), serials=serials)


def _tables(
    sheets: Iterable[tuple[str, bool, list[Row]]], *, serials: bool
) -> tuple[list[Table], list[SkippedSheet]]:
    tables: list[Table] = []
    skipped: list[SkippedSheet] = []
    for name, is_hidden, rows in sheets:
        at = find_headings(rows)
        if at is not None and not is_hidden and len(rows) > at + 1:
            tables.append(_table(name, rows, at, serials=serials))
        elif any(any(map(str.strip, row)) for row in rows):
            skipped.append(SkippedSheet(name, _why_skipped(at, is_hidden=is_hidden)))
    if not tables:
        raise Unreadable(_why_nothing({sheet.why for sheet in skipped}))
    return tables, skipped


def _why_skipped(headings: int | None, *, is_hidden: bool) -> SkipReason:
    if headings is None:
        return SkipReason.NO_HEADINGS
    return SkipReason.HIDDEN if is_hidden else SkipReason.HEADINGS_ONLY


def _why_nothing(skipped: set[SkipReason]) -> UnreadableReason:
    if SkipReason.HEADINGS_ONLY in skipped:
        return UnreadableReason.HEADINGS_ONLY
    hidden = SkipReason.HIDDEN in skipped
    return UnreadableReason.HIDDEN_SHEET if hidden else UnreadableReason.UNKNOWN_HEADINGS


def _table(name: str, rows: list[Row], at: int, *, serials: bool) -> Table:
    return Table(
        headings=rows[at],
        heading_line=at + 1,
        lines=range(at + 2, len(rows) + 1),
        rows=rows[at + 1 :],
        encoding="xlsx",
        serial_dates=serials,
        part=name,
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


def _sheets(file: BytesIO) -> Iterator[tuple[str, bool, list[Row]]]:
    """Yield the name of each sheet, whether it is hidden, and its rows."""
    import pandas as pd
    from python_calamine import SheetVisibleEnum

    try:
        with pd.ExcelFile(file, engine="calamine") as book:
            sheets = cast("CalamineWorkbook", book.book).sheets_metadata
            seen = {sheet.name: sheet.visible for sheet in sheets}
            for name in book.sheet_names:
                is_hidden = seen.get(str(name)) != SheetVisibleEnum.Visible
                yield str(name), is_hidden, _rows(book, name)
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
