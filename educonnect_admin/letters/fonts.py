"""The typefaces of the letters: read once a process, measured, asked what they can print."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any

from reportlab.pdfbase.ttfonts import TTFontFile

from educonnect_admin.domain.errors import MissingGlyph
from educonnect_admin.letters.shipped import shipped

TEXT = "T"
BOLD = "B"
CODE = "C"

_FILES = {
    TEXT: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    CODE: "JetBrainsMono-SemiBold.ttf",
}


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One typeface.

    Attributes:
        key: its name inside our PDF files (`T`, `B`, `C`).
        signs: every character it can print.
        widths: the advance of each of them, in thousandths of the size.
    """

    key: str
    name: str
    signs: frozenset[str]
    widths: dict[str, float]
    source: Any
    lock: Lock = field(default_factory=Lock, repr=False)

    def width(self, text: str, size: float) -> float:
        """Return the width of a text in points; every sign must be in `signs`."""
        return sum(map(self.widths.__getitem__, text)) * size / 1000

    def require(self, text: str, place: str) -> None:
        """Refuse a text that the face can't print whole.

        Raises:
            MissingGlyph: with the characters missing; without this test a PDF would
                silently show empty boxes.
        """
        if not self.signs.issuperset(text):
            missing = "".join(sorted(set(text) - self.signs))
            raise MissingGlyph(place, missing)

    def subset(self, signs: Iterable[str]) -> bytes:
        """Return the TrueType program reduced to these signs, glyphs in their order."""
        # The reader keeps a position in its file: two threads must not move it at once.
        with self.lock:
            program: bytes = self.source.makeSubset([ord(sign) for sign in signs])
        return program


@cache
def face(key: str) -> Face:
    """Return a typeface, parsed at its first use in this process (6 ms)."""
    source = TTFontFile(str(shipped() / "fonts" / _FILES[key]))
    # Texts are written as UTF-16 code units: signs beyond the first plane stay out.
    codes = [code for code in source.charToGlyph if 0x20 <= code < 0xD800]
    return Face(
        key=key,
        name=source.name.decode("ascii"),
        signs=frozenset(map(chr, codes)),
        widths={chr(code): source.charWidths[code] for code in codes},
        source=source,
    )
