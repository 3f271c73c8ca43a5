"""What is to be known of a file as a whole: before its rows are read, and once on its headings."""

from collections.abc import Iterator, Sequence

from educonnect_admin.rosters.date_columns import DateColumn, look_at_dates
from educonnect_admin.rosters.dates import Doubt
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.siecle import SIECLE
from educonnect_admin.rosters.tables import Table


def look_at_birth_dates(table: Table, layout: Layout, people: Sequence[int]) -> DateColumn:
    """Return what the birth dates of a file say about themselves, whosever they are."""
    if layout.format == SIECLE:
        return DateColumn()
    places = {layout.columns.get("birth_date")} | {c.get("birth_date") for c in layout.children}
    cells = (table.rows[at][place] for place in places if place is not None for at in people)
    return look_at_dates(cells, serials=table.serial_dates)


def of_whole_file(table: Table, layout: Layout, dates: DateColumn) -> Iterator[Problem]:
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
