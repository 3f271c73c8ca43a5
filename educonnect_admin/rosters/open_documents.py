"""ODS before the parser sees it: how far the repeated cells and rows of a sheet reach.

A cell of an OpenDocument may say that it stands there a thousand million times. Empty ones,
with which every spreadsheet fills its margins, cost nothing; the others are counted first.
"""

import re
from io import BytesIO
from xml.parsers import expat

from educonnect_admin.rosters.archives import MAX_CELLS, MAX_UNPACKED, repack
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason

NEEDED = frozenset({"mimetype", "META-INF/manifest.xml", "content.xml"})
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
TEXT = b"application/vnd.oasis.opendocument.text"
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_COLUMNS, _ROWS = "table:number-columns-repeated", "table:number-rows-repeated"
_LOOKS = frozenset({
    _COLUMNS, "table:style-name", "table:content-validation-name",
    "table:number-columns-spanned", "table:number-rows-spanned",
})  # fmt: skip
"""What an empty cell may say of itself."""
_COUNT = re.compile(r"[0-9]{1,9}")
_ORIGIN = re.compile(rb"""<table:null-date\b[^<>]*?date-value\s*=\s*["']([^"']*)""")
_ERROR = re.compile(
    rb"""<table:table-cell\b[^<>]*\bcalcext:value-type\s*=\s*["']error["'][^<>]*>"""
)
_NO_TEXT = re.compile(rb"""\soffice:string-value\s*=\s*(?:""|'')""")


def open_workbook(parts: dict[str, bytes]) -> tuple[BytesIO, bool]:
    """Return a workbook that is safe to parse, and whether bare numbers may be dates.

    Raises:
        Unreadable: PROTECTED_WORKBOOK, DAMAGED_WORKBOOK, TOO_MANY_CELLS or ZIP_BOMB;
            WORD_DOCUMENT or OPEN_DOCUMENT for what is no workbook.
    """
    kind = parts.get("mimetype", SPREADSHEET).strip()
    if not kind.startswith(SPREADSHEET):
        text = kind.startswith(TEXT)
        raise Unreadable(UnreadableReason.WORD_DOCUMENT if text else UnreadableReason.OPEN_DOCUMENT)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Unreadable(UnreadableReason.PROTECTED_WORKBOOK)
    if "content.xml" not in parts:
        raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK)
    content = parts["content.xml"]
    _Extent().measure(content)
    origin = _ORIGIN.search(content)
    # The parser reads a cell in error as an empty one: as a text, it tells what it is.
    told = _ERROR.sub(lambda cell: _NO_TEXT.sub(b"", cell[0]), content)
    return repack(parts | {"content.xml": told}), origin is None or origin[1] == b"1899-12-30"


class _Extent:
    """Counts what the cells of each sheet come to once each repeated one stands by itself."""

    def __init__(self) -> None:
        self._rows = self._last_row = self._width = 0
        self._repeated = 0
        self._at = self._last = 0
        self._cell = 0
        """How often the present cell stands there; 0 outside of any."""
        self._is_filled = False
        self._letters = 0
        self._texts = self._row_texts = 0

    def measure(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(content, True)  # noqa: FBT003 (the library takes it by place)
        except (expat.ExpatError, ValueError, LookupError):
            raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._rows = self._last_row = self._width = 0
        elif name == "table:table-row":
            self._repeated = _count(attributes.get(_ROWS))
            self._at = self._last = self._row_texts = 0
        elif name in _CELLS:
            self._cell = _count(attributes.get(_COLUMNS))
            self._is_filled = not attributes.keys() <= _LOOKS
            self._letters = sum(map(len, attributes.values())) if self._is_filled else 0
        elif self._cell:
            self._is_filled = True

    def _text(self, text: str) -> None:
        if self._cell:
            self._letters += len(text)
            self._is_filled = self._is_filled or not text.isspace()

    def _end(self, name: str) -> None:
        if name in _CELLS:
            self._end_cell()
        elif name == "table:table-row":
            self._end_row()

    def _end_cell(self) -> None:
        self._at += self._cell
        if self._is_filled:
            self._last = self._at
            self._row_texts += self._letters * self._cell
        self._cell = 0

    def _end_row(self) -> None:
        self._rows += self._repeated
        self._texts += self._row_texts * self._repeated
        if self._last:
            self._last_row = self._rows
            self._width = max(self._width, self._last)
        if self._last_row * self._width > MAX_CELLS:
            raise Unreadable(UnreadableReason.TOO_MANY_CELLS)
        if self._texts > MAX_UNPACKED:
            raise Unreadable(UnreadableReason.ZIP_BOMB)


def _count(text: str | None) -> int:
    if text is None:
        return 1
    if not _COUNT.fullmatch(text) or not int(text):
        raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK)
    return int(text)
