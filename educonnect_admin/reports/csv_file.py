"""The table of an audit as CSV, the way a French spreadsheet opens it by a double click."""

import csv
from io import StringIO

from educonnect_admin.domain.activations import Audit, Figures
from educonnect_admin.reports.cells import neutral
from educonnect_admin.reports.table import Column, Kind, Value, columns, places


def csv_bytes(audit: Audit) -> bytes:
    """Return the rows and the total: UTF-8 with BOM, semicolons, CRLF, formulas neutralised.

    Shares are numbers from 0 to 1 with a comma. In the total every account counts once, so
    that it may be less than the sum of the rows.
    """
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    told = columns(audit.by)
    writer.writerow([column.heading for column in told])
    writer.writerows([_cell(column, row) for column in told] for row in audit.rows)
    here = len(places(audit.by))
    total = [_cell(column, audit.total) for column in told[here:]]
    writer.writerow(["Total", *[""] * (here - 1), *total])
    return out.getvalue().encode("utf-8-sig")


def _cell(column: Column, row: Figures) -> str:
    value: Value = column.value(row)
    if column.kind is Kind.TEXT:
        return neutral(str(value))
    return str(value).replace(".", ",")
