"""An audit as one HTML file: nothing remote, no script, readable on a phone and on paper."""

from collections.abc import Iterator, Sequence
from typing import Any

from educonnect_admin.domain.activations import Audit, Figures
from educonnect_admin.reports.html import html_bytes
from educonnect_admin.reports.pictures import (
    activation_curve,
    curve_sentence,
    funnel_bars,
    funnel_sentence,
)
from educonnect_admin.reports.table import (
    OTHER_FIGURES,
    STATE_FIGURES,
    TITLE,
    Column,
    Kind,
    date_of,
    figures,
    places,
    scope_of,
    written,
)

WIDTH, HEIGHT = 600, 220
"""Of the curve, in units of its picture."""


def page_bytes(audit: Audit) -> bytes:
    """Return the page in UTF-8; whatever a class or school is called stays text."""
    return html_bytes("audit.html.j2", _values(audit))


def _values(audit: Audit) -> dict[str, Any]:
    return {
        "title": TITLE,
        "scope": scope_of(audit),
        "date": date_of(audit),
        "zone": audit.time_zone,
        "key_figures": [
            {
                "label": column.heading,
                "value": written(column.value(audit.total), column.kind),
                "meaning": column.meaning,
            }
            for column in figures()
        ],
        "funnel": funnel_bars(audit),
        "funnel_words": funnel_sentence(audit),
        "curve": _curve(audit),
        "curve_words": curve_sentence(audit),
        "days": [
            {
                "day": f"{one.day:%d/%m/%Y}",
                "activated": written(one.activated, Kind.NUMBER),
                "total": written(one.total, Kind.NUMBER),
            }
            for one in audit.days
        ],
        "place_count": len(places(audit.by)),
        "tables": [
            _table(audit, "Les comptes et leur état", STATE_FIGURES),
            _table(audit, "Par où ils ont été activés ; courriers et mails", OTHER_FIGURES),
        ],
    }


def _table(audit: Audit, caption: str, told: Sequence[Column]) -> dict[str, Any]:
    """Return some of the columns: all of them in one table do not fit a screen."""
    every = (*places(audit.by), *told)
    return {
        "caption": caption,
        "columns": [{"heading": one.heading, "text": one.kind is Kind.TEXT} for one in every],
        "rows": [list(_cells(every, row)) for row in audit.rows],
        "total": list(_cells(told, audit.total)),
    }


def _cells(told: Sequence[Column], row: Figures) -> Iterator[dict[str, Any]]:
    for column in told:
        text = written(column.value(row), column.kind)
        yield {"text": text, "is_text": column.kind is Kind.TEXT, "heading": column.heading}


def _curve(audit: Audit) -> dict[str, Any] | None:
    curve = activation_curve(audit)
    if curve is None:
        return None
    points = (f"{x * WIDTH:.1f},{(1 - y) * HEIGHT:.1f}" for x, y in curve.points)
    return {
        "points": " ".join(points),
        "width": WIDTH,
        "height": HEIGHT,
        "first": f"{curve.first:%d/%m/%Y}",
        "last": f"{curve.last:%d/%m/%Y}",
        "total": written(curve.total, Kind.NUMBER),
    }
