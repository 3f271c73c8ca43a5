"""XLSX, ODS and XLS to tables: one for each sheet that holds headings, every cell as a string.

A workbook is written by anybody. Before the parser sees it, its parts are unpacked under a
bound, its sheets are measured, and it is packed anew out of what was checked.
"""

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple, cast

from educonnect_admin.rosters import office_workbooks, open_documents
from educonnect_admin.rosters.archives import EMPTY_ZIP, ZIP, unpack
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.compound_files import SIGN
from educonnect_admin.rosters.headings import find_headings, full_headings
from educonnect_admin.rosters.office_workbooks import office_workbook
from educonnect_admin.rosters.old_workbooks import old_workbook
from educonnect_admin.rosters.open_documents import open_workbook
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.tables import Row, SkippedSheet, SkipReason, Table

if TYPE_CHECKING:
    import pandas as pd
    from python_calamine import CalamineWorkbook


class _Sheet(NamedTuple):
    name: str
    is_hidden: bool
    rows: list[Row]


def is_container(data: bytes) -> bool:
    """Tell a zip or an old Office document, which are not text, by their first bytes."""
    return data.startswith((ZIP, EMPTY_ZIP, SIGN))


def workbook_tables(
    data: bytes, columns: Columns = NOTHING_SAID
) -> tuple[list[Table], list[SkippedSheet]]:
    """Return the tables of the sheets that hold the headings of a roster, and the other sheets.

    A hidden sheet is not read: whoever hid it does not see what would go in. Hidden rows and
    columns are: a filter that somebody forgot hides pupils who are there.

    Args:
        data: The file.
        columns: What somebody said of headings that nobody else would know.

    Raises:
        Unreadable: the kind of document that was given instead; PROTECTED_WORKBOOK,
            DAMAGED_WORKBOOK, HOSTILE_XML, ZIP_BOMB, TOO_MANY_CELLS; UNKNOWN_HEADINGS,
            HIDDEN_SHEET or HEADINGS_ONLY.
    """
    kind, (file, serials) = _checked(data)
    return _tables(_sheets(file), kind, columns, serials=serials)


def raw_sheets(data: bytes) -> list[tuple[str, list[Row]]]:
    """Return the name and the rows of every sheet that is not hidden, headings or not.

    Raises:
        Unreadable: as `workbook_tables`, save that any headings will do.
    """
    _, (file, _) = _checked(data)
    return [(sheet.name, sheet.rows) for sheet in _sheets(file) if not sheet.is_hidden]


def _checked(data: bytes) -> tuple[str, tuple[BytesIO, bool]]:
    """Return what a workbook is, itself fit to be parsed, and whether its numbers may be dates."""
    if data.startswith(SIGN):
        return "xls", old_workbook(data)
    parts = unpack(data, _refuse_other_archives, _is_needed)
    if "content.xml" in parts or "mimetype" in parts:
        return "ods", open_workbook(parts)
    return "xlsx", office_workbook(parts)


def _is_needed(name: str) -> bool:
    return name in open_documents.NEEDED or bool(office_workbooks.NEEDED.fullmatch(name))


def _refuse_other_archives(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if any(name.startswith("word/") for name in names):
        raise Unreadable(UnreadableReason.WORD_DOCUMENT)
    if "xl/workbook.bin" in names:
        raise Unreadable(UnreadableReason.BINARY_WORKBOOK)
    office = any(name.startswith("xl/") for name in names)
    if not office and not {"mimetype", "content.xml"} & names:
        raise Unreadable(UnreadableReason.ZIP_ARCHIVE)


def _tables(
    sheets: Iterable[_Sheet], kind: str, columns: Columns, *, serials: bool
) -> tuple[list[Table], list[SkippedSheet]]:
    tables: list[Table] = []
    skipped: list[SkippedSheet] = []
    for sheet in sheets:
        at = find_headings(sheet.rows, columns)
        if at is not None and not sheet.is_hidden and len(sheet.rows) > at + 1:
            tables.append(_table(sheet, at, kind, serials=serials))
        elif any(any(map(str.strip, row)) for row in sheet.rows):
            skipped.append(SkippedSheet(sheet.name, _why_skipped(at, is_hidden=sheet.is_hidden)))
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


def _table(sheet: _Sheet, at: int, kind: str, *, serials: bool) -> Table:
    return Table(
        headings=full_headings(sheet.rows, at),
        heading_line=at + 1,
        lines=range(at + 2, len(sheet.rows) + 1),
        rows=sheet.rows[at + 1 :],
        encoding=kind,
        serial_dates=serials,
        part=sheet.name,
    )


def _sheets(file: BytesIO) -> Iterator[_Sheet]:
    import pandas as pd
    from python_calamine import SheetVisibleEnum

    try:
        with pd.ExcelFile(file, engine="calamine") as book:
            sheets = cast("CalamineWorkbook", book.book).sheets_metadata
            seen = {sheet.name: sheet.visible for sheet in sheets}
            for name in book.sheet_names:
                is_hidden = seen.get(str(name)) != SheetVisibleEnum.Visible
                yield _Sheet(str(name), is_hidden, _rows(book, name))
    except Unreadable:
        raise
    except BaseException as error:
        # The parser is compiled code that meets hostile files: it raises what it likes, even
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
