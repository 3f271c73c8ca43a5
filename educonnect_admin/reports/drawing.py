"""Typefaces, styles and pictures of the PDF of an audit."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from anyascii import anyascii
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from educonnect_admin.domain.activations import Audit, Step
from educonnect_admin.reports.pictures import activation_curve, funnel_bars
from educonnect_admin.reports.table import Kind, written
from educonnect_admin.shipped import shipped_templates

TEXT, BOLD = "ReportText", "ReportBold"
_FILES = {TEXT: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}
DARK, GREEN = colors.HexColor("#1f3a5f"), colors.HexColor("#009e73")
PALE, LINE, INK = (colors.HexColor(code) for code in ("#eef1f5", "#c8ced6", "#161616"))


@cache
def register_faces() -> None:
    """Make our typefaces known, once a process."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(shipped_templates("letters") / "fonts" / file)))


@cache
def _signs() -> frozenset[int]:
    register_faces()
    return frozenset(pdfmetrics.getFont(TEXT).face.charToGlyph)


def printable(text: str) -> str:
    """Return a text in signs that the typeface has: others in Latin letters, never as boxes."""
    known = _signs()
    return "".join(
        sign if ord(sign) in known else (anyascii(sign) or "?")
        for sign in text.replace("\u202f", "\u00a0")
    )


def styles() -> dict[str, Any]:
    """Return the styles of paragraphs."""
    small = ParagraphStyle("small", fontName=TEXT, fontSize=8, leading=10, textColor=INK)
    cell = ParagraphStyle("cell", small, fontSize=7, leading=8.5, splitLongWords=1)
    return {
        "title": ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=23, textColor=INK),
        "heading": ParagraphStyle(
            "heading", fontName=BOLD, fontSize=12, leading=15, spaceBefore=10, spaceAfter=4
        ),
        "text": ParagraphStyle("text", fontName=TEXT, fontSize=10, leading=13, textColor=INK),
        "small": small,
        "figure": ParagraphStyle("figure", fontName=BOLD, fontSize=13, leading=16, textColor=INK),
        "cell": cell,
        "head": ParagraphStyle(
            "head", cell, fontName=BOLD, fontSize=6, leading=7.5, textColor=colors.white
        ),
        "strong": ParagraphStyle("strong", cell, fontName=BOLD),
        "strong_number": ParagraphStyle("strong_number", cell, fontName=BOLD, alignment=TA_RIGHT),
    }


KEY_FIGURES_STYLE = [
    ("BOX", (0, 0), (-1, -1), 0.5, LINE),
    ("INNERGRID", (0, 0), (-1, -1), 0.5, LINE),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
]


def table_style(places: int) -> Sequence[tuple[Any, ...]]:
    """Return the look of the table whose first columns say which group a row is."""
    return [
        ("FONT", (0, 0), (-1, -1), TEXT, 7, 8.5),
        ("BACKGROUND", (0, 0), (-1, 0), DARK),
        ("ALIGN", (places, 1), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, LINE),
        ("LINEABOVE", (0, -1), (-1, -1), 1, DARK),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]


class _Picture(Flowable):  # type: ignore[misc]
    """A picture of a given height, as wide as the page."""

    def __init__(self, audit: Audit, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.audit = audit

    def wrap(self, *_: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def _text(self, x: float, y: float, text: str, *, right: bool = False) -> None:
        self.canv.setFillColor(INK)
        self.canv.setFont(TEXT, 9)
        write = self.canv.drawRightString if right else self.canv.drawString
        write(x, y, printable(text))


class Funnel(_Picture):
    """One bar a step, its number and share beside it."""

    _STEP = 22.0

    def __init__(self, audit: Audit, width: float) -> None:
        super().__init__(audit, width, self._STEP * len(Step))

    def draw(self) -> None:
        """Draw it."""
        left, full = 120.0, self.width - 240
        for number, bar in enumerate(funnel_bars(self.audit), start=1):
            y = self.height - number * self._STEP
            self._text(0, y + 7, bar.label)
            self.canv.setFillColor(PALE)
            self.canv.rect(left, y + 3, full, self._STEP - 6, stroke=0, fill=1)
            self.canv.setFillColor(GREEN if bar.step is Step.ACTIVE else DARK)
            self.canv.rect(left, y + 3, full * bar.share, self._STEP - 6, stroke=0, fill=1)
            self._text(left + full + 8, y + 7, bar.said)


class ActivationCurve(_Picture):
    """How many accounts are active, day after day."""

    def __init__(self, audit: Audit, width: float) -> None:
        super().__init__(audit, width, 120)

    def draw(self) -> None:
        """Draw it."""
        curve = activation_curve(self.audit)
        assert curve is not None  # noqa: S101 - only drawn where there are days
        left, bottom, wide, high = 50.0, 16.0, self.width - 60, self.height - 26
        self.canv.setStrokeColor(LINE)
        self.canv.line(left, bottom + high, left + wide, bottom + high)
        self.canv.setStrokeColor(INK)
        self.canv.line(left, bottom, left + wide, bottom)
        self.canv.line(left, bottom, left, bottom + high)
        path = self.canv.beginPath()
        path.moveTo(left, bottom)
        for x, y in curve.points[1:]:
            path.lineTo(left + x * wide, bottom + y * high)
        self.canv.setStrokeColor(GREEN)
        self.canv.setLineWidth(2)
        self.canv.drawPath(path)
        self._text(left - 5, bottom + high - 3, written(curve.total, Kind.NUMBER), right=True)
        self._text(left - 5, bottom - 3, "0", right=True)
        self._text(left, 2, f"{curve.first:%d/%m/%Y}")
        self._text(left + wide, 2, f"{curve.last:%d/%m/%Y}", right=True)


def numbered_pages(foot: str) -> type[Any]:
    """Return a canvas that writes `page 2 sur 5` once it knows how many pages there are."""

    class Numbered(Canvas):  # type: ignore[misc]
        """Keeps every page until the last one is done."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the library's name
            """Keep the page."""
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            """Number the pages and write them."""
            for number, page in enumerate(self._kept, start=1):
                self.__dict__.update(page)
                self.setFont(TEXT, 8)
                self.drawString(36, 24, printable(foot))
                told = f"page {number} sur {len(self._kept)}"
                self.drawRightString(self._pagesize[0] - 36, 24, told)
                super().showPage()
            super().save()

    return Numbered
