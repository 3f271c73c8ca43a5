"""Roster files in, people and problems out: what the rest of the product calls."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.domain.names import to_ascii
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.csv_tables import csv_table
from educonnect_admin.rosters.date_columns import DateColumn, look_at_dates
from educonnect_admin.rosters.dates import Doubt, parse_date
from educonnect_admin.rosters.decode import decode
from educonnect_admin.rosters.families import FamilyReader
from educonnect_admin.rosters.guardians import GuardianReader
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Problem, ProblemCode, Unreadable, UnreadableReason
from educonnect_admin.rosters.pupils import PupilReader
from educonnect_admin.rosters.recognise import recognise
from educonnect_admin.rosters.row_reader import RowReader
from educonnect_admin.rosters.rows import FileKind, Reading
from educonnect_admin.rosters.tables import SkippedSheet, SkipReason, Table
from educonnect_admin.rosters.workbooks import is_container, workbook_tables

MAX_BYTES = 200_000_000
_ASIDE = {
    UnreadableReason.HEADINGS_ONLY: SkipReason.HEADINGS_ONLY,
    UnreadableReason.TEACHERS_FILE: SkipReason.TEACHERS,
}
"""What is wrong with a sheet, and does not matter where another one is a roster."""
_FOOTER = re.compile(
    r"(?:total|nombre|nb|effectif|extraction|extrait|edite|edition|imprime|genere|date|page|fin"
    r"|onde|base eleves)\b.*"
    r"|[0-9][0-9 /.:-]*(?:eleves?|responsables?|lignes?|enregistrements?)?"
)


def read_files(
    paths: Sequence[Path], *, today: date, columns: Columns = NOTHING_SAID
) -> list[Reading]:
    """Read several files, in the order given; one that has several parts gives several readings.

    Args:
        paths: The files.
        today: As `read_parts` takes it.
        columns: As `read_parts` takes it.

    Raises:
        UnreadableFile: the first that can't be read, or that was given before under
            whatever name (REPEATED_FILE); nothing is returned then.
    """
    readings: dict[str, list[Reading]] = {}
    for path in paths:
        parts = read_parts(path, today=today, columns=columns)
        if parts[0].sha256 in readings:
            raise UnreadableFile(path, UnreadableReason.REPEATED_FILE)
        readings[parts[0].sha256] = parts
    return [reading for parts in readings.values() for reading in parts]


def read_file(path: Path, *, today: date) -> Reading:
    """Read the first roster of a file, which most often is the only one; else as `read_parts`."""
    return read_parts(path, today=today)[0]


def read_parts(path: Path, *, today: date, columns: Columns = NOTHING_SAID) -> list[Reading]:
    """Read a file: recognise it by its headings, return people and problems (R-60).

    Args:
        path: A file of any generation of the exports; its name means nothing.
        today: The day by which dates lie in the future and ages are likely.
        columns: What the school said of headings that nobody else would know.

    Returns:
        Everybody the file names, each row in exactly one heap (see `Reading`); a reading for
        each part that holds people, at least one.

    Raises:
        UnreadableFile: nothing at all can be taken from it; `reason` is an
            `UnreadableReason`.
    """
    try:
        return read_data(path, load(path), today=today, columns=columns)
    except Unreadable as found:
        raise unreadable(path, found) from None


def read_data(
    path: Path, data: bytes, *, today: date, columns: Columns = NOTHING_SAID
) -> list[Reading]:
    """Read what a file held, for a caller that has its bytes already; else as `read_parts`."""
    try:
        tables, skipped = parse(data, columns)
        opened = _Opened(path, hashlib.sha256(data).hexdigest(), today, columns)
        found, empty = _read_tables(opened, tables)
    except Unreadable as error:
        raise unreadable(path, error) from None
    first = replace(found[0], skipped=(*skipped, *empty))
    if len(tables) == 1:
        return [replace(first, part="")]
    return [first, *found[1:]]


def read_table(path: Path, part: str = "") -> Table:
    """Return the rows of a file as they stand, to show a refused one again with its cells.

    Args:
        path: The file.
        part: The sheet, as `Reading.part` names it; the first one that has headings if empty.

    Raises:
        UnreadableFile: as `read_file`, save that any headings will do.
        KeyError: no sheet of that name has headings.
    """
    try:
        tables, _ = parse(load(path))
    except Unreadable as found:
        raise unreadable(path, found) from None
    return {table.part: table for table in tables}[part] if part else tables[0]


def unreadable(path: Path, found: Unreadable) -> UnreadableFile:
    """Return why a file can't be read, with its path."""
    return UnreadableFile(
        path, found.reason, line=found.line, what=found.what, near=found.near, part=found.part
    )


