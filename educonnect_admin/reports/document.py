"""An audit as a PDF: A4 across, key figures, funnel, curve, the table over as many pages."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from educonnect_admin.domain.activations import Audit, Figures
from educonnect_admin.reports import drawing
from educonnect_admin.reports.pictures import curve_sentence
from educonnect_admin.reports.table import (
    TITLE,
    Column,
    Kind,
    columns,
    date_of,
    figures,
    places,
    scope_of,
    written,
)

_MARGIN = 36.0
_TEXT_WIDTHS = {"UAI": 46.0, "École": 84.0, "Classe": 48.0, "Académie": 92.0}
_KEYS_A_LINE = 5


def document_bytes(audit: Audit) -> bytes:
    """Return the PDF, with its title and language, our own typefaces embedded."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.platypus import SimpleDocTemplate

    drawing.register_faces()
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN + 14,
        title=f"{TITLE} – {drawing.printable(scope_of(audit))}",
        author="educonnect-admin", subject=TITLE, creator="educonnect-admin",
        lang="fr-FR",
    )  # fmt: skip
    foot = f"{scope_of(audit)} – {date_of(audit)}"
    document.build(_story(audit, document.width), canvasmaker=drawing.numbered_pages(foot))
    return out.getvalue()


def _story(audit: Audit, width: float) -> list[Any]:
    from reportlab.platypus import PageBreak, Spacer

    styles = drawing.styles()

    def said(text: str, style: str) -> Any:
        return _paragraph(text, styles[style])

    return [
        said(TITLE, "title"),
        said(
            f"{scope_of(audit)} – chiffres du {date_of(audit)} (heure de {audit.time_zone})", "text"
        ),
        Spacer(0, 8),
        _key_figures(audit, styles, width),
        said("Du compte à l'activation", "heading"),
        drawing.Funnel(audit, width),
        said("Activations au fil du temps", "heading"),
        *([drawing.ActivationCurve(audit, width)] if audit.days else []),
        said(curve_sentence(audit), "small"),
        PageBreak(),
        said("Détail", "heading"),
        said(
            "Un responsable compte une fois dans le total, et dans chaque ligne où il a un "
            "enfant : la somme des lignes peut dépasser le total.",
            "small",
        ),
        Spacer(0, 4),
        _table(audit, styles, width),
    ]


def _paragraph(text: str, style: Any) -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph(escape(drawing.printable(text)), style)


def _key_figures(audit: Audit, styles: dict[str, Any], width: float) -> Any:
    from reportlab.platypus import Table

    cells = [
        [
            _paragraph(column.heading, styles["small"]),
            _paragraph(written(column.value(audit.total), column.kind), styles["figure"]),
        ]
        for column in figures()
    ]
    cells += [[]] * (-len(cells) % _KEYS_A_LINE)
    lines = [cells[at : at + _KEYS_A_LINE] for at in range(0, len(cells), _KEYS_A_LINE)]
    return Table(
        lines, colWidths=[width / _KEYS_A_LINE] * _KEYS_A_LINE, style=drawing.KEY_FIGURES_STYLE
    )


def _table(audit: Audit, styles: dict[str, Any], width: float) -> Any:
    from reportlab.platypus import LongTable

    told, here = columns(audit.by), len(places(audit.by))
    head = [_paragraph(column.heading, styles["head"]) for column in told]
    body = [_cells(told, row, styles) for row in audit.rows]
    total = [_paragraph("Total", styles["strong"]), *[""] * (here - 1)]
    total += [
        _paragraph(written(column.value(audit.total), column.kind), styles["strong_number"])
        for column in told[here:]
    ]
    return LongTable(
        [head, *body, total],
        colWidths=_widths(told, width),
        repeatRows=1,
        style=drawing.table_style(here),
    )


def _cells(told: Sequence[Column], row: Figures, styles: dict[str, Any]) -> list[Any]:
    # A paragraph wraps a long name; a plain string is faster and enough for a number.
    return [
        _paragraph(str(column.value(row)), styles["cell"])
        if column.kind is Kind.TEXT
        else written(column.value(row), column.kind)
        for column in told
    ]


def _widths(told: Sequence[Column], width: float) -> list[float]:
    """Share what the names leave among the figures, by the longest word of their headings."""
    texts = [_TEXT_WIDTHS.get(one.heading, 0.0) for one in told]
    words = [
        0 if one.kind is Kind.TEXT else max(7, *(len(word) for word in one.heading.split()))
        for one in told
    ]
    each = (width - sum(texts)) / sum(words)
    return [text + word * each for text, word in zip(texts, words, strict=True)]
