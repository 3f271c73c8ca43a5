"""The same page by fpdf2: texts at the same places, one document, without the QR code.

Two ways: `multi_cell`, which its manual teaches and which wraps every text again on every
page; and, `careful`, lines wrapped once and kept, then printed with `text`.
"""

import re
from collections.abc import Iterator
from typing import Any

from fpdf import FPDF

from benchmarks.households import Page, pages_by_class
from benchmarks.jobs import Order
from benchmarks.page_texts import BOLD, CODE, TEXT, Line, batch_texts, letter_texts
from educonnect_admin.letters import design, ink

Parts = dict[str, list[Line]]
Place = tuple[float, float]
_KEPT = 100
"""All that the letters share fits, and no end of names."""


def run(order: Order) -> int:
    """Make one document of all the letters."""
    document(order)
    return order.letters


def document(order: Order) -> bytes:
    """Return the document."""
    pdf = (_Careful if order.careful else _Taught)(unit="pt", format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.add_font("Noto", "", TEXT)
    pdf.add_font("Noto", "B", BOLD)
    pdf.add_font("Code", "", CODE)
    shared: Parts = {}
    for heading, pages in pages_by_class(order.letters):
        shared = shared or batch_texts(heading)
        for page in pages:
            _letter(pdf, shared, page)
    return bytes(pdf.output())


class _Paper(FPDF):
    """A document that wraps texts in one way or the other."""

    def wrapped(self, words: str, x: float, y: float, width: float, leading: float) -> float:
        """Print words from (x, y) downwards; return the y below them."""
        raise NotImplementedError


class _Taught(_Paper):
    """Wraps as the manual says."""

    def wrapped(self, words: str, x: float, y: float, width: float, leading: float) -> float:
        """Print words from (x, y) downwards; return the y below them."""
        self.set_xy(x, y)
        self.multi_cell(width, leading, words, markdown="**" in words, align="L")
        return float(self.get_y())


class _Careful(_Paper):
    """Keeps the lines of the texts it has met."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._known: dict[tuple[str, float, float], list[list[tuple[str, float, str]]]] = {}

    def wrapped(self, words: str, x: float, y: float, width: float, leading: float) -> float:
        """Print words from (x, y) downwards; return the y below them."""
        size = self.font_size_pt
        key = (words, width, size)
        lines = self._known.get(key) or list(self._lines(words, width))
        if len(self._known) < _KEPT:
            self._known[key] = lines
        for line in lines:
            y += leading
            for style, shift, text in line:
                self.set_font("Noto", style, size)
                self.text(x + shift, y - leading * 0.27, text)
        return y

    def _lines(self, words: str, width: float) -> Iterator[list[tuple[str, float, str]]]:
        line: list[tuple[str, float, str]] = []
        at = 0.0
        for place, stretch in enumerate(words.split("**")):
            style = "B" if place % 2 else ""
            self.set_font("Noto", style, self.font_size_pt)
            for word in re.findall(r" ?[^ ]+| ", stretch):
                wide = self.get_string_width(word)
                if at + wide > width:
                    yield line
                    line, at = [], 0.0
                    word = word.lstrip()  # noqa: PLW2901 - no space begins a line
                    wide = self.get_string_width(word)
                if line and line[-1][0] == style:
                    _, start, before = line.pop()
                    line.append((style, start, before + word))
                else:
                    line.append((style, at, word))
                at += wide
        yield line


def _letter(pdf: _Paper, shared: Parts, page: Page) -> None:
    letter, password = page
    own = shared | letter_texts(letter)
    pdf.add_page()
    _furniture(pdf)
    for frame in design.FIXED:
        _set(pdf, own[frame.part], frame.style, (frame.x, frame.y), frame.width)
    y = design.FLOW_TOP
    for part in ("title", "introduction", "children"):
        y = _part(pdf, own, part, design.LEFT, y) + 6
    y = _credentials(pdf, own, (letter.identifier, password), y + 6)
    y = _part(pdf, own, "ways", design.LEFT, y + 14) + 4
    y = _cards(pdf, own, y) + 16
    pdf.line(design.LEFT, y, design.LEFT + design.WIDTH, y)
    for column, part in enumerate(design.NOTES):
        _part(pdf, own, part, design.LEFT + column * design.WIDTH / 3, y + 6)


def _furniture(pdf: _Paper) -> None:
    pdf.set_draw_color(*_color(ink.LINE))
    pdf.set_line_width(0.6)
    pdf.rect(*design.CARRIER_BOX, round_corners=True, corner_radius=4)
    for fold in design.FOLDS:
        pdf.line(14, fold, 25, fold)


def _color(of: str) -> tuple[int, ...]:
    return tuple(round(255 * float(part)) for part in of.split())


def _part(pdf: _Paper, own: Parts, part: str, x: float, y: float) -> float:
    return _set(pdf, own[part], design.STYLES[part], (x, y), design.WIDTHS[part])


def _set(pdf: _Paper, lines: list[Line], style: Any, at: Place, width: float) -> float:
    """Write the lines of a part from a place downwards; return the y of its foot."""
    x, y = at
    for line in lines:
        heading = line.role == "heading"
        size = style.heading if heading else style.size
        indent = style.indent if line.role in {"item", "step"} else 0
        pdf.set_font("Noto", "", size)
        pdf.set_text_color(*_color(style.heading_ink if heading else style.ink))
        if indent:
            pdf.set_xy(x, y)
            pdf.cell(indent, style.leading, line.marker or "•")
        leading = style.leading * size / style.size
        y = pdf.wrapped(line.words, x + indent, y, width - indent, leading)
    return y


def _credentials(pdf: _Paper, own: Parts, values: tuple[str, str], y: float) -> float:
    pdf.set_draw_color(*_color(ink.BLUE))
    pdf.set_fill_color(*_color(ink.PALE))
    pdf.rect(design.LEFT, y, design.WIDTH, 112, style="DF", round_corners=True, corner_radius=6)
    left, top = design.LEFT + design.BOX_PAD, y + 8
    pdf.set_text_color(*_color(ink.BLACK))
    for line, value in zip(own["credentials"], values, strict=False):
        pdf.set_xy(left, top)
        pdf.set_font("Noto", "", design.LABEL_SIZE)
        pdf.cell(110, design.FIELD_LEADING, line.words, align="R")
        pdf.set_font("Code", "", design.VALUE_SIZE)
        pdf.cell(None, design.FIELD_LEADING, value)
        top += design.FIELD_LEADING
    width = design.WIDTH - 2 * design.BOX_PAD
    top = _set(pdf, own["credentials"][2:], design.STYLES["credentials"], (left, top), width)
    _set(pdf, own["validity"], design.STYLES["validity"], (left, top + 8), width)
    return y + 112


def _cards(pdf: _Paper, own: Parts, y: float) -> float:
    pdf.set_draw_color(*_color(ink.LINE))
    left, pad, height = design.LEFT, design.CARD_PAD, 180
    right = left + design.STEPS_CARD + design.CARD_GAP
    pdf.rect(left, y, design.STEPS_CARD, height, round_corners=True, corner_radius=4)
    pdf.rect(right, y, design.OTHER_CARD, height / 2, round_corners=True, corner_radius=4)
    pdf.rect(right, y + height / 2, design.OTHER_CARD, height / 2, round_corners=True,
             corner_radius=4)  # fmt: skip
    _part(pdf, own, "steps", left + pad, y + pad)
    code = left + design.STEPS_CARD - pad - design.QR_COLUMN
    _part(pdf, own, "scan", code, y + pad + design.QR_SIDE + design.QUIET)
    _part(pdf, own, "franceconnect", right + pad, y + pad)
    _part(pdf, own, "sms", right + pad, y + height / 2 + pad)
    return y + height
