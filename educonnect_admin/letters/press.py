"""The press: letters and slips of a class as PDF bytes (R-10 to R-15).

What all letters of a batch say is set, drawn and compressed once; a page then costs its own
few strings. Nothing here knows a file, a clock or chance: same content, same bytes.
"""

from collections.abc import Sequence
from copy import copy
from pathlib import Path

from educonnect_admin.letters import ink
from educonnect_admin.letters.batch import (
    Batch,
    Own,
    Shared,
    Values,
    fit_identifier,
    no_signs,
    note,
)
from educonnect_admin.letters.content import BatchHeading, LetterContent, SlipLine
from educonnect_admin.letters.document import (
    Document,
    add_catalogue,
    add_information,
    add_outline,
    add_page_tree,
)
from educonnect_admin.letters.embedding import embed
from educonnect_admin.letters.protection import Protection
from educonnect_admin.letters.slip import slip_pages
from educonnect_admin.letters.templates import LETTER_PARTS, Templates
from educonnect_admin.letters.variables import of_batch

_PAGE_LEVEL = 1
"""Compressing a page harder saves few bytes and costs more than drawing it."""

_KEPT = 32
_CHECKED = 2000
"""How many letters may wait between their check and their page; others are set again."""


class LetterPress:
    """Templates and typefaces, ready; made once a process, it may serve several threads."""

    def __init__(self, overrides: Path | None = None, *, specimen: bool = False) -> None:
        """Read our templates, those of an office before them.

        Args:
            overrides: the office's folder of templates.
            specimen: whether every letter bears the mark of a specimen.

        Raises:
            BadTemplate: a part of the letter can't be used.
        """
        self._templates = Templates(overrides)
        self._parts = {name: self._templates.part(f"activation/{name}.j2") for name in LETTER_PARTS}
        fixed = [part.uses for part in self._parts.values() if not part.varies]
        self._said_once = frozenset({"portal_url"}.union(*fixed))
        self._mark = self._line("specimen/mark.j2", {}) if specimen else ""
        self._batches: dict[tuple[object, ...], Batch] = {}
        self._headings: dict[BatchHeading, tuple[Batch, Values]] = {}
        self._checked: dict[tuple[BatchHeading, LetterContent], tuple[Shared, Own]] = {}
        self.protection: Protection | None = None

    def protected(self, protection: Protection | None) -> "LetterPress":
        """Return this press, what it has worked out included, closing each file it makes."""
        press = copy(self)
        press.protection = protection
        return press

    @property
    def is_protected(self) -> bool:
        """Whether files are closed with a passphrase."""
        return self.protection is not None

    def _new_document(self) -> Document:
        return Document(None if self.protection is None else self.protection.new_lock())

    def check(self, heading: BatchHeading, letter: LetterContent) -> None:
        """Make sure that a letter can be printed, before any password is drawn for it.

        Raises:
            TextOverflow, MissingGlyph: `place` is the part of the letter.
            BadTemplate: an office's template fails on this letter.
        """
        batch, values = self._batch(heading)
        shared, own = batch.compose(values, letter)
        fit_identifier(letter.identifier, shared.plan.values[0][0])
        if len(self._checked) >= _CHECKED:
            self._checked.clear()
        self._checked[heading, letter] = shared, own

    def letters(self, heading: BatchHeading, letters: Sequence[tuple[LetterContent, str]]) -> bytes:
        """Return the PDF of a class: a page a letter, in the given order, with bookmarks.

        Args:
            heading: what the letters share.
            letters: each with its temporary password in clear; not empty.

        Raises:
            TextOverflow, MissingGlyph, BadTemplate: see `check`.
        """
        batch, values = self._batch(heading)
        document = self._new_document()
        root, tree = document.reserve(), document.reserve()
        used = no_signs()
        streams: dict[tuple[bytes, bytes], tuple[int, int]] = {}
        marks = []
        for letter, password in letters:
            checked = self._checked.pop((heading, letter), None)
            shared, own = checked or batch.compose(values, letter)
            # By content: another thread may have worked out the same plan meanwhile.
            common = (shared.head, shared.tail)
            if common not in streams:
                streams[common] = (
                    document.add_packed(shared.head),
                    document.add_packed(shared.tail),
                )
                for key, signs in shared.used.items():
                    used[key] |= signs
            content = batch.page(shared, own, letter, password, used)
            stream = document.add_stream(content, _PAGE_LEVEL)
            head, tail = streams[common]
            page = document.add(
                b"<</Type/Page/Parent %d 0 R/Contents[%d 0 R %d 0 R %d 0 R]>>"
                % (tree, head, stream, tail)
            )
            marks.append((letter.carrier.name, page))
        add_page_tree(document, tree, [page for _, page in marks], embed(document, used))
        outline = add_outline(document, heading.class_label or heading.school.name, marks)
        add_catalogue(document, root, tree, outline)
        return self._finish(document, root, "activation/document.j2", heading)

    def slip(self, heading: BatchHeading, lines: Sequence[SlipLine]) -> bytes:
        """Return the slip of a class: who takes which letter home, with a box to tick.

        Raises:
            TextOverflow, MissingGlyph: `place` is a part of the slip.
            BadTemplate: an office's template can't be used.
        """
        document = self._new_document()
        root, tree = document.reserve(), document.reserve()
        used = no_signs()
        pages = []
        for drawing, runs in slip_pages(self._templates, of_batch(heading), lines):
            note(runs, used)
            content = (drawing + ink.show(runs, 0, 0)).encode("ascii")
            stream = document.add_stream(content)
            pages.append(
                document.add(b"<</Type/Page/Parent %d 0 R/Contents %d 0 R>>" % (tree, stream))
            )
        add_page_tree(document, tree, pages, embed(document, used))
        add_catalogue(document, root, tree, None)
        return self._finish(document, root, "slip/document.j2", heading)

    def _finish(self, document: Document, root: int, title: str, heading: BatchHeading) -> bytes:
        """Close a file whose title is that of a template; no person in it (R-66)."""
        text = self._line(title, of_batch(heading))
        day = heading.created_on.strftime("%Y%m%d")
        information = add_information(document, text, day)
        return document.finish(root, information, f"{text} {day}")

    def _line(self, part: str, values: Values) -> str:
        """Return a part as one line of plain text."""
        blocks = self._templates.part(part).blocks(values)
        return " ".join(span.text for block in blocks for span in block.spans)

    def _batch(self, heading: BatchHeading) -> tuple[Batch, Values]:
        """Return the batch of a heading; classes whose letters say the same share it."""
        known = self._headings.get(heading)
        if known is None:
            values = of_batch(heading)
            key = tuple(values.get(name) for name in sorted(self._said_once))
            # Batches are printed one after the other: what is long past may go.
            if len(self._headings) >= _KEPT:
                self._headings.clear()
                self._batches.clear()
            if key not in self._batches:
                self._batches[key] = Batch(self._parts, values, heading.portal_url, self._mark)
            known = self._headings[heading] = (self._batches[key], values)
        return known
