"""An audit as an XLSX workbook: summary with native charts, table, who to chase, notes (R-64).

Rows are written as they come, so that the list of a whole academy does not fill the memory.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from educonnect_admin.domain.activations import Audit
from educonnect_admin.reports import workbook_chase, workbook_notes, workbook_summary
from educonnect_admin.reports.chase import ChaseLine
from educonnect_admin.reports.table import TITLE, columns, local
from educonnect_admin.reports.workbook_cells import Styles, set_up_page

if TYPE_CHECKING:
    from openpyxl import Workbook

SUMMARY, TABLE, CHASE, NOTES = "Synthèse", "Détail", "À relancer", "Lisez-moi"


def workbook_bytes(audit: Audit, chase: Iterable[ChaseLine]) -> bytes:
    """Return the workbook; accounts to chase are taken one by one, names only of one school."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    summary, table, chased, notes = (
        book.create_sheet(title) for title in (SUMMARY, TABLE, CHASE, NOTES)
    )
    styles = Styles(summary)
    write_table(table, styles, audit)
    reasons = workbook_chase.write(chased, styles, audit, chase)
    workbook_summary.write(summary, styles, audit, reasons)
    workbook_notes.write(notes, styles, audit, reasons)
    _name(book, audit)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write_table(sheet: Any, styles: Styles, audit: Audit) -> None:
    """Write the rows: headings that stay, a filter, numbers that are numbers."""
    told = columns(audit.by)
    widths = [
        max(len(column.heading) + 3, 30 if column.heading == "École" else 9) for column in told
    ]
    set_up_page(sheet, widths, heading_row=1)
    sheet.auto_filter.ref = f"A1:{styles.letter(len(told))}{len(audit.rows) + 1}"
    sheet.append([styles.heading(column.heading) for column in told])
    for row in audit.rows:
        sheet.append([styles.value(column.value(row), column.kind) for column in told])


def _name(book: "Workbook", audit: Audit) -> None:
    # Neither the operator's name nor that of a person: files travel.
    made = local(audit).replace(tzinfo=None)
    book.properties.creator = "educonnect-admin"
    book.properties.lastModifiedBy = None
    book.properties.title = TITLE
    book.properties.language = "fr-FR"
    book.properties.created = made
