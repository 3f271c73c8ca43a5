"""Rows to correct as an XLSX workbook: faulty cells marked, reason and remedy beside.

Every cell is text, so that neither a date nor a zero at the front of a number changes when
somebody opens, corrects and saves it; and no text is ever computed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from educonnect_admin.reports.workbook_cells import set_up_page
from educonnect_admin.reports.workbook_forms import Pen, fold, free_title, height_of, write_guide

_REASON_WIDTH, _ACTION_WIDTH = 46, 46
_NARROW, _WIDE = 7, 30
_LONGEST_WORD = 14
_MOST_NOTES = 5_000
"""Notes slow a spreadsheet down; beyond, colour, bold letters and the reason must do."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MarkedRow:
    """A row as it stood, a cell a heading; `notes` says, by column, what is wrong with one.

    `is_context` marks one that nothing is wrong with, to be compared with others.
    """

    cells: Sequence[str]
    notes: Mapping[int, str]
    reason: str
    action: str
    is_context: bool = False

    @property
    def told(self) -> tuple[str, str]:
        """Return what we say of it."""
        return self.reason, self.action

    def __repr__(self) -> str:
        return f"MarkedRow(is_context={self.is_context})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MarkedSheet:
    """One sheet; `frozen` columns stay in sight, `folded` ones open at a click."""

    title: str
    headings: Sequence[str]
    rows: Sequence[MarkedRow]
    frozen: int = 0
    folded: Collection[int] = ()

    def __repr__(self) -> str:
        return f"MarkedSheet(rows={len(self.rows)})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Legend:
    """The words of the workbook that are not the file's own: two headings, a sheet to read."""

    reason_heading: str
    action_heading: str
    guide_title: str
    guide: Sequence[tuple[str, str]]


def refused_rows_bytes(sheets: Sequence[MarkedSheet], legend: Legend) -> bytes:
    """Return the workbook: a sheet for each of `sheets`, then one that says what to do."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    titles = [legend.guide_title]
    notes = _MOST_NOTES
    for marked in sheets:
        titles.append(free_title(marked.title, titles))
        sheet = book.create_sheet(titles[-1])
        write_rows(sheet, marked, legend, notes=notes)
        notes -= sum(len(row.notes) for row in marked.rows)
    write_guide(book.create_sheet(legend.guide_title), legend.guide)
    book.properties.creator = "educonnect-admin"
    book.properties.language = "fr-FR"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write_rows(sheet: Any, marked: MarkedSheet, legend: Legend, *, notes: int) -> None:
    """Write one sheet; `notes` is how many cells may still bear one."""
    pen = Pen(sheet)
    widths = _widths(marked)
    set_up_page(sheet, widths, heading_row=1)
    fold(sheet, marked.folded)
    sheet.freeze_panes = pen.reference(2, marked.frozen + 1)
    width = len(marked.headings)
    sheet.auto_filter.ref = f"A1:{pen.reference(len(marked.rows) + 1, width + 2)}"
    own = (legend.reason_heading, legend.action_heading)
    sheet.row_dimensions[1].height = height_of((*marked.headings, *own), widths)
    sheet.append(_headings(pen, marked.headings, own))
    for number, row in enumerate(marked.rows, start=2):
        sheet.row_dimensions[number].height = height_of((*row.cells, *row.told), widths)
        sheet.append(_cells(pen, row, with_notes=notes > 0))
        notes -= len(row.notes)


def _headings(pen: Pen, headings: Sequence[str], own: Sequence[str]) -> Iterator[Any]:
    yield from map(pen.heading, headings)
    yield from (pen.heading(text, own=True) for text in own)


def _cells(pen: Pen, row: MarkedRow, *, with_notes: bool) -> Iterator[Any]:
    for column, text in enumerate(row.cells):
        if column in row.notes:
            yield pen.faulty(text, row.notes[column] if with_notes else "")
        else:
            yield pen.text(text, pale=row.is_context)
    for text in row.told:
        yield pen.words(text, pale=row.is_context)


def _widths(marked: MarkedSheet) -> list[float]:
    """Return widths that fit what is there, so that empty columns leave room on paper."""
    widths: list[float] = []
    for column, heading in enumerate(marked.headings):
        lines = [line for row in marked.rows for line in row.cells[column].splitlines()]
        longest = max(map(len, lines), default=0)
        words = min(max(map(len, heading.split()), default=0), _LONGEST_WORD)
        widths.append(min(max(longest, words, _NARROW) + 2, _WIDE))
    return [*widths, _REASON_WIDTH, _ACTION_WIDTH]
