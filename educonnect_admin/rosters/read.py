"""Roster files in, people and problems out: what the rest of the product calls."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.csv_tables import csv_table
from educonnect_admin.rosters.decode import decode
from educonnect_admin.rosters.footers import rows_of_people
from educonnect_admin.rosters.headings import REJECTS
from educonnect_admin.rosters.heaps import heaps_for
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.returned import layout_of
from educonnect_admin.rosters.row_reader import RowReader
from educonnect_admin.rosters.rows import FileKind, Reading
from educonnect_admin.rosters.siecle import SIECLE
from educonnect_admin.rosters.siecle.exports import Export, find_exports
from educonnect_admin.rosters.siecle.guidance import Guidance
from educonnect_admin.rosters.siecle.read import read_export
from educonnect_admin.rosters.tables import SkippedSheet, SkipReason, Table
from educonnect_admin.rosters.whole_files import look_at_birth_dates, of_whole_file
from educonnect_admin.rosters.workbooks import is_container, workbook_tables

MAX_BYTES = 200_000_000
_ASIDE = {
    UnreadableReason.HEADINGS_ONLY: SkipReason.HEADINGS_ONLY,
    UnreadableReason.TEACHERS_FILE: SkipReason.TEACHERS,
}
"""What is wrong with a sheet, and does not matter where another one is a roster."""


def read_files(
    paths: Sequence[Path], *, today: date, columns: Columns = NOTHING_SAID
) -> list[Reading]:
    """Read several files, in the order given; one that has several parts gives several readings.

    Files of SIECLE that hold nobody (structures, nomenclatures) give no reading of their own:
    those of pupils name them, `along`.

    Args:
        paths: The files.
        today: As `read_parts` takes it.
        columns: As `read_parts` takes it.

    Raises:
        UnreadableFile: the first that can't be read, or that was given before under
            whatever name (REPEATED_FILE); nothing is returned then.
    """
    found = {path: _exports(path) for path in paths}
    guidance = Guidance(export for exports in found.values() for export in exports)
    read_all = partial(_read_exports, guidance=guidance, today=today, met=set())
    readings: dict[str, list[Reading]] = {}
    for path in paths:
        exports = found[path]
        parts = read_all(exports) if exports else _read_whole(path, today, columns)
        sha256 = exports[0].sha256() if exports else parts[0].sha256
        if sha256 in readings:
            raise UnreadableFile(path, UnreadableReason.REPEATED_FILE)
        readings[sha256] = parts
    every = [reading for parts in readings.values() for reading in parts]
    guidance.refuse_strangers({reading.school for reading in every if reading.format == SIECLE})
    return every


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
    return read_files([path], today=today, columns=columns)


def read_data(
    path: Path, data: bytes, *, today: date, columns: Columns = NOTHING_SAID
) -> list[Reading]:
    """Read what a file held, for a caller that has its bytes already; else as `read_parts`."""
    if exports := find_exports(path, partial(BytesIO, data)):
        guidance = Guidance(exports)
        readings = _read_exports(exports, guidance=guidance, today=today, met=set())
        guidance.refuse_strangers({reading.school for reading in readings})
        return readings
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


def _read_whole(path: Path, today: date, columns: Columns) -> list[Reading]:
    try:
        data = load(path)
    except Unreadable as found:
        raise unreadable(path, found) from None
    return read_data(path, data, today=today, columns=columns)


def _exports(path: Path) -> list[Export]:
    """Return what SIECLE exported to a file; one that can be read but once is not looked into."""
    try:
        is_fit = path.is_file() and path.stat().st_size <= MAX_BYTES
    except (OSError, ValueError):
        return []
    return find_exports(path, partial(_open, path)) if is_fit else []


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _read_exports(
    exports: list[Export], *, guidance: Guidance, today: date, met: set[str]
) -> list[Reading]:
    """Read the documents that hold people, none of them whole in memory.

    `met` holds the digests of those read so far: an export and the zip it came in are one.
    """
    readings = []
    for export in exports:
        if not export.holds_people:
            continue
        document = read_export(export, guidance)
        if document.sha256 in met:
            raise UnreadableFile(export.place, UnreadableReason.REPEATED_FILE)
        met.add(document.sha256)
        opened = _Opened(export.path, export.sha256(), today, NOTHING_SAID)
        reading = _read(opened, document.table, document.layout)
        problems = sorted((*reading.problems, *document.problems), key=lambda one: one.line)
        is_of_pupils = reading.kind is FileKind.PUPILS
        readings.append(
            replace(
                reading,
                headings=document.headings,
                school=document.school,
                problems=tuple(problems),
                along=guidance.files(document.school) if is_of_pupils else (),
            )
        )
    return readings


def read_table(path: Path, part: str = "", columns: Columns = NOTHING_SAID) -> Table:
    """Return the rows of a file as they stand, to show a refused one again with its cells.

    Args:
        path: The file.
        part: The sheet, as `Reading.part` names it; the first one that has headings if empty.
        columns: By which its headings are found, as `Reading.columns` says.

    Raises:
        UnreadableFile: as `read_file`, save that any headings will do.
        KeyError: no sheet of that name has headings.
    """
    for export in _exports(path):
        if export.holds_people and part in {export.part, ""}:
            return read_export(export, Guidance(())).table
    try:
        tables, _ = parse(load(path), columns)
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
            layout = layout_of(table, opened.columns)
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
    people, footer = rows_of_people(table, layout)
    if not people:
        raise Unreadable(UnreadableReason.HEADINGS_ONLY, line=table.heading_line)
    returned = layout.format == REJECTS
    # What we gave back is text: a bare number that was no date is none now.
    serials = table.serial_dates and not returned
    dates = look_at_birth_dates(table, layout, people)
    heaps = heaps_for(layout, today=opened.today, serials=serials, doubt=dates.doubt)
    for at in people:
        heaps.reader.read(RowReader(layout, table.rows[at], table.lines[at]))
    remarks = [*heaps.reader.problems, *of_whole_file(table, layout, dates)]
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
        is_partial=returned,
        columns=opened.columns,
    )
