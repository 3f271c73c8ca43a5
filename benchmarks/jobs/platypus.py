"""The same page by naive reportlab Platypus: paragraphs, tables and frames, one document."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from benchmarks.households import PORTAL, Page, pages_by_class
from benchmarks.jobs import Order
from benchmarks.page_texts import BOLD, CODE, TEXT, Line, batch_texts, letter_texts
from educonnect_admin.letters import design, ink

Parts = dict[str, list[Line]]


def run(order: Order) -> int:
    """Make one document of all the letters."""
    document(order)
    return order.letters


def document(order: Order) -> bytes:
    """Return the document."""
    registerFont(TTFont("Noto", TEXT))
    registerFont(TTFont("Noto-Bold", BOLD))
    registerFont(TTFont("Code", CODE))
    registerFontFamily("Noto", normal="Noto", bold="Noto-Bold")
    out = BytesIO()
    letters = BaseDocTemplate(out, pagesize=A4, pageTemplates=[_page()])
    story: list[Any] = []
    shared: Parts = {}
    for heading, pages in pages_by_class(order.letters):
        shared = shared or batch_texts(heading)
        for page in pages:
            story += _letter(shared, page, codes=order.codes)
    letters.build(story[:-2])
    return out.getvalue()


def _page() -> PageTemplate:
    frames = [
        _frame(frame.part, frame.x, frame.y, frame.width, frame.height + frame.spare)
        for frame in design.FIXED
    ]
    flow = _frame(
        "flow", design.LEFT, design.FLOW_TOP, design.WIDTH, design.FLOW_FOOT - design.FLOW_TOP + 8
    )
    return PageTemplate("letter", [*frames, flow], onPage=_furniture)


def _frame(name: str, x: float, y: float, width: float, height: float) -> Frame:
    return Frame(x, A4[1] - y - height, width, height, 0, 0, 0, 0, id=name)


def _furniture(canvas: Any, _document: Any) -> None:
    x, y, width, height = design.CARRIER_BOX
    canvas.setStrokeColor(_color(ink.LINE))
    canvas.roundRect(x, A4[1] - y - height, width, height, 4)
    for fold in design.FOLDS:
        canvas.line(14, A4[1] - fold, 25, A4[1] - fold)


def _color(of: str) -> Color:
    return Color(*map(float, of.split()))


def _letter(shared: Parts, page: Page, *, codes: bool) -> Iterator[Any]:
    letter, password = page
    own = shared | letter_texts(letter)
    for frame in design.FIXED:
        yield from _set(own, frame.part)
        yield FrameBreak()
    for part in ("title", "introduction", "children"):
        yield from _set(own, part)
        yield Spacer(0, 6)
    yield _credentials(own, letter.identifier, password)
    yield Spacer(0, 12)
    yield from _set(own, "ways")
    yield Spacer(0, 4)
    yield _cards(own, letter.number if codes else "")
    yield Spacer(0, 12)
    yield _notes(own)
    yield NextPageTemplate("letter")
    yield PageBreak()


def _set(own: Parts, part: str) -> Iterable[Any]:
    for line in own[part]:
        yield _paragraph(line, part)


def _paragraph(line: Line, part: str) -> Paragraph:
    heading = line.role == "heading"
    marker = line.marker if line.role == "step" else "•" if line.role == "item" else None
    return Paragraph(line.markup, _STYLES[part, heading], bulletText=marker)


def _style(part: str, style: Any, *, heading: bool) -> ParagraphStyle:
    size = style.heading if heading else style.size
    return ParagraphStyle(
        part,
        fontName="Noto-Bold" if heading else "Noto",
        fontSize=size,
        leading=style.leading * size / style.size,
        textColor=_color(style.heading_ink if heading else style.ink),
        leftIndent=style.indent if part in {"children", "steps"} and not heading else 0,
        bulletFontName="Noto-Bold",
        bulletFontSize=size,
        bulletColor=_color(style.heading_ink),
    )


_ALL = design.STYLES | {frame.part: frame.style for frame in design.FIXED}
_STYLES = {
    (part, heading): _style(part, style, heading=heading)
    for part, style in _ALL.items()
    for heading in (False, True)
}


def _credentials(own: Parts, identifier: str, password: str) -> Table:
    fields, rest = own["credentials"][:2], own["credentials"][2:]
    values = zip(fields, (identifier, password), strict=True)
    rows: list[list[Any]] = [[line.words, value] for line, value in values]
    rows += [[_paragraph(line, "credentials"), ""] for line in rest]
    rows += [[_paragraph(line, "validity"), ""] for line in own["validity"]]
    spans = [("SPAN", (0, row), (-1, row)) for row in range(2, len(rows))]
    return Table(
        rows,
        colWidths=[design.WIDTH * 0.3, design.WIDTH * 0.7],
        style=[
            ("BOX", (0, 0), (-1, -1), 1.4, _color(ink.BLUE)),
            ("BACKGROUND", (0, 0), (-1, -1), _color(ink.PALE)),
            ("FONT", (0, 0), (0, 1), "Noto", design.LABEL_SIZE),
            ("FONT", (1, 0), (1, 1), "Code", design.VALUE_SIZE, design.FIELD_LEADING),
            ("ALIGN", (0, 0), (0, 1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LINEABOVE", (0, -1), (-1, -1), 0.6, _color(ink.LINE)),
            *spans,
        ],
    )


def _cards(own: Parts, number: str) -> Table:
    scan = [_code(number) if number else Spacer(design.QR_SIDE, design.QR_SIDE)]
    scan += _set(own, "scan")
    left = Table(
        [[list(_set(own, "steps")), scan]], colWidths=[design.WIDTHS["steps"] + 9, design.QR_COLUMN]
    )
    return Table(
        [[left, list(_set(own, "franceconnect"))], ["", list(_set(own, "sms"))]],
        colWidths=[design.STEPS_CARD, design.OTHER_CARD + design.CARD_GAP],
        style=[
            ("GRID", (0, 0), (-1, -1), 0.6, _color(ink.LINE)),
            ("SPAN", (0, 0), (0, 1)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ],
    )


def _code(number: str) -> Any:
    from reportlab.graphics.barcode.qr import QrCode

    side = design.QR_SIDE
    return QrCode(f"{PORTAL}/l/{number}", width=side, height=side, qrLevel="M", qrBorder=0)


def _notes(own: Parts) -> Table:
    return Table(
        [[list(_set(own, part)) for part in design.NOTES]],
        colWidths=[design.WIDTH / len(design.NOTES)] * len(design.NOTES),
        style=[
            ("LINEABOVE", (0, 0), (-1, 0), 0.6, _color(ink.LINE)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ],
    )
