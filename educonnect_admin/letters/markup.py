"""The small markup of the templates: lines of text into blocks that know their role.

One line of a template is one block. `# ` starts a heading, `- ` an item of a list, `1. ` a
numbered step, anything else is a paragraph; `**…**` is bold; empty lines do not count. What
a variable brings is text and nothing else, whatever its characters: it arrives between two
marks that no name can hold.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

OPEN, CLOSE = "\ue000", "\ue001"
IDENTIFIER, PASSWORD = "\ue002", "\ue003"
_MARKS = (OPEN, CLOSE, IDENTIFIER, PASSWORD)
_STRIP = {ord(mark): None for mark in _MARKS}

_SPLIT = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}|(\\*\\*)")
_NUMBERED = re.compile(r"(\d{1,2}\.) ")
_TIGHT_BEFORE = re.compile(" (?=[:;!?»])|(?<=«) ")
NO_BREAK = "\N{NO-BREAK SPACE}"


class Role(StrEnum):
    """What a block is on the page; a tagged PDF names its parts by it."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    STEP = "step"
    FIELD = "field"


class Span(NamedTuple):
    """A stretch of text of one weight."""

    text: str
    bold: bool

    def __repr__(self) -> str:
        return f"Span(bold={self.bold})"


class Block(NamedTuple):
    """One line of a template.

    Attributes:
        role: what it is.
        spans: its text.
        marker: the number of a step, or which value (`IDENTIFIER`, `PASSWORD`) a field has.
    """

    role: Role
    spans: tuple[Span, ...]
    marker: str = ""


def shield(value: object) -> str:
    """Return a variable's value as text between marks, on one line, composed (NFC).

    Jinja calls this for every `{{ … }}`. The two marks of the credentials pass as they are.
    """
    if value is IDENTIFIER or value is PASSWORD:
        return str(value)
    text = "" if value is None else str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_STRIP)
    return f"{OPEN}{' '.join(text.split())}{CLOSE}"


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of a rendered part."""
    return tuple(_block(line) for line in map(str.strip, text.split("\n")) if line)


def _block(line: str) -> Block:
    if line.startswith("# "):
        return Block(Role.HEADING, _spans(line[2:], bold=True))
    if line.startswith("- "):
        return Block(Role.ITEM, _spans(line[2:]))
    if numbered := _NUMBERED.match(line):
        return Block(Role.STEP, _spans(line[numbered.end() :]), numbered[1])
    if line[-1] in (IDENTIFIER, PASSWORD):
        return Block(Role.FIELD, _spans(line[:-1]), line[-1])
    return Block(Role.PARAGRAPH, _spans(line))


def _spans(line: str, *, bold: bool = False) -> tuple[Span, ...]:
    """Split a line by weight; neighbours of one weight are joined."""
    if OPEN not in line and "**" not in line:
        return (Span(_typeset(line), bold),)
    spans: list[Span] = []
    heavy = bold
    # Three pieces a match: the words before, a value, the two stars (one of them None).
    pieces = _SPLIT.split(line)
    for at, piece in enumerate(pieces):
        if not piece:
            continue
        if at % 3 == 2:
            heavy = bold or not heavy
            continue
        text = piece if at % 3 == 1 else _typeset(piece)
        if spans and spans[-1].bold == heavy:
            text = spans.pop().text + text
        spans.append(Span(text, heavy))
    return tuple(spans)


@lru_cache(maxsize=1024)
def _typeset(words: str) -> str:
    """Keep French punctuation on the line of its word; words of templates, never a name."""
    return _TIGHT_BEFORE.sub(NO_BREAK, words)
