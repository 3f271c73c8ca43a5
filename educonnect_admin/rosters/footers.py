"""The lines that close an extraction, a count or a date, told from rows of people."""

import re
from collections.abc import Sequence
from datetime import date

from educonnect_admin.domain.names import to_ascii
from educonnect_admin.rosters.dates import parse_date
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.returned import without_own_cells
from educonnect_admin.rosters.row_reader import RowReader
from educonnect_admin.rosters.tables import Table

_FOOTER = re.compile(
    r"(?:total|nombre|nb|effectif|extraction|extrait|edite|edition|imprime|genere|date|page|fin"
    r"|onde|base eleves)\b.*"
    r"|[0-9][0-9 /.:-]*(?:eleves?|responsables?|lignes?|enregistrements?)?"
)


def rows_of_people(table: Table, layout: Layout) -> tuple[list[int], list[int]]:
    """Return the indices of the rows that hold somebody, and of those that close the file."""
    if table.every_row_counts:
        return list(range(len(table.rows))), []
    rows = without_own_cells(table.rows, layout)
    people = [at for at, row in enumerate(rows) if any(map(str.strip, row))]
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
