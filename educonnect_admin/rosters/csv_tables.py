"""CSV text to a table: which separator, where records start, and quotes that never close.

pandas splits the cells. What it does not tell is the line a record starts on, nor that a
quote opened on line 12 swallowed the two hundred pupils that follow; a scan does both first.
"""

import re
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.headings import find_headings, full_headings, heading_score
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.tables import Row, Table

MAX_COLUMNS = 500
_SEPARATORS = (";", ",", "\t")
_HEAD_LINES = 20
_MAX_BREAKS = 20
_CHUNK = 20_000


class _Records(NamedTuple):
    """The line on which each record starts, and how many cells the widest one has."""

    starts: list[int]
    width: int


def csv_table(text: str, encoding: str, columns: Columns = NOTHING_SAID) -> Table:
    """Return the table that a CSV text holds.

    Args:
        text: The whole file, its lines ended by a bare line feed.
        encoding: Its encoding, passed on.
        columns: What somebody said of headings that nobody else would know.

    Raises:
        Unreadable: UNKNOWN_HEADINGS; UNCLOSED_QUOTE with the line where the quote opens;
            TOO_MANY_COLUMNS with its line; HEADINGS_ONLY.
    """
    text = text.rstrip("\n")
    separator = _sniff(text, columns)
    records = _scan(text, separator)
    rows = list(_split(text, separator, records.width))
    at = find_headings(rows, columns)
    if at is None:
        raise Unreadable(UnreadableReason.UNKNOWN_HEADINGS)
    if len(rows) == at + 1:
        raise Unreadable(UnreadableReason.HEADINGS_ONLY, line=records.starts[at])
    return Table(
        headings=full_headings(rows, at),
        heading_line=records.starts[at],
        lines=records.starts[at + 1 :],
        rows=rows[at + 1 :],
        encoding=encoding,
        quoted='"' in text.split("\n", records.starts[at])[records.starts[at] - 1],
    )


def _sniff(text: str, columns: Columns) -> str:
    """Return the separator that makes a row of headings appear near the top."""
    lines = text.split("\n", _HEAD_LINES)[:_HEAD_LINES]
    best, separator = max((_best_score(lines, sign, columns), sign) for sign in _SEPARATORS)
    if best == 0:
        raise Unreadable(UnreadableReason.UNKNOWN_HEADINGS)
    return separator


def _best_score(lines: list[str], separator: str, columns: Columns) -> int:
    return max(heading_score(_cells(line[:20_000], separator), columns) for line in lines)


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip('" ') for cell in line.split(separator)]


def _field(separator: str) -> str:
    """Return a pattern for one cell; it fails on a quote that does not close before an edge.

    Everything is possessive: no text makes it try twice.
    """
    sign = re.escape(separator)
    return rf'(?:[ ]*+"(?:[^"]++|"")*+"[ ]*+(?=[{sign}\n]|\Z)|[ ]*+(?!")[^{sign}\n]*+)'


def _scan(text: str, separator: str) -> _Records:
    if '"' not in text:
        lines = text.split("\n")
        for number, line in enumerate(lines, start=1):
            _width(line, separator, number)
        width = max(line.count(separator) for line in lines) + 1
        return _Records(list(range(1, len(lines) + 1)), width)
    return _scan_quoted(text, separator)


def _scan_quoted(text: str, separator: str) -> _Records:
    cell = _field(separator)
    record = re.compile(rf"{cell}(?:{re.escape(separator)}{cell})*+(?:\n|\Z)")
    starts: list[int] = []
    at, line, width = 0, 1, 1
    while at < len(text):
        found = record.match(text, at)
        if found is None:
            raise Unreadable(
                UnreadableReason.UNCLOSED_QUOTE, line=_opening(text, separator, at, line)
            )
        body = found[0].removesuffix("\n")
        if "\n" in body:
            _refuse_swallowed(body, separator, line)
        width = max(width, _width(body, separator, line))
        starts.append(line)
        line += found[0].count("\n")
        at = found.end()
    return _Records(starts, width)


def _width(record: str, separator: str, line: int) -> int:
    width = record.count(separator) + 1
    if width > MAX_COLUMNS:
        raise Unreadable(UnreadableReason.TOO_MANY_COLUMNS, line=line)
    return width


def _opening(text: str, separator: str, at: int, line: int) -> int:
    """Return the line of the first cell, from a record's start on, whose quote is at fault."""
    step = re.compile(rf"{_field(separator)}{re.escape(separator)}")
    start = at
    while found := step.match(text, at):
        at = found.end()
    return line + text.count("\n", start, at)


def _refuse_swallowed(record: str, separator: str, line: int) -> None:
    """Refuse a cell that holds whole records: two stray quotes, lines apart, look closed.

    An address may have a few lines; none of them has as many separators as half a record.
    """
    limit = max(3, _outer_separators(record, separator) // 2)
    for cell in re.finditer(_field(separator), record):
        if "\n" in cell[0] and _looks_like_rows(cell[0].split("\n"), separator, limit):
            raise Unreadable(
                UnreadableReason.UNCLOSED_QUOTE, line=line + record.count("\n", 0, cell.start())
            )


def _looks_like_rows(lines: list[str], separator: str, limit: int) -> bool:
    return len(lines) > _MAX_BREAKS or any(part.count(separator) >= limit for part in lines)


def _outer_separators(record: str, separator: str) -> int:
    return re.sub(r'"[^"]*+"', "", record).count(separator)


def _split(text: str, separator: str, width: int) -> Iterator[Row]:
    """Yield every record as `width` strings, short ones padded; nothing is read as a number."""
    import pandas as pd

    try:
        with pd.read_csv(
            StringIO(text),
            sep=separator,
            header=None,
            names=range(width),
            index_col=False,
            skipinitialspace=True,
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
            lineterminator="\n",
            chunksize=_CHUNK,
        ) as chunks:
            for chunk in chunks:
                yield from zip(*(chunk[name].tolist() for name in chunk.columns), strict=True)
    except pd.errors.ParserError:
        raise Unreadable(UnreadableReason.UNCLOSED_QUOTE) from None
