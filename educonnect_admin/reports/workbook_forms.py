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
    """Makes the cells of one sheet, written row by row.

    A cell of a style is one and the same for all of them: rows must be generators, of which
    each cell is written before the next is asked for. A style set anew is what takes long.
    """

    def __init__(self, sheet: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._sheet = sheet
        fills = {
            name: PatternFill("solid", fgColor=colour)
            for name, colour in {
                "pale": "EEF1F4", "faulty": "FFC7CE", "words": "FFF6DD", "head": "1F3A5F",
                "own": "7A3E00",
            }.items()
        }  # fmt: skip
        head = Font(name=_FACE, bold=True, color="FFFFFF")
        side = Side("medium", color="9C0006")
        self._frame = Border(left=side, right=side, top=side, bottom=side)
        self._top = Alignment(vertical="top", wrap_text=True)
        self._middle = Alignment(vertical="center", wrap_text=True)
        self._looks = {
            "plain": (Font(name=_FACE), None),
            "words": (Font(name=_FACE), fills["words"]),
            "pale": (Font(name=_FACE, italic=True, color="5A6470"), fills["pale"]),
            "faulty": (Font(name=_FACE, bold=True, color="9C0006"), fills["faulty"]),
            "head": (head, fills["head"]),
            "own": (head, fills["own"]),
        }
        self._cells: dict[tuple[str, bool], Any] = {}

    def _cell(self, text: str, look: str) -> Any:
        key = look, is_formula(text)
        if key not in self._cells:
            self._cells[key] = self._new(*key)
        return self._write(self._cells[key], text)

    def _new(self, look: str, quoted: bool) -> Any:  # noqa: FBT001 - the two parts of a key
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet)
        font, fill = self._looks[look]
        cell.number_format, cell.font, cell.quotePrefix = TEXT, font, quoted
        cell.alignment = self._middle if look in {"head", "own"} else self._top
        if fill:
            cell.fill = fill
        if look == "faulty":
            cell.border = self._frame
        return cell

    def _write(self, cell: Any, text: str) -> Any:
        cell.value = writable(text) or None
        if text:
            cell.data_type = "s"
        return cell

    def text(self, text: str, *, pale: bool = False) -> Any:
        """Return a cell as it stood; a pale one is there to be compared with."""
        return self._cell(text, "pale" if pale else "plain")

    def faulty(self, text: str, note: str) -> Any:
        """Return a cell to correct: coloured, framed, bold, with a note unless it is empty."""
        if not note:
            return self._cell(text, "faulty")
        cell = self._write(self._new("faulty", is_formula(text)), text)
        cell.comment = _comment(note)
        return cell

    def words(self, text: str, *, pale: bool = False) -> Any:
        """Return a cell of ours, to be read."""
        return self._cell(text, "pale" if pale else "words")

    def heading(self, text: str, *, own: bool = False) -> Any:
        """Return a heading; the file's `own` ones and ours differ."""
        return self._cell(text, "own" if own else "head")

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
            told = styles.strong(word, wrapped=True), styles.text(meaning, wrapped=True)
            sheet.append(told)
        else:
            sheet.append([styles.title(word) if row == 1 else styles.strong(word)])
