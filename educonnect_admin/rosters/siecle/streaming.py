"""XML as a stream of records, of any size and from anybody.

Only the records that are asked for are built, one at a time; the rest goes by. Whoever made
the file may wish us ill: a DTD is refused before it declares an entity, and depth, texts,
tags, records and what a record holds are bounded.
"""

import codecs
import hashlib
from collections.abc import Callable, Iterator
from typing import Protocol
from xml.parsers import expat

from educonnect_admin.rosters.problems import Unreadable, UnreadableReason

MAX_DEPTH = 30
MAX_TEXT = 10_000
MAX_TAG = 1_000_000
"""How many bytes may go by before a tag, or a comment, ends: expat holds them all."""
MAX_PARTS = 5_000
MAX_RECORDS = 500_000
_CHUNK = 1 << 16
_ENCODINGS = frozenset(
    {"ascii", "utf-8", "utf-16", "iso8859-1", "iso8859-15", "cp1252"}  # as Python calls them
)
_CUT_SHORT = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    }
)

Shelves = Callable[[str], frozenset[str] | None]
"""Root element → where its records stand, as `DONNEES/ELEVES/ELEVE`; None: an unknown root."""


class Bytes(Protocol):
    """What is read: a file, or a member of an archive."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""
        ...

    def seek(self, offset: int, /) -> int:
        """Go to a place."""
        ...


class Element:
    """A record, or a part of one: its attributes, its text or its parts.

    `line` is where its tag opens. What it holds stays out of its `repr`.
    """

    __slots__ = ("attributes", "line", "parts", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.text = ""
        self.parts: list[Element] = []

    def __repr__(self) -> str:
        return f"Element({self.tag}, line={self.line})"

    def all(self, *path: str) -> Iterator["Element"]:
        """Yield the parts at the end of a path of tags."""
        if not path:
            yield self
            return
        for part in self.parts:
            if part.tag == path[0]:
                yield from part.all(*path[1:])

    def value(self, *tags: str) -> str:
        """Return the first text, of a part or an attribute, that one of these tags has."""
        for tag in tags:
            if text := self.attributes.get(tag, "").strip():
                return text
            for part in self.parts:
                if part.tag == tag and (text := part.text.strip()):
                    return text
        return ""


class XmlStream:
    """An XML file being read; `root` and `encoding` are known as soon as it is open."""

    def __init__(self, file: Bytes, shelves: Shelves) -> None:
        """Read up to the root element.

        Raises:
            Unreadable: XML (no such root), ILL_FORMED_XML, TRUNCATED_XML, XML_ENTITIES,
                OVERSIZED_XML, UNKNOWN_ENCODING, WEB_PAGE.
        """
        self.root = ""
        self.encoding = "UTF-8"
        self._is_utf8 = _is_utf8(file)
        self._file = file
        self._shelves = shelves
        self._wanted: frozenset[str] = frozenset()
        self._above: list[str] = []
        self._open: list[Element] = []
        self._ready: list[Element] = []
        self._text: list[str] = []
        self._length = self._parts = self._fed = 0
        self._has_ended = False
        self._digest = hashlib.sha256()
        self._parser = self._set_up("UTF-8" if self._is_utf8 else None)
        while not self.root:
            self._feed()

    def records(self) -> Iterator[Element]:
        """Yield the records in the order of the file.

        Raises:
            Unreadable: as when it was opened.
        """
        number = 0
        while True:
            ready, self._ready = self._ready, []
            number += len(ready)
            if number > MAX_RECORDS:
                raise self._refuse(UnreadableReason.OVERSIZED_XML)
            yield from ready
            if self._has_ended:
                return
            self._feed()

    def sha256(self) -> str:
        """Return the digest of what was read, which is the same in a zip and out of it."""
        return self._digest.hexdigest()

    def _set_up(self, encoding: str | None) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        return parser

    def _feed(self) -> None:
        chunk = self._file.read(_CHUNK)
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            raise _fault(error) from None
        self._digest.update(chunk)
        self._fed += len(chunk)
        self._has_ended = not chunk
        if self._fed - self._parser.CurrentByteIndex > MAX_TAG:
            raise self._refuse(UnreadableReason.OVERSIZED_XML)

    def _refuse(self, reason: UnreadableReason) -> Unreadable:
        return Unreadable(reason, line=self._parser.CurrentLineNumber)

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is None or self._is_utf8:
            return
        if _python_name(encoding) not in _ENCODINGS:
            raise self._refuse(UnreadableReason.UNKNOWN_ENCODING)
        self.encoding = encoding

    def _doctype(self, name: str, *_ids: object) -> None:
        is_page = name.lower() == "html"
        raise self._refuse(UnreadableReason.WEB_PAGE if is_page else UnreadableReason.XML_ENTITIES)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._above) + len(self._open) >= MAX_DEPTH:
            raise self._refuse(UnreadableReason.OVERSIZED_XML)
        if not self._above:
            self._recognise(tag)
        elif self._open or "/".join((*self._above[1:], tag)) in self._wanted:
            self._enter(Element(tag, attributes, self._parser.CurrentLineNumber))
            return
        self._above.append(tag)

    def _recognise(self, root: str) -> None:
        wanted = self._shelves(root)
        if wanted is None:
            raise self._refuse(UnreadableReason.XML)
        self.root, self._wanted = root, wanted

    def _enter(self, element: Element) -> None:
        self._parts = self._parts + 1 if self._open else 0
        if self._parts > MAX_PARTS:
            raise self._refuse(UnreadableReason.OVERSIZED_XML)
        if self._open:
            self._open[-1].parts.append(element)
        self._open.append(element)
        self._forget_text()

    def _end(self, _tag: str) -> None:
        if not self._open:
            self._above.pop()
            return
        element = self._open.pop()
        element.text = "".join(self._text)
        self._forget_text()
        if not self._open:
            self._ready.append(element)

    def _data(self, data: str) -> None:
        if not self._open:
            return
        self._length += len(data)
        if self._length > MAX_TEXT:
            raise self._refuse(UnreadableReason.OVERSIZED_XML)
        self._text.append(data)

    def _forget_text(self) -> None:
        if self._text:
            self._text = []
            self._length = 0


def _fault(error: expat.ExpatError) -> Unreadable:
    is_cut = error.code in _CUT_SHORT
    reason = UnreadableReason.TRUNCATED_XML if is_cut else UnreadableReason.ILL_FORMED_XML
    return Unreadable(reason, line=error.lineno)


def _python_name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, UnicodeError):
        return ""


def _is_utf8(file: Bytes) -> bool:
    """Tell a file that an editor has saved in UTF-8, whatever its first line still declares.

    Read as it declares, `Hélène` would go in as `HÃ©lÃ¨ne` without a word. The accents of
    another encoding are no UTF-8: most often the first of them ends the search.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_ascii = True
    try:
        while chunk := file.read(_CHUNK):
            is_ascii = is_ascii and chunk.isascii()
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return not is_ascii
