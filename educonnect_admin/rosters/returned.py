"""Sheets of rows that were given back for correction, when they come in again."""

from collections.abc import Iterable, Iterator

from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.headings import OWN_COLUMNS
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.recognise import recognise
from educonnect_admin.rosters.siecle.returned import returned_layout
from educonnect_admin.rosters.tables import Row, Table


def layout_of(table: Table, columns: Columns = NOTHING_SAID) -> Layout:
    """Recognise a table by its headings, else as `recognise`; tags only on a sheet of ours."""
    if any(map(is_own, table.headings)):
        layout = returned_layout(table.headings)
        if layout is not None:
            return layout
    return recognise(table.headings, line=table.heading_line, quoted=table.quoted, columns=columns)


def is_own(heading: str) -> bool:
    """Tell a column that we added."""
    return name_key(heading) in OWN_COLUMNS


def without_own_cells(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    """Yield rows without what we wrote beside them: what somebody emptied is then blank."""
    own = {at for at, heading in enumerate(layout.headings) if is_own(heading)}
    for row in rows:
        yield tuple(cell for at, cell in enumerate(row) if at not in own) if own else row
