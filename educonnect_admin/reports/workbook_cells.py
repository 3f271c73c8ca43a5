"""Cells of a workbook: text that is never computed, numbers with their format, headings."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from educonnect_admin.reports.cells import writable
from educonnect_admin.reports.table import Kind, Value

_FORMATS = {Kind.NUMBER: "#,##0", Kind.SHARE: "0.0%"}
_DATE = "DD/MM/YYYY"
_FACE = "Calibri"


class Styles:
    """Makes the cells of one workbook."""

    def __init__(self, sheet: Any) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        self._sheet = sheet
        self._bold = Font(name=_FACE, bold=True)
        self._big = Font(name=_FACE, bold=True, size=16)
        self._head = Font(name=_FACE, bold=True, color="FFFFFF")
        self._fill = PatternFill("solid", fgColor="1F3A5F")
        self._wrapped = Alignment(wrap_text=True, vertical="top")
        self._middle = Alignment(wrap_text=True, vertical="center")

    def _cell(self, value: Any) -> Any:
        from openpyxl.cell import WriteOnlyCell

        return WriteOnlyCell(self._sheet, value=value)

    def text(self, text: str, *, wrapped: bool = False) -> Any:
        """Return a text; `=1+1` stays those four signs, also when somebody edits the cell."""
        cell = self._cell(writable(text))
        cell.data_type = "s"
        cell.quotePrefix = True
        if wrapped:
            cell.alignment = self._wrapped
        return cell

    def value(self, value: Value, kind: Kind) -> Any:
        """Return a cell of the table: a share is a number shown as a percentage."""
        if kind is Kind.TEXT:
            return self.text(str(value))
        cell = self._cell(value)
        cell.number_format = _FORMATS[kind]
        return cell

    def day(self, day: date | None) -> Any:
        """Return a date that sorts as one; nothing where it is not known."""
        cell = self._cell(day)
        cell.number_format = _DATE
        return cell

    def heading(self, text: str) -> Any:
        """Return the heading of a column."""
        cell = self.text(text)
        cell.font, cell.fill, cell.alignment = self._head, self._fill, self._middle
        return cell

    def title(self, text: str) -> Any:
        """Return the title of a sheet."""
        cell = self.text(text)
        cell.font = self._big
        return cell

    def strong(self, text: str, *, wrapped: bool = False) -> Any:
        """Return the title of a part of a sheet, or the word that a line explains."""
        cell = self.text(text, wrapped=wrapped)
        cell.font = self._bold
        return cell

    @staticmethod
    def letter(column: int) -> str:
        """Return the letters of a column, the first being 1."""
        from openpyxl.utils import get_column_letter

        return get_column_letter(column)


def set_up_page(sheet: Any, widths: Sequence[float], *, heading_row: int | None = None) -> None:
    """Set widths and printing: A4 across, one page wide, headings repeated and frozen."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[Styles.letter(number)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&A – page &P sur &N"
    if heading_row is not None:
        sheet.freeze_panes = f"A{heading_row + 1}"
        sheet.print_title_rows = f"{heading_row}:{heading_row}"
