"""The rows that were refused, as they stood in their files, to be corrected and given again.

Beside them come the rows that went in and that belong to them: the pupil whom one clashes
with, the guardians of a child refused. So the rows returned, taken in again untouched, change
nothing; and a corrected pupil goes in together with the guardians.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from educonnect_admin.domain.names import name_key, tidy
from educonnect_admin.rosters.clashes import SUSPECTS, Place, namesakes, rows_in_the_way
from educonnect_admin.rosters.dates import parse_date
from educonnect_admin.rosters.problems import Problem
from educonnect_admin.rosters.read_again import read_again
from educonnect_admin.rosters.returned import is_own
from educonnect_admin.rosters.rows import FileKind, Reading
from educonnect_admin.rosters.siecle import SIECLE
from educonnect_admin.rosters.siecle.returned import TECHNICAL, fields_of, sheet_headings
from educonnect_admin.rosters.tables import Row

_BIRTH_DATES = frozenset({"birth_date", "child_birth_date"})
_NAMES = frozenset({"family_name", "usage_name", "given_name"})
_UNTOLD = TECHNICAL | {""}
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReturnedRow:
    """A row as it stood; without problems it is one that went in and stands beside."""

    line: int
    cells: Row
    problems: tuple[Problem, ...] = ()
    faults: Mapping[int, tuple[Problem, ...]]
    """Column, from 0, to what is wrong with its cell."""

    def __repr__(self) -> str:
        return f"ReturnedRow(line={self.line})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReturnedSheet:
    """The rows of one file, or of a part of one, under its own headings."""

    path: Path
    part: str
    kind: FileKind
    headings: Row
    names: tuple[int, ...]
    """The columns of the person's names."""
    unread: frozenset[int]
    """The columns of which nothing is taken, or nothing that people know by."""
    rows: tuple[ReturnedRow, ...]

    def __repr__(self) -> str:
        return f"ReturnedSheet(kind={self.kind!s}, rows={len(self.rows)})"


def rows_to_return(
    readings: Sequence[Reading],
    problems: Iterable[tuple[int, Problem]],
    beside: Iterable[Place] = (),
) -> list[ReturnedSheet]:
    """Return the refused rows of some files, and those that belong beside them.

    Args:
        readings: The files, read.
        problems: Everything wrong with their rows, whoever found it, each with the number of
            its reading.
        beside: Rows that went in and wait for a refused one: the guardians of a child.

    Returns:
        A sheet for each reading that has such rows, pupils before guardians; nothing when no
        row was refused.

    Raises:
        UnreadableFile: a file is gone, or no longer what was read (CHANGED).
    """
    refused = _refused(problems)
    if not refused:
        return []
    places = {*refused, *rows_in_the_way(readings, refused), *beside}
    places |= namesakes(readings, places)
    sheets = [
        _sheet(
            reading,
            {line: refused.get((file, line), ()) for of, line in sorted(places) if of == file},
        )
        for file, reading in enumerate(readings)
        if any(place[0] == file for place in places)
    ]
    return sorted(sheets, key=lambda sheet: sheet.kind is FileKind.GUARDIANS)


def _refused(problems: Iterable[tuple[int, Problem]]) -> dict[Place, tuple[Problem, ...]]:
    """Return the refused rows with their problems, what refuses them first."""
    found: dict[Place, list[Problem]] = {}
    for file, problem in problems:
        found.setdefault((file, problem.line), []).append(problem)
    return {
        place: tuple(sorted(those, key=lambda problem: not problem.refuses))
        for place, those in found.items()
        if any(problem.refuses for problem in those)
    }


