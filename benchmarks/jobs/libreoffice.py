"""The same page by LibreOffice Writer's mail merge: what an office does today, one PDF.

A letter with fields, a CSV file with a row a letter; every word is there, the boxes are not.
"""

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from benchmarks.households import Page, pages_by_class
from benchmarks.jobs import Order
from benchmarks.page_texts import Line, batch_texts, letter_texts
from educonnect_admin.letters import design

Parts = dict[str, list[Line]]
SYSTEM_PYTHON = "/usr/bin/python3"
_ROOT = Path(__file__).parent.parent.parent
_VARYING = ("carrier", "addressee", "children", "reference")
_MOST_LINES = {"carrier": 3, "addressee": 4, "children": 2, "reference": 1}
_ORDER = (
    "sender", "carrier", "created", "addressee", "title", "introduction", "children",
    "credentials", "validity", "ways", "steps", "scan", "franceconnect", "sms",
    "missing_child", "mistakes", "secrecy", "reference",
)  # fmt: skip
_STYLES = design.STYLES | {frame.part: frame.style for frame in design.FIXED}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document office:mimetype="application/vnd.oasis.opendocument.text" office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">
<office:automatic-styles>
<style:page-layout style:name="P"><style:page-layout-properties fo:page-width="21cm"
 fo:page-height="29.7cm" fo:margin="1.5cm"/></style:page-layout>
<style:style style:name="bold" style:family="text">
<style:text-properties fo:font-weight="bold"/></style:style>
"""


def run(order: Order) -> int:
    """Make one document of all the letters."""
    document(order)
    return order.letters


def document(order: Order) -> bytes:
    """Return the document.

    Raises:
        RuntimeError: the office is not there, or did not do it.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "out").mkdir()
        (folder / "letter.fodt").write_text("".join(_write(order, folder)), encoding="utf-8")
        wanted = {
            "soffice": shutil.which("soffice") or "soffice",
            "profile": str(folder / "profile"),
            "folder": name,
            "template": str(folder / "letter.fodt"),
            "target": str(folder / "out"),
        }
        done = subprocess.run(
            [SYSTEM_PYTHON, "-m", "benchmarks.merge_in_writer"], input=json.dumps(wanted),
            text=True, check=False, capture_output=True, cwd=_ROOT, env=_environment(),
        )  # fmt: skip
        made = list((folder / "out").glob("*.pdf"))
        if done.returncode or len(made) != 1:
            raise RuntimeError(done.stderr)
        return made[0].read_bytes()


def _environment() -> dict[str, str]:
    """Nothing of our Python: the system's has packages of its own."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}


def _write(order: Order, folder: Path) -> Iterator[str]:
    """Write the table, and give the letter that fits it."""
    shared: Parts = {}
    with (folder / "letters.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        table.writerow([*_columns(), "identifier", "password"])
        for heading, pages in pages_by_class(order.letters):
            shared = shared or batch_texts(heading)
            table.writerows(map(_row, pages))
    yield _HEAD
    yield from (_paragraph_style(part) for part in _ORDER)
    yield "</office:automatic-styles><office:master-styles>"
    yield '<style:master-page style:name="Standard" style:page-layout-name="P"/>'
    yield "</office:master-styles><office:body><office:text>"
    for part in _ORDER:
        yield from _part(part, shared)
    yield "</office:text></office:body></office:document>"


def _columns() -> Iterator[str]:
    for part in _VARYING:
        yield from (f"{part}{at}" for at in range(_MOST_LINES[part]))


def _row(page: Page) -> list[str]:
    letter, password = page
    texts = letter_texts(letter)
    cells = []
    for part in _VARYING:
        words = [_marked(line).replace("**", "") for line in texts[part]]
        cells += (words + [""] * _MOST_LINES[part])[: _MOST_LINES[part]]
    return [*cells, letter.identifier, password]


def _paragraph_style(part: str) -> str:
    size = _STYLES[part].size if part in _STYLES else 10
    return (
        f'<style:style style:name="{part}" style:family="paragraph"><style:paragraph-properties'
        f' fo:margin-top="0.03cm"/><style:text-properties fo:font-size="{size}pt"'
        f' style:font-name="Noto Sans"/></style:style>'
    )


def _part(part: str, shared: Parts) -> Iterator[str]:
    if part in _VARYING:
        fields = [_field(f"{part}{at}") for at in range(_MOST_LINES[part])]
    elif part == "credentials":
        fields = [
            f"{_words(line)} {_field(name)}"
            for line, name in zip(shared[part][:2], ("identifier", "password"), strict=True)
        ]
        fields += map(_words, shared[part][2:])
    else:
        fields = list(map(_words, shared[part]))
    yield from (f'<text:p text:style-name="{part}">{field}</text:p>' for field in fields)


def _field(column: str) -> str:
    return (
        '<text:database-display text:table-name="letters" text:table-type="table"'
        f' text:column-name="{column}" text:database-name="letters">{column}'
        "</text:database-display>"
    )


def _marked(line: Line) -> str:
    marker = line.marker if line.role == "step" else "•" if line.role == "item" else ""
    return f"{marker} {line.words}".strip()


def _words(line: Line) -> str:
    return "".join(
        f'<text:span text:style-name="bold">{escape(piece)}</text:span>'
        if at % 2
        else escape(piece)
        for at, piece in enumerate(_marked(line).split("**"))
    )
