"""Blocks into lines: measured, shrunk, wrapped, never cut.

Lengths are points; within a galley y grows downwards from its top edge.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from educonnect_admin.domain.errors import TextOverflow
from educonnect_admin.letters.fonts import BOLD, TEXT, face
from educonnect_admin.letters.markup import NO_BREAK, Block, Role, Span

# A break for want of a space: after a hyphen, a slash, a dot … inside a long name or address.
_PIECES = re.compile(r"[^-/.@’']*[-/.@’']+|[^-/.@’']+")


class Run(NamedTuple):
    """A text of one face and size; x from the left edge of the galley, y of its baseline."""

    x: float
    y: float
    face: str
    size: float
    text: str
    ink: str

    def __repr__(self) -> str:
        # Names and the password itself pass through here.
        return f"Run(x={self.x}, y={self.y}, face={self.face!r})"


class Galley(NamedTuple):
    """Lines ready to be placed."""

    runs: tuple[Run, ...]
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a part is set.

    Attributes:
        size: the size of text.
        leading: from one baseline to the next.
        heading: the size of headings, whose ink is `heading_ink`.
        floor: how small a line may become before it wraps; the size itself for prose,
            which wraps at once.
        gap: the space between two blocks.
        indent: the room for the marker of a list item or step.
        bullet: the marker of list items.
    """

    size: float
    leading: float
    heading: float
    floor: float
    ink: str
    heading_ink: str
    gap: float = 0.0
    indent: float = 11.0
    bullet: str = "•"

    def smaller(self, share: float) -> "Style":
        """Return the same style reduced."""
        if share == 1.0:
            return self
        return replace(
            self,
            size=self.size * share,
            leading=self.leading * share,
            heading=self.heading * share,
            gap=self.gap * share,
        )


def set_blocks(blocks: Sequence[Block], style: Style, width: float, place: str) -> Galley:
    """Set the blocks of a part under one another.

    Raises:
        MissingGlyph: the typeface can't print a text.
        TextOverflow: a single word is wider than the column, even at the floor.
    """
    runs: list[Run] = []
    y = 0.0
    for block in blocks:
        if runs:
            y += style.gap
        y = _set_block(block, style, (width, place), y, runs)
    return Galley(tuple(runs), y)


def _set_block(
    block: Block, style: Style, column: tuple[float, str], y: float, runs: list[Run]
) -> float:
    """Append the runs of a block whose top is at y; return the y of its foot."""
    width, place = column
    heading = block.role is Role.HEADING
    full, ink = (style.heading, style.heading_ink) if heading else (style.size, style.ink)
    indent = style.indent if block.role in _MARKED else 0.0
    # A heading shrinks as much as the text of its part may.
    floor = full * style.floor / style.size
    size, lines = fit(block.spans, (full, floor), width - indent, place)
    leading = style.leading * (full if len(lines) == 1 else size) / style.size
    if indent:
        marker = block.marker or style.bullet
        runs.append(Run(0.0, y + leading * 0.73, BOLD, size, marker, style.heading_ink))
    for line in lines:
        y += leading
        x = indent
        for key, text in line:
            runs.append(Run(x, y - leading * 0.27, key, size, text, ink))
            if len(line) > 1:
                x += face(key).width(text, size)
    return y


_MARKED = (Role.ITEM, Role.STEP)
Line = list[tuple[str, str]]


def fit(
    spans: Iterable[Span], sizes: tuple[float, float], width: float, place: str
) -> tuple[float, list[Line]]:
    """Return the size and the lines of a text: on one line if shrinking allows, else wrapped.

    Args:
        spans: the text.
        sizes: the wanted size and the floor.
        width: the room.
        place: what an error names.

    Raises:
        MissingGlyph, TextOverflow: see `set_blocks`.
    """
    full, floor = sizes
    pieces = [(BOLD if bold else TEXT, text) for text, bold in spans]
    natural = 0.0
    for key, text in pieces:
        typeface = face(key)
        typeface.require(text, place)
        natural += typeface.width(text, 1.0)
    if natural * full <= width:
        return full, [_shown(pieces)]
    shrunk = int(width / natural * 20) / 20
    if shrunk >= floor:
        return shrunk, [_shown(pieces)]
    lines = _wrap(pieces, floor, width, place)
    return _enlarge(pieces, (full, floor), width, lines)


def _enlarge(
    pieces: Line, sizes: tuple[float, float], width: float, lines: list[Line]
) -> tuple[float, list[Line]]:
    """Once a text must wrap, set it as large as the same number of lines allows."""
    full, floor = sizes
    for size in (full, (full + floor) / 2):
        if size > floor:
            with suppress(TextOverflow):
                larger = _wrap(pieces, size, width, "")
                if len(larger) == len(lines):
                    return size, [_shown(line) for line in larger]
    return floor, [_shown(line) for line in lines]


def _shown(line: Line) -> Line:
    """Join neighbours of one face; a space that must not break is printed as a space."""
    joined: Line = []
    for key, text in line:
        if joined and joined[-1][0] == key:
            text = joined.pop()[1] + text  # noqa: PLW2901 - grown, then put back
        joined.append((key, text.replace(NO_BREAK, " ")))
    return joined


def _wrap(pieces: Line, size: float, width: float, place: str) -> list[Line]:
    """Fill lines greedily with words; a word too wide alone is broken at a sign inside."""
    lines: list[Line] = [[]]
    room = width
    for word, spaced in _words(pieces):
        space = face(word[0][0]).width(" ", size) if spaced and lines[-1] else 0.0
        need = _width(word, size)
        if space + need <= room:
            lines[-1] += _after_space(word) if space else word
            room -= space + need
            continue
        for part in [word] if need <= width else _break(word, size, width, place):
            if lines[-1]:
                lines.append([])
            lines[-1] += part
            room = width - _width(part, size)
    return lines


def _after_space(word: Line) -> Line:
    (key, text), *rest = word
    return [(key, " " + text), *rest]


def _width(word: Line, size: float) -> float:
    return sum(face(key).width(text, size) for key, text in word)


def _words(pieces: Line) -> list[tuple[Line, bool]]:
    """Return each word, maybe of two weights, and whether a space stands before it."""
    words: list[tuple[Line, bool]] = []
    glued = False
    for key, text in pieces:
        for at, chunk in enumerate(text.split(" ")):
            if at or not words:
                glued = False
            if not chunk:
                continue
            if glued:
                words[-1][0].append((key, chunk))
            else:
                words.append(([(key, chunk)], bool(words)))
            glued = True
    return words


def _break(word: Line, size: float, width: float, place: str) -> list[Line]:
    """Break a word after its hyphens and the like.

    Raises:
        TextOverflow: a piece is still too wide.
    """
    lines: list[Line] = [[]]
    for key, text in word:
        for piece in _PIECES.findall(text):
            if _width([*lines[-1], (key, piece)], size) > width:
                lines.append([])
            lines[-1].append((key, piece))
            if _width([(key, piece)], size) > width:
                raise TextOverflow(place)
    return [line for line in lines if line]