def _sheet(reading: Reading, wanted: Mapping[int, tuple[Problem, ...]]) -> ReturnedSheet:
    table = read_again(reading)
    own = {at for at, heading in enumerate(table.headings) if is_own(heading)}
    rows = {
        line: tuple(cell for at, cell in enumerate(row) if at not in own)
        for line, row in zip(table.lines, table.rows, strict=True)
        if line in wanted
    }
    told = tuple(tidy(text) for at, text in enumerate(table.headings) if at not in own)
    told = sheet_headings(told) if reading.format == SIECLE else told
    told = told[: _width(told)]
    fields = _fields(reading, told)
    dates = {at for at, field in enumerate(fields) if field in _BIRTH_DATES}
    headings = _widened(told, fields, max(map(_width, rows.values())))
    return ReturnedSheet(
        path=reading.path,
        part=reading.part,
        kind=reading.kind,
        headings=headings,
        names=tuple(at for at, field in enumerate(fields) if field in _NAMES),
        unread=frozenset(at for at, field in enumerate(fields) if field in _UNTOLD),
        rows=tuple(
            ReturnedRow(
                line=line,
                cells=_readable(rows[line], len(headings), dates if table.serial_dates else ()),
                problems=wanted[line],
                faults=_faults(rows[line], wanted[line], told, fields, rows),
            )
            for line in wanted
        ),
    )


def _fields(reading: Reading, headings: Sequence[str]) -> list[str]:
    if reading.format == SIECLE:
        return fields_of(headings)
    return [reading.headings.get(heading, "") for heading in headings]


def _width(row: Row) -> int:
    """Return the number of cells up to the last that holds something."""
    return max((at for at, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _widened(headings: Row, fields: Sequence[str], width: int) -> Row:
    """Return headings for every cell: children right of the last one get its block again."""
    extra = width - len(headings)
    if extra <= 0:
        return headings
    block = headings[_last_block(fields[: len(headings)]) :]
    if not block:
        return headings + ("",) * extra
    again: list[str] = []
    while len(again) < extra:
        block = tuple(_next(heading) for heading in block)
        again += block
    return headings + tuple(again)


def _last_block(fields: Sequence[str]) -> int:
    """Return where the last child's columns begin, which is the end where it is no child's."""
    start = len(fields)
    met: set[str] = set()
    while start and (field := fields[start - 1]).startswith("child_") and field not in met:
        met.add(field)
        start -= 1
    return start


def _next(heading: str) -> str:
    return _NUMBER.sub(lambda found: str(int(found[0]) + 1), heading, count=1)


def _readable(cells: Row, width: int, dates: Collection[int]) -> Row:
    """Return a row with a cell a heading, its dates as people type them, not as day counts."""
    filled = cells[:width] + ("",) * (width - len(cells))
    return tuple(_as_typed(cell) if at in dates else cell for at, cell in enumerate(filled))


def _as_typed(cell: str) -> str:
    found = parse_date(tidy(cell), serials=True) if cell.strip() else None
    return f"{found:%d/%m/%Y}" if isinstance(found, date) and "/" not in cell else cell


def _faults(
    row: Row,
    problems: Iterable[Problem],
    headings: Row,
    fields: Sequence[str],
    rows: Mapping[int, Row],
) -> dict[int, tuple[Problem, ...]]:
    """Return what must be corrected, by column; a remark asks for nothing."""
    found: dict[int, tuple[Problem, ...]] = {}
    for problem in problems:
        other = rows.get(problem.other_line or 0)
        for column in _columns(problem, row, other, headings, fields) if problem.refuses else ():
            found[column] = (*found.get(column, ()), problem)
    return found


def _columns(
    problem: Problem, row: Row, other: Row | None, headings: Row, fields: Sequence[str]
) -> list[int]:
    """Return the columns a problem is about: where two rows differ, what it names, or may mean."""
    suspects = SUSPECTS.get(problem.code, ())
    about = [at for at, field in enumerate(fields) if field in suspects]
    if other and (differing := [at for at in about if name_key(row[at]) != name_key(other[at])]):
        return differing
    named = [at for at, heading in enumerate(headings) if heading == problem.column != ""]
    return named[:1] or about
