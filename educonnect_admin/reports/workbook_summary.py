"""The first sheet: key figures, and three native charts over the cells beside them."""

from collections import Counter
from typing import Any

from educonnect_admin.domain.activations import Audit
from educonnect_admin.domain.troubles import Trouble
from educonnect_admin.reports import workbook_charts
from educonnect_admin.reports.chase import advice
from educonnect_admin.reports.pictures import funnel_bars
from educonnect_admin.reports.table import (
    STATES,
    TITLE,
    Kind,
    date_of,
    figures,
    most_to_do,
    scope_of,
)
from educonnect_admin.reports.workbook_cells import Styles, set_up_page

_ONE_PAGE = 90
"""A sheet of so many lines is still readable on one page; charts are not cut."""


class _Writer:
    """Appends lines and knows their numbers, which charts need."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.row = 0

    def line(self, *cells: Any) -> int:
        """Write one line and return its number."""
        self._sheet.append(list(cells))
        self.row += 1
        return self.row


def write(sheet: Any, styles: Styles, audit: Audit, reasons: Counter[Trouble]) -> None:
    """Write the figures, then put the charts to their right."""
    set_up_page(sheet, (34, 14, 12, 16, 12))
    out = _Writer(sheet)
    out.line(styles.title(TITLE))
    out.line(styles.text(f"{scope_of(audit)} – {date_of(audit)}"))
    out.line()
    _key_figures(out, styles, audit)
    funnel = _funnel(out, styles, audit)
    groups = _groups(out, styles, audit)
    _reasons(out, styles, reasons)
    days = _days(out, styles, audit)
    charts = [workbook_charts.funnel(sheet, *funnel)]
    if days[1] > days[0]:
        charts.append(workbook_charts.curve(sheet, *days))
    if groups[1] > groups[0]:
        charts.append(workbook_charts.groups(sheet, *groups))
    place = 3
    for chart in charts:
        sheet.add_chart(chart, f"G{place}")
        place += int(chart.height * 2) + 2
    if max(place, out.row) <= _ONE_PAGE:
        sheet.page_setup.fitToHeight = 1


def _key_figures(out: _Writer, styles: Styles, audit: Audit) -> None:
    out.line(styles.heading("Chiffres clés"), styles.heading("Nombre"), styles.heading("Part"))
    for column in figures():
        value = column.value(audit.total)
        share = audit.total.share_of(int(value)) if column.kind is Kind.NUMBER else None
        cells = [styles.text(column.heading), styles.value(value, column.kind)]
        if share is not None:
            cells.append(styles.value(share, Kind.SHARE))
        out.line(*cells)


def _funnel(out: _Writer, styles: Styles, audit: Audit) -> tuple[int, int]:
    """Write the steps; return the rows of the heading and of the last step."""
    out.line()
    headings = ("Étape", "Comptes", "Part")
    first = out.line(*(styles.heading(heading) for heading in headings))
    for bar in funnel_bars(audit):
        out.line(
            styles.text(bar.label),
            styles.value(bar.accounts, Kind.NUMBER),
            styles.value(bar.share, Kind.SHARE),
        )
    return first, out.row


def _groups(out: _Writer, styles: Styles, audit: Audit) -> tuple[int, int]:
    out.line()
    rows = most_to_do(audit)
    if len(rows) < len(audit.rows):
        out.line(styles.strong(f"Les {len(rows)} où il reste le plus à faire"))
    headings = ("Par groupe", *(column.heading for column in STATES))
    first = out.line(*(styles.heading(heading) for heading in headings))
    for label, row in rows:
        numbers = (styles.value(column.value(row), Kind.NUMBER) for column in STATES)
        out.line(styles.text(label), *numbers)
    return first, out.row


def _reasons(out: _Writer, styles: Styles, reasons: Counter[Trouble]) -> None:
    out.line()
    out.line(styles.heading("Pourquoi ils attendent"), styles.heading("Comptes"))
    told: Counter[str] = Counter()
    for trouble, number in reasons.items():
        told[advice(trouble).reason] += number
    for reason, number in told.most_common():
        out.line(styles.text(reason), styles.value(number, Kind.NUMBER))


def _days(out: _Writer, styles: Styles, audit: Audit) -> tuple[int, int]:
    out.line()
    headings = ("Jour", "Activations", "Total")
    first = out.line(*(styles.heading(heading) for heading in headings))
    for day in audit.days:
        out.line(
            styles.day(day.day),
            styles.value(day.activated, Kind.NUMBER),
            styles.value(day.total, Kind.NUMBER),
        )
    if not audit.days:
        out.line(styles.text("Aucune activation n'est encore datée."))
        return first, first
    last = out.row
    if audit.undated:
        out.line(styles.text("Jour inconnu"), styles.value(audit.undated, Kind.NUMBER))
    return first, last