def load(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        Unreadable: the disk does not give it, or it is TOO_LARGE.
    """
    try:
        if path.is_dir():
            raise Unreadable(UnreadableReason.FOLDER)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable(UnreadableReason.NOT_FOUND) from None
    except PermissionError:
        raise Unreadable(UnreadableReason.NOT_PERMITTED) from None
    except (OSError, ValueError):
        raise Unreadable(UnreadableReason.DISK) from None
    if len(data) > MAX_BYTES:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    return data


def parse(data: bytes, columns: Columns = NOTHING_SAID) -> tuple[list[Table], list[SkippedSheet]]:
    """Return the tables of a file, and the sheets of a workbook that hold none.

    Raises:
        Unreadable: there is none.
    """
    if is_container(data):
        return workbook_tables(data, columns)
    return [csv_table(*decode(data), columns)], []


class _Opened(NamedTuple):
    """What is the same for every part of one file."""

    path: Path
    digest: str
    today: date
    columns: Columns


def _read_tables(opened: _Opened, tables: list[Table]) -> tuple[list[Reading], list[SkippedSheet]]:
    """Read each table; of several, one without anybody is set aside, one at fault is named."""
    found: list[Reading] = []
    aside: list[SkippedSheet] = []
    errors: list[Unreadable] = []
    for table in tables:
        try:
            layout = recognise(
                table.headings,
                line=table.heading_line,
                quoted=table.quoted,
                columns=opened.columns,
            )
            found.append(_read(opened, table, layout))
        except Unreadable as error:
            if len(tables) > 1:
                error.part = table.part
            if error.reason not in _ASIDE:
                raise
            errors.append(error)
            aside.append(SkippedSheet(table.part, _ASIDE[error.reason]))
    if not found:
        raise errors[0]
    return found, aside


def _read(opened: _Opened, table: Table, layout: Layout) -> Reading:
    people, footer = _rows_of_people(table, layout)
    if not people:
        raise Unreadable(UnreadableReason.HEADINGS_ONLY, line=table.heading_line)
    dates = _look_at_dates(table, layout, people)
    heaps = _heaps(opened, table, layout, dates.doubt)
    for at in people:
        heaps.reader.read(RowReader(layout, table.rows[at], table.lines[at]))
    remarks = [*heaps.reader.problems, *_of_whole_file(table, layout, dates)]
    return Reading(
        path=opened.path,
        sha256=opened.digest,
        format=layout.format,
        encoding=table.encoding,
        kind=layout.kind,
        headings=layout.mapping(),
        rows=len(people),
        pupils=tuple(heaps.pupils.pupils),
        guardians=tuple(heaps.guardians.guardians),
        problems=tuple(sorted(remarks, key=lambda problem: problem.line)),
        footer_lines=tuple(table.lines[at] for at in footer),
        refused_pupils=tuple(heaps.pupils.refused),
        left_out_pupils=tuple(heaps.pupils.left_out),
        refused_children=tuple(heaps.guardians.refused_children),
        part=table.part,
    )


class _Heaps(NamedTuple):
    """Who reads the rows, and where the people of each kind end up."""

    reader: PupilReader | GuardianReader | FamilyReader
    pupils: PupilReader
    guardians: GuardianReader | FamilyReader


def _heaps(opened: _Opened, table: Table, layout: Layout, doubt: Doubt) -> _Heaps:
    today, serials = opened.today, table.serial_dates
    if layout.kind is FileKind.FAMILIES:
        families = FamilyReader(today=today, serials=serials, doubt=doubt)
        return _Heaps(families, families.pupils, families)
    pupils = PupilReader(today=today, serials=serials, doubt=doubt)
    guardians = GuardianReader(serials=serials, doubt=doubt)
    is_pupils = layout.kind is FileKind.PUPILS
    return _Heaps(pupils if is_pupils else guardians, pupils, guardians)


def _look_at_dates(table: Table, layout: Layout, people: list[int]) -> DateColumn:
    """Return what the birth dates of a file say about themselves, whosever they are."""
    places = {layout.columns.get("birth_date")} | {c.get("birth_date") for c in layout.children}
    cells = (table.rows[at][place] for place in places if place is not None for at in people)
    return look_at_dates(cells, serials=table.serial_dates)


def _of_whole_file(table: Table, layout: Layout, dates: DateColumn) -> Iterator[Problem]:
    """Yield what is to be said once, on the headings."""
    if layout.kind is FileKind.GUARDIANS:
        return
    if "class_label" not in layout.columns:
        yield Problem(code=ProblemCode.NO_CLASS, line=table.heading_line)
    if dates.month_first and not dates.doubt & Doubt.TEXTS:
        yield Problem(
            code=ProblemCode.MONTH_FIRST_DATES,
            line=table.heading_line,
            column=layout.headings[layout.columns["birth_date"]],
            value=str(dates.month_first),
        )


def _rows_of_people(table: Table, layout: Layout) -> tuple[list[int], list[int]]:
    """Return the indices of the rows that hold somebody, and of those that close the file."""
    people = [at for at, row in enumerate(table.rows) if any(map(str.strip, row))]
    footer: list[int] = []
    while people and _closes(RowReader(layout, table.rows[people[-1]], 0), table):
        footer.insert(0, people.pop())
    return people, footer


def _closes(row: RowReader, table: Table) -> bool:
    """Tell the footer of an extraction from a row that could name somebody.

    A family called `PAGE` and a birth date are a person: refused, with the line, if need be.
    """
    birth = row.text("birth_date")
    born = birth and isinstance(parse_date(birth, serials=table.serial_dates), date)
    return not (born and row.text("family_name")) and _is_footer(row.cells())


def _is_footer(row: Sequence[str]) -> bool:
    """Tell a count or a date that closes an extraction: one or two cells, with a digit."""
    cells = [cell for cell in row if cell.strip()]
    text = " ".join(to_ascii(cell).strip() for cell in cells)
    return len(cells) <= 2 and any(map(str.isdigit, text)) and bool(_FOOTER.fullmatch(text))
