"""The sheet of who to chase; names only where one school asks for its own (R-64, R-66)."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

from educonnect_admin.domain.activations import Audit
from educonnect_admin.domain.troubles import Trouble
from educonnect_admin.reports.chase import ChaseLine, advice
from educonnect_admin.reports.table import Kind
from educonnect_admin.reports.workbook_cells import Styles, set_up_page

MOST_LINES = 1_048_000
"""A sheet holds 1,048,576 rows."""

_NAMED = (
    ("Identifiant", 24), ("Responsable", 26), ("Enfants", 34), ("Classe", 12), ("Raison", 34),
    ("Depuis", 12), ("Jusqu'au", 12), ("Que faire", 62), ("Contact", 46),
)  # fmt: skip
_NAMELESS = (
    ("Identifiant", 24), ("UAI", 12), ("Classe", 14), ("Nombre d'enfants", 12), ("Raison", 38),
    ("Depuis", 12), ("Jusqu'au", 12), ("Que faire", 62),
)  # fmt: skip


def write(
    sheet: Any, styles: Styles, audit: Audit, chase: Iterable[ChaseLine], most: int = MOST_LINES
) -> Counter[Trouble]:
    """Write one line an account that is not active; return how many there are by reason."""
    named = audit.uai is not None
    headings = _NAMED if named else _NAMELESS
    set_up_page(sheet, [width for _, width in headings], heading_row=1)
    reasons: Counter[Trouble] = Counter()
    sheet.append([styles.heading(heading) for heading, _ in headings])
    lines = iter(chase)
    for line in islice(lines, most):
        reasons[line.trouble] += 1
        sheet.append(list((_with_names if named else _without_names)(styles, line)))
    left = 0
    for line in lines:
        reasons[line.trouble] += 1
        left += 1
    if left:
        sheet.append([styles.text(f"… et {left} autres : demandez école par école (--school).")])
    sheet.auto_filter.ref = f"A1:{styles.letter(len(headings))}{reasons.total() - left + 1}"
    return reasons


def _with_names(styles: Styles, line: ChaseLine) -> Iterable[Any]:
    told = (line.identifier, line.guardian, ", ".join(line.children), line.class_label or "")
    yield from (styles.text(text) for text in told)
    yield from _why(styles, line)
    yield styles.text(line.contact)


def _without_names(styles: Styles, line: ChaseLine) -> Iterable[Any]:
    told = (line.identifier, line.uai, line.class_label or "")
    yield from (styles.text(text) for text in told)
    yield styles.value(line.child_count, Kind.NUMBER)
    yield from _why(styles, line)


def _why(styles: Styles, line: ChaseLine) -> Iterable[Any]:
    words = advice(line.trouble)
    yield styles.text(words.reason)
    yield styles.day(line.since)
    yield styles.day(line.until)
    yield styles.text(words.action)
