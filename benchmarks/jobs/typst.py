"""The same page by typst: its own markup, the letters as JSON beside it, one document."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.households import Page, pages_by_class
from benchmarks.jobs import Order
from benchmarks.page_texts import TEXT, Line, batch_texts, letter_texts
from educonnect_admin.letters import design

Parts = dict[str, list[Line]]
_STYLES = design.STYLES | {frame.part: frame.style for frame in design.FIXED}
_SOURCE = """
#set page(width: 595.28pt, height: 841.89pt, margin: 0pt)
#set text(font: "Noto Sans", lang: "fr", hyphenate: false)
#set par(leading: 0.45em, spacing: 0.55em)
#let data = json("letters.json")
#let styles = data.styles
#let words(pieces) = {
  for (at, piece) in pieces.enumerate() { if calc.odd(at) { strong(piece) } else { piece } }
}
#let show-line(line, style) = par({
  if line.marker != "" { strong(line.marker); [ ] }
  set text(size: if line.heading { style.heading * 1pt } else { style.size * 1pt })
  words(line.words)
})
#let part(own, name) = block(width: 100%, {
  set text(size: styles.at(name).size * 1pt)
  for line in own.at(name) { show-line(line, styles.at(name)) }
})
#for (n, letter) in data.letters.enumerate() {
  let own = data.shared + letter.own
  if n > 0 { pagebreak() }
  place(dx: CARRIER_Xpt, dy: CARRIER_Ypt,
    rect(width: CARRIER_Wpt, height: CARRIER_Hpt, stroke: 0.8pt, radius: 4pt))
  for frame in data.frames {
    place(dx: frame.x * 1pt, dy: frame.y * 1pt,
      block(width: frame.width * 1pt, part(own, frame.part)))
  }
  place(dx: LEFTpt, dy: TOPpt, block(width: WIDTHpt, {
    part(own, "title"); part(own, "introduction"); part(own, "children")
    rect(width: 100%, inset: 8pt, stroke: 1.4pt, {
      for (line, value) in own.credentials.slice(0, 2).zip((letter.identifier, letter.password)) {
        par({
          text(size: LABELpt, words(line.words)); [ ]
          text(size: VALUEpt, font: "JetBrains Mono", value)
        })
      }
      for line in own.credentials.slice(2) { show-line(line, styles.credentials) }
      part(own, "validity")
    })
    part(own, "ways")
    grid(columns: (1.6fr, 1fr), gutter: 8pt,
      rect(inset: 8pt, stroke: 0.6pt, { part(own, "steps"); part(own, "scan") }),
      stack(spacing: 8pt, rect(inset: 8pt, stroke: 0.6pt, part(own, "franceconnect")),
        rect(inset: 8pt, stroke: 0.6pt, part(own, "sms"))))
    grid(columns: (1fr, 1fr, 1fr), gutter: 12pt, ..data.notes.map(name => part(own, name)))
  }))
}
"""


def run(order: Order) -> int:
    """Make one document of all the letters."""
    document(order)
    return order.letters


def document(order: Order) -> bytes:
    """Return the document."""
    import typst

    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "letters.json").write_text(json.dumps(_data(order)), encoding="utf-8")
        (folder / "letters.typ").write_text(_source(), encoding="utf-8")
        content: bytes = typst.compile(
            folder / "letters.typ", font_paths=[Path(TEXT).parent], ignore_system_fonts=True
        )
    return content


def _source() -> str:
    x, y, width, height = design.CARRIER_BOX
    values = {
        "CARRIER_X": x, "CARRIER_Y": y, "CARRIER_W": width, "CARRIER_H": height,
        "LEFT": design.LEFT, "TOP": design.FLOW_TOP, "WIDTH": design.WIDTH,
        "LABEL": design.LABEL_SIZE, "VALUE": design.VALUE_SIZE,
    }  # fmt: skip
    source = _SOURCE
    for name, value in values.items():
        source = source.replace(f"{name}pt", f"{value}pt")
    return source


def _data(order: Order) -> dict[str, object]:
    shared: Parts = {}
    letters = []
    for heading, pages in pages_by_class(order.letters):
        shared = shared or batch_texts(heading)
        letters += [_letter(page) for page in pages]
    return {
        "styles": {
            part: {"size": style.size, "heading": style.heading} for part, style in _STYLES.items()
        },
        "frames": [
            {"part": one.part, "x": one.x, "y": one.y, "width": one.width} for one in design.FIXED
        ],
        "notes": list(design.NOTES),
        "shared": _lines(shared),
        "letters": letters,
    }


def _letter(page: Page) -> dict[str, object]:
    letter, password = page
    own = _lines(letter_texts(letter))
    return {"own": own, "identifier": letter.identifier, "password": password}


def _lines(parts: Parts) -> dict[str, list[dict[str, object]]]:
    return {name: [_line(line) for line in lines] for name, lines in parts.items()}


def _line(line: Line) -> dict[str, object]:
    marker = line.marker if line.role == "step" else "•" if line.role == "item" else ""
    heading = line.role == "heading"
    return {"heading": heading, "marker": marker, "words": line.words.split("**")}
