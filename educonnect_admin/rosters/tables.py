"""One frozen shape for whatever a table came from, CSV or workbook: strings and line numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Row = tuple[str, ...]


class SkipReason(StrEnum):
    """Why nobody is read from a sheet of a workbook that holds a roster elsewhere."""

    NO_HEADINGS = "no_headings"
    HEADINGS_ONLY = "headings_only"
    HIDDEN = "hidden"
    TEACHERS = "teachers"


@dataclass(frozen=True, slots=True)
class SkippedSheet:
    """A sheet that is left aside, so that nothing is in silence; empty ones are no sheets."""

    name: str
    why: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows under the headings, each a tuple of strings, with the line it starts on.

    `lines` are what an editor or a spreadsheet shows in its margin, so a quoted cell with
    line breaks counts for as many. `serial_dates` says that a bare number in a column of
    dates may be a spreadsheet's count of days. `part` is the sheet it stands on, or the member
    of an archive. `every_row_counts` says that nothing but people can be in the rows: no blank
    one, no line that counts them at the end.
    """

    headings: Row = field(repr=False)
    heading_line: int
    lines: Sequence[int] = field(repr=False)
    rows: Sequence[Row] = field(repr=False)
    encoding: str
    quoted: bool = False
    serial_dates: bool = False
    part: str = ""
    every_row_counts: bool = False
