"""The same page by WeasyPrint: HTML and CSS as one writes them for a printer, one document."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from benchmarks.households import Page, pages_by_class
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
    from weasyprint import HTML

    content: bytes = HTML(string="".join(_html(order))).write_pdf()
    return content


def _html(order: Order) -> Iterator[str]:
    yield f"<html lang=fr><style>{_style()}</style><body>"
    shared: Parts = {}
    for heading, pages in pages_by_class(order.letters):
        shared = shared or batch_texts(heading)
        for page in pages:
            yield from _letter(shared, page)


def _style() -> str:
    faces = (("Noto", "normal", TEXT), ("Noto", "bold", BOLD), ("Code", "normal", CODE))
    fonts = "".join(
        f"@font-face{{font-family:{name};font-weight:{weight};src:url({Path(path).as_uri()})}}"
        for name, weight, path in faces
    )
    parts = "".join(
        f".{part}{{font-size:{style.size}pt;line-height:{style.leading}pt;color:{_color(style.ink)}}}"
        f".{part} h1{{font-size:{style.heading}pt;color:{_color(style.heading_ink)}}}"
        for part, style in _STYLES.items()
    )
    places = "".join(
        f".{one.part}{{position:absolute;left:{one.x}pt;top:{one.y}pt;width:{one.width}pt}}"
        for one in design.FIXED
    )
    return fonts + _FURNITURE + parts + places


_STYLES = design.STYLES | {frame.part: frame.style for frame in design.FIXED}


def _color(of: str) -> str:
    return "rgb(" + ",".join(f"{100 * float(one):.0f}%" for one in of.split()) + ")"


_FURNITURE = f"""
@page{{size:A4;margin:0}} body{{margin:0;font-family:Noto}} p,h1{{margin:0;font-weight:normal}}
section{{position:relative;height:841pt;page-break-after:always}}
.flow{{position:absolute;left:{design.LEFT}pt;top:{design.FLOW_TOP}pt;width:{design.WIDTH}pt}}
.box{{border:1.4pt solid {_color(ink.BLUE)};background:{_color(ink.PALE)};padding:8pt;margin:6pt 0}}
.box td{{font-size:{design.LABEL_SIZE}pt}} .box td+td{{font:{design.VALUE_SIZE}pt Code}}
.card{{border:.6pt solid {_color(ink.LINE)};vertical-align:top;padding:8pt}}
table{{width:100%;border-spacing:0}} .notes td{{vertical-align:top;width:33%}}
.frame{{position:absolute;border:.8pt solid {_color(ink.LINE)};border-radius:4pt;
left:{design.CARRIER_BOX[0]}pt;top:{design.CARRIER_BOX[1]}pt;
width:{design.CARRIER_BOX[2]}pt;height:{design.CARRIER_BOX[3]}pt}}
"""


def _letter(shared: Parts, page: Page) -> Iterator[str]:
    letter, password = page
    own = shared | letter_texts(letter)
    yield "<section><div class=frame></div>"
    yield from (_part(own, frame.part) for frame in design.FIXED)
    yield "<div class=flow>"
    yield from (_part(own, part) for part in ("title", "introduction", "children"))
    yield _credentials(own, letter.identifier, password)
    yield _part(own, "ways")
    yield f"<table><tr><td class=card rowspan=2>{_part(own, 'steps')}{_part(own, 'scan')}"
    yield f"<td class=card>{_part(own, 'franceconnect')}"
    yield f"<tr><td class=card>{_part(own, 'sms')}</table><table class=notes><tr>"
    yield from (f"<td>{_part(own, part)}" for part in design.NOTES)
    yield "</table></div></section>"


def _part(own: Parts, part: str) -> str:
    return f"<div class={part}>{''.join(map(_line, own[part]))}</div>"


def _line(line: Line) -> str:
    words = "".join(
        f"<b>{escape(piece)}</b>" if at % 2 else escape(piece)
        for at, piece in enumerate(line.words.split("**"))
    )
    tag = "h1" if line.role == "heading" else "p"
    marker = line.marker if line.role == "step" else "•" if line.role == "item" else ""
    return f"<{tag}>{marker} {words}</{tag}>"


def _credentials(own: Parts, identifier: str, password: str) -> str:
    fields, rest = own["credentials"][:2], own["credentials"][2:]
    rows = "".join(
        f"<tr><td>{escape(line.words)}<td>{escape(value)}"
        for line, value in zip(fields, (identifier, password), strict=True)
    )
    notes = "".join(map(_line, rest))
    return (
        f"<div class=box><table>{rows}</table>"
        f"<div class=credentials>{notes}</div>{_part(own, 'validity')}</div>"
    )
