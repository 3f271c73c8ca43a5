"""Sheets written row by row from values and looks; a look is made once, not for every cell."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from educonnect_admin.domain.campaigns import SchoolState
from educonnect_admin.reports.cells import is_formula, writable
from educonnect_admin.reports.workbook_cells import set_up_page
from educonnect_admin.reports.workbook_forms import height_of

_FACE = "Calibri"
_NUMBER, _DATE = "#,##0", "DD/MM/YYYY"
_TITLE_HEIGHT, _MARGIN = 24, 3
_COLOURS = {
    SchoolState.DONE: ("DDF1EA", "00513F"),
    SchoolState.REMARKS: ("FFEFC4", "6B4500"),
    SchoolState.FAILED: ("FAD9D6", "8C1D18"),
    SchoolState.LEFT: ("E3E7EB", "3F4750"),
}
"""Ground and letters; the word stands in the cell too."""


class Look(StrEnum):
    """How a cell is written."""

    PLAIN = "plain"
    """A text on one line, a number with its thousands, a date: by what it is."""
    WRAPPED = "wrapped"
    CODE = "code"
    STRONG = "strong"
    TITLE = "title"
    HEADING = "heading"


_BROKEN = (Look.WRAPPED, Look.HEADING)
"""Looks whose text goes on in a second line."""
Value = str | int | date | None
Cell = Value | tuple[Value, Look | SchoolState]
"""A value, and how it looks where it is not plain."""


class Sheet:
    """One sheet of a workbook that is being written.

    Args:
        book: write-only.
        title: what the sheet is called.
        widths: of its columns, in signs.
        heading_row: the row that stays in sight and on every page of paper.
    """

    def __init__(
        self, book: Any, title: str, widths: Sequence[float], *, heading_row: int | None = None
    ) -> None:
        self.page = book.create_sheet(title)
        self._widths = widths
        self._rows = 0
        self._made: dict[tuple[Any, ...], Any] = {}
        set_up_page(self.page, widths, heading_row=heading_row)

    def row(self, *cells: Cell, measured: bool = False) -> None:
        """Write a row.

        Args:
            cells: from the first column on.
            measured: its wrapped texts make it higher; few programs see that by themselves.
        """
        self._rows += 1
        pairs: list[tuple[Value, Look | SchoolState]]
        pairs = [cell if isinstance(cell, tuple) else (cell, Look.PLAIN) for cell in cells]
        if pairs and pairs[0][1] is Look.TITLE:
            self.page.row_dimensions[self._rows].height = _TITLE_HEIGHT
        if measured:
            self.page.row_dimensions[self._rows].height = self._height(pairs)
        # Cells of one look are one and the same: each is written before the next is asked for.
        self.page.append(self._cell(value, look) for value, look in pairs)

    def headings(self, headings: Iterable[str]) -> None:
        """Write the headings of columns, as high as the longest needs."""
        self.row(*((heading, Look.HEADING) for heading in headings), measured=True)

    def filter_all(self) -> None:
        """Put a filter on all rows so far, the first of which holds the headings."""
        from openpyxl.utils import get_column_letter

        last = get_column_letter(len(self._widths))
        self.page.auto_filter.ref = f"A1:{last}{self._rows}"

    def _height(self, pairs: Sequence[tuple[Value, Look | SchoolState]]) -> float:
        texts = [str(value) if look in _BROKEN else "" for value, look in pairs]
        # What stands off the edge of its cell has less room.
        return height_of(texts, [width - _MARGIN for width in self._widths[: len(texts)]])

    def _cell(self, value: Value, look: Look | SchoolState) -> Any:
        if value is None:
            return None
        is_text = isinstance(value, str)
        key = look, type(value), is_text and is_formula(str(value))
        if key not in self._made:
            self._made[key] = self._new(*key)
        cell = self._made[key]
        cell.value = writable(value) if isinstance(value, str) else value
        if is_text:
            cell.data_type = "s"
        return cell

    def _new(self, look: Look | SchoolState, of: type, quoted: bool) -> Any:  # noqa: FBT001 - parts of a key
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self.page)
        cell.font, cell.fill = _font(look), _fill(look)
        cell.alignment = _alignment(look, of)
        cell.quotePrefix = quoted
        if of is int:
            cell.number_format = _NUMBER
        elif of is date:
            cell.number_format = _DATE
        return cell


def _font(look: Look | SchoolState) -> Any:
    from openpyxl.styles import Font

    match look:
        case SchoolState():
            return Font(name=_FACE, bold=True, color=_COLOURS[look][1])
        case Look.HEADING:
            return Font(name=_FACE, bold=True, color="FFFFFF")
        case Look.TITLE:
            return Font(name=_FACE, bold=True, size=16)
        case Look.CODE:
            return Font(name="Consolas", size=9)
        case _:
            return Font(name=_FACE, bold=look is Look.STRONG)


def _fill(look: Look | SchoolState) -> Any:
    from openpyxl.styles import PatternFill

    if isinstance(look, SchoolState):
        return PatternFill("solid", fgColor=_COLOURS[look][0])
    return PatternFill("solid", fgColor="1F3A5F") if look is Look.HEADING else PatternFill()


def _alignment(look: Look | SchoolState, of: type) -> Any:
    from openpyxl.styles import Alignment

    if of is not str:
        return Alignment(vertical="top")
    # Off the number that stands at the right edge of the cell before.
    upright = "center" if look is Look.HEADING else "top"
    return Alignment(horizontal="left", indent=1, wrap_text=look in _BROKEN, vertical=upright)
