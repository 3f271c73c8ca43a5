"""The headings of a file, known or not: what is shown to whoever says what they mean."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from educonnect_admin.domain.names import tidy
from educonnect_admin.rosters.columns import Columns
from educonnect_admin.rosters.decode import decode
from educonnect_admin.rosters.headings import field_of
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.read import load, parse, unreadable
from educonnect_admin.rosters.recognise import recognise
from educonnect_admin.rosters.tables import Table
from educonnect_admin.rosters.workbooks import is_container, raw_sheets

_SEARCHED = 20
_SEPARATORS = (";", ",", "\t")


class HeadingRow(NamedTuple):
    """The headings of a file or of one sheet, and what they make of it.

    `layout` is there where they make a roster, `why_not` where they don't.
    """

    part: str
    line: int
    headings: tuple[str, ...]
    layout: Layout | None
    why_not: Unreadable | None

    def field_code(self, heading: str, columns: Columns) -> str:
        """Return the code of the field that a heading is read as, empty for none."""
        if self.layout is not None:
            return self.layout.mapping().get(heading, "")
        said = field_of(heading, columns)
        return said.field.code if said else ""


def read_heading_rows(path: Path, columns: Columns) -> list[HeadingRow]:
    """Return the row of headings of a file, or of each sheet of a workbook that has one.

    Where none is known, the fullest of the first rows is taken for it.

    Raises:
        UnreadableFile: the file is none that rows can be read from.
    """
    try:
        data = load(path)
        try:
            tables, _ = parse(data, columns)
        except Unreadable as error:
            if error.reason is not UnreadableReason.UNKNOWN_HEADINGS:
                raise
            return [_unknown(data, error)]
    except Unreadable as error:
        raise unreadable(path, error) from None
    return [_known(table, columns, is_only=len(tables) == 1) for table in tables]


def _known(table: Table, columns: Columns, *, is_only: bool) -> HeadingRow:
    layout, why_not = None, None
    try:
        layout = recognise(
            table.headings, line=table.heading_line, quoted=table.quoted, columns=columns
        )
    except Unreadable as error:
        why_not = error
    part = "" if is_only else table.part
    if why_not is not None:
        why_not.part = part
    headings = tuple(filter(None, map(tidy, table.headings)))
    return HeadingRow(part, table.heading_line, headings, layout, why_not)


def _unknown(data: bytes, error: Unreadable) -> HeadingRow:
    sheets = raw_sheets(data) if is_container(data) else _as_text(data)
    found = max(
        ((_fullest(rows), part) for part, rows in sheets),
        key=lambda place: len(place[0][1]),
        default=((0, ()), ""),
    )
    (at, headings), part = found
    if len(headings) < 2:
        raise error
    return HeadingRow(part, at + 1, headings, None, error)


def _as_text(data: bytes) -> list[tuple[str, list[list[str]]]]:
    text, _ = decode(data)
    lines = text.split("\n", _SEARCHED)[:_SEARCHED]
    return [
        ("", [[cell.strip('" ') for cell in line.split(sign)] for line in lines])
        for sign in _SEPARATORS
    ]


def _fullest(rows: Sequence[Sequence[str]]) -> tuple[int, tuple[str, ...]]:
    """Return the first of the fullest rows that hold no number: headings rarely do."""
    cells = [tuple(filter(None, map(tidy, row))) for row in rows[:_SEARCHED]]
    texts = [row if not any(cell[0].isdigit() for cell in row) else () for row in cells]
    at = max(range(len(texts)), key=lambda place: len(texts[place]), default=0)
    return (at, texts[at]) if texts else (0, ())
