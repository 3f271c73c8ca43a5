"""One frozen shape for whatever a table came from, CSV or workbook: strings and line numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows under the headings, each a tuple of strings, with the line it starts on.

    `lines` are what an editor or a spreadsheet shows in its margin, so a quoted cell with
    line breaks counts for as many. `serial_dates` says that a bare number in a column of
    dates may be a spreadsheet's count of days.
    """

    headings: Row = field(repr=False)
    heading_line: int
    lines: Sequence[int] = field(repr=False)
    rows: Sequence[Row] = field(repr=False)
    encoding: str
    quoted: bool = False
    serial_dates: bool = False
