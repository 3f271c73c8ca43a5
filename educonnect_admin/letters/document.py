"""A PDF file under construction: numbered objects in, bytes out.

Written here rather than by a PDF library because a letter is thirty short strings: at that
size a library's bookkeeping costs several times the work itself, and the page tree below
(one shared stream for what all letters say, one small stream a page) is its whole need.
"""

import hashlib
import zlib
from collections.abc import Iterable

from educonnect_admin.letters.protection import FileLock

A4 = (595.28, 841.89)
MM = 72 / 25.4


class Document:
    """Objects of a PDF 1.7 file, in the order of their numbers; the same input, the same bytes.

    Save in a file that is locked: there every string and stream begins with chance.
    """

    def __init__(self, lock: FileLock | None = None) -> None:
        self._bodies: list[bytes] = []
        self._lock = lock

    @property
    def extensions(self) -> bytes:
        """What the catalogue says of a file that a reader of PDF 1.7 alone can't open."""
        return b"/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>" if self._lock else b""

    def string(self, data: bytes) -> bytes:
        """Return a PDF string of some bytes without brackets or slashes in them."""
        if self._lock is None:
            return b"(%b)" % data
        return b"<%b>" % self._lock.close(data).hex().upper().encode()

    def text(self, text: str) -> bytes:
        """Return a text (title, bookmark) as a PDF string of UTF-16."""
        data = b"\xfe\xff" + text.encode("utf-16-be")
        closed = data if self._lock is None else self._lock.close(data)
        return b"<%b>" % closed.hex().upper().encode()

    def reserve(self) -> int:
        """Return the number of an object to be filled in later by `fill`."""
        self._bodies.append(b"")
        return len(self._bodies)

    def fill(self, number: int, body: bytes) -> None:
        """Give a reserved object its body."""
        self._bodies[number - 1] = body

    def add(self, body: bytes) -> int:
        """Append an object and return its number."""
        self._bodies.append(body)
        return len(self._bodies)

    def add_packed(self, packed: bytes, entries: bytes = b"") -> int:
        """Append a stream whose data is compressed already, with further dictionary entries."""
        if self._lock is not None:
            packed = self._lock.close(packed)
        return self.add(
            b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream"
            % (entries, len(packed), packed)
        )

    def add_stream(self, data: bytes, level: int = 6) -> int:
        """Append a stream, compressing its data."""
        return self.add_packed(zlib.compress(data, level))

    def finish(self, root: int, info: int, seed: str) -> bytes:
        """Return the file.

        Args:
            root: the number of the catalogue.
            info: the number of the information dictionary.
            seed: what the file identifier is derived from; no name, no secret.
        """
        chunks = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        offsets, position = [], len(chunks[0])
        for number, body in enumerate(self._bodies, 1):
            chunk = b"%d 0 obj\n%b\nendobj\n" % (number, body)
            offsets.append(position)
            position += len(chunk)
            chunks.append(chunk)
        lock = b"" if self._lock is None else b"/Encrypt" + self._lock.entry
        chunks.append(_trailer(offsets, position, (root, info), seed, lock))
        return b"".join(chunks)


def _trailer(
    offsets: list[int], position: int, roots: tuple[int, int], seed: str, lock: bytes
) -> bytes:
    size = len(offsets) + 1
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    name = hashlib.sha256(seed.encode()).hexdigest()[:32].encode()
    return (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n"
        b"<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]%b>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, *roots, name, name, lock, position)
    )


def add_page_tree(document: Document, tree: int, pages: Iterable[int], resources: bytes) -> None:
    """Fill in the node that holds every page, their size and their fonts."""
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    document.fill(
        tree,
        b"<</Type/Pages/Count %d/MediaBox[0 0 %.2f %.2f]/Resources<<%b>>/Kids[%b]>>"
        % (kids.count(b"R"), *A4, resources, kids),
    )


def add_outline(document: Document, heading: str, entries: list[tuple[str, int]]) -> int:
    """Append bookmarks: a heading (the class) and under it one entry a page, in order.

    Args:
        document: the file.
        heading: the text of the top entry, leading to the first page.
        entries: text and page number of each entry below; not empty.
    """
    count = len(entries)
    outline = document.reserve()
    top = document.reserve()
    document.fill(outline, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>"
                  % (top, top, count + 1))  # fmt: skip
    document.fill(
        top,
        b"<</Title %b/Parent %d 0 R/Dest[%d 0 R/Fit]/First %d 0 R/Last %d 0 R/Count %d>>"
        % (document.text(heading), outline, entries[0][1], top + 1, top + count, count),
    )
    for place, (text, page) in enumerate(entries):
        before = b"/Prev %d 0 R" % (top + place) if place else b""
        after = b"/Next %d 0 R" % (top + place + 2) if place + 1 < count else b""
        document.add(
            b"<</Title %b/Parent %d 0 R/Dest[%d 0 R/Fit]%b%b>>"
            % (document.text(text), top, page, before, after)
        )
    return outline


def add_information(document: Document, title: str, day: str) -> int:
    """Append the information dictionary: title and day of making (YYYYMMDD), no person."""
    return document.add(
        b"<</Title %b/Producer%b/CreationDate%b>>"
        % (
            document.text(title),
            document.string(b"educonnect-admin"),
            document.string(b"D:" + day.encode()),
        )
    )


def add_catalogue(document: Document, root: int, tree: int, outline: int | None) -> None:
    """Fill in the root: language, bookmarks, and how a viewer should print.

    Real size, or the address leaves the window; one side, or two families share a sheet.
    """
    marks = b"/PageMode/UseOutlines/Outlines %d 0 R" % outline if outline else b""
    document.fill(
        root,
        b"<</Type/Catalog/Pages %d 0 R/Lang%b%b%b/ViewerPreferences"
        b"<</DisplayDocTitle true/PrintScaling/None/Duplex/Simplex>>>>"
        % (tree, document.string(b"fr-FR"), marks, document.extensions),
    )
