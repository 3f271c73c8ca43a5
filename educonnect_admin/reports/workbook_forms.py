"""Workbooks that people write in: text cells, marked cells, a sheet of advice, titles."""

import re
from collections.abc import Collection, Iterable
from math import ceil
from typing import Any

from educonnect_admin.reports.cells import is_formula, writable
from educonnect_admin.reports.workbook_cells import Styles, set_up_page

TEXT = "@"
"""The format in which nothing typed becomes a number or a date."""
_FACE = "Calibri"
_LONGEST_TITLE = 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LINE = 15
_ROOM = 0.92
"""How much of a column's width a line of prose fills before it is broken."""
_RESERVED = "history"
_COMMENT_SIZE = (70, 260)


class Pen:
    """Makes the cells of one sheet, written row by row."""

    def __init__(self, sheet: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._sheet = sheet
        self._plain = Font(name=_FACE)
        self._bold = Font(name=_FACE, bold=True, color="9C0006")
        self._pale = Font(name=_FACE, italic=True, color="5A6470")
        self._head = Font(name=_FACE, bold=True, color="FFFFFF")
        self._fills = {
            name: PatternFill("solid", fgColor=colour)
            for name, colour in {
                "faulty": "FFC7CE", "pale": "EEF1F4", "words": "FFF6DD",
                "head": "1F3A5F", "own": "7A3E00",
            }.items()
        }  # fmt: skip
        side = Side("medium", color="9C0006")
        self._frame = Border(left=side, right=side, top=side, bottom=side)
        self._wrapped = Alignment(vertical="top", wrap_text=True)
        self._middle = Alignment(vertical="center", wrap_text=True)

    def _cell(self, text: str, font: Any, fill: str = "") -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet, value=writable(text))
        cell.data_type = "s"
        cell.number_format = TEXT
        cell.font = font
        cell.alignment = self._wrapped
        if is_formula(text):
            cell.quotePrefix = True
        if fill:
            cell.fill = self._fills[fill]
        return cell

    def text(self, text: str, *, pale: bool = False) -> Any:
        """Return a cell as it stood; a pale one is there to be compared with."""
        return self._cell(text, self._pale, "pale") if pale else self._cell(text, self._plain)

    def faulty(self, text: str, note: str) -> Any:
        """Return a cell to correct: coloured, framed, bold, with a note unless it is empty."""
        cell = self._cell(text, self._bold, "faulty")
        cell.border = self._frame
        if note:
            cell.comment = _comment(note)
        return cell

    def words(self, text: str, *, pale: bool = False) -> Any:
        """Return a cell of ours, to be read."""
        font, fill = (self._pale, "pale") if pale else (self._plain, "words")
        return self._cell(text, font, fill)

    def heading(self, text: str, *, own: bool = False) -> Any:
        """Return a heading; the file's `own` ones and ours differ."""
        cell = self._cell(text, self._head, "own" if own else "head")
        cell.alignment = self._middle
        return cell

    @staticmethod
    def reference(row: int, column: int) -> str:
        """Return the reference of a cell, both from 1."""
        return f"{Styles.letter(column)}{row}"


def height_of(texts: Iterable[str], widths: Iterable[float]) -> float:
    """Return the height of a row, in points, that shows every text broken to its column.

    Programs don't measure the rows of a file they open; several never do.
    """
    lines = (_lines(text, width) for text, width in zip(texts, widths, strict=True))
    return _LINE * max(lines, default=1) + 1


def _lines(text: str, width: float) -> int:
    room = max(int(width * _ROOM), 1)
    return sum(max(ceil(len(line) / room), 1) for line in text.splitlines()) or 1


def fold(sheet: Any, columns: Iterable[int]) -> None:
    """Fold columns, counted from 0, away: still there, one click from being seen."""
    for column in columns:
        dimension = sheet.column_dimensions[Styles.letter(column + 1)]
        dimension.outlineLevel, dimension.hidden = 1, True
        sheet.sheet_format.outlineLevelCol = 1


def _comment(note: str) -> Any:
    from openpyxl.comments import Comment

    height, width = _COMMENT_SIZE
    return Comment(writable(note), "educonnect-admin", height=height, width=width)


def free_title(wanted: str, taken: Collection[str]) -> str:
    """Return a title that a sheet may bear and no other one does, however written.

    Args:
        wanted: What it should be called, maybe the name of a file.
        taken: The titles there are.
    """
    tidied = _NOT_IN_TITLE.sub(" ", wanted).strip(" '")[:_LONGEST_TITLE].strip(" '") or "1"
    used = {_RESERVED, *(title.casefold() for title in taken)}
    title, number = tidied, 1
    while title.casefold() in used:
        number += 1
        end = f" ({number})"
        title = f"{tidied[: _LONGEST_TITLE - len(end)].rstrip()}{end}"
    return title


def write_guide(sheet: Any, lines: Iterable[tuple[str, str]]) -> None:
    """Write a sheet of advice: a word and what it means; a word alone is the title of a part.

    No row holds more than two cells, so that no reader takes it for a roster.
    """
    styles = Styles(sheet)
    widths = (26, 76)
    set_up_page(sheet, widths)
    sheet.page_setup.orientation = "portrait"
    row = 0
    for word, meaning in lines:
        if not meaning and row:
            sheet.append([])
            row += 1
        row += 1
        if meaning:
            sheet.row_dimensions[row].height = height_of((word, meaning), widths)
            sheet.append([styles.strong(word), styles.text(meaning, wrapped=True)])
        else:
            sheet.append([styles.title(word) if row == 1 else styles.strong(word)])
