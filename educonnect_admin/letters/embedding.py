"""Typefaces inside a PDF file: only the signs it needs, prepared once and used by many files.

A text is written as its own UTF-16 code units (character identifier = code point); a map
carries each to its glyph. So a page is encoded before anybody knows which rare signs the
file will hold, and what all files have in common is compressed once a process.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from educonnect_admin.letters.document import Document
from educonnect_admin.letters.fonts import CODE, Face, face

_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
_FRENCH = frozenset(map(chr, range(0xA0, 0x100))) | frozenset("ŒœŸ–—‘’“”•…€")
LEVEL = 6


@dataclass(frozen=True, slots=True)
class _Program:
    """What a face brings into a file, compressed and formatted."""

    name: bytes
    font_file: bytes
    length: int
    glyph_map: bytes
    unicode_map: bytes
    widths: bytes


def embed(document: Document, used: dict[str, set[str]]) -> bytes:
    """Append the fonts of a file and return its `/Font` resources.

    Args:
        document: the file.
        used: for each face key, every sign the file shows in it.
    """
    entries = []
    for key, signs in sorted(used.items()):
        rare = frozenset(signs - common(key))
        entries.append(b"/%b %d 0 R" % (key.encode(), _add_font(document, face(key), rare)))
    return b"/Font<<%b>>" % b"".join(entries)


def common(key: str) -> frozenset[str]:
    """Return the signs that every file carries: identifiers need less than names."""
    return _ASCII if key == CODE else _ASCII | _FRENCH


def _add_font(document: Document, typeface: Face, rare: frozenset[str]) -> int:
    program = _program(typeface.key, rare)
    font_file = document.add_packed(program.font_file, b"/Length1 %d" % program.length)
    source = typeface.source
    box = b" ".join(b"%d" % edge for edge in source.bbox)
    descriptor = document.add(
        b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[%b]/ItalicAngle 0/Ascent %d"
        b"/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
        % (program.name, box, source.ascent, source.descent, source.capHeight, source.stemV,
           font_file)
    )  # fmt: skip
    glyph_map = document.add_packed(program.glyph_map)
    descendant = document.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry%b"
        b"/Ordering%b/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R/W[%b]>>"
        % (
            program.name,
            document.string(b"Adobe"),
            document.string(b"Identity"),
            descriptor,
            glyph_map,
            program.widths,
        )
    )
    unicode_map = document.add_packed(program.unicode_map)
    return document.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H"
        b"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>" % (program.name, descendant, unicode_map)
    )


# A handful of different sets of rare signs recur in a run: names of one school's families.
@lru_cache(maxsize=32)
def _program(key: str, rare: frozenset[str]) -> _Program:
    typeface = face(key)
    signs = sorted(common(key) & typeface.signs) + sorted(rare)
    font_file = typeface.subset(signs)
    tag = zlib.crc32("".join(signs).encode("utf-16-be"))
    letters = bytes(65 + tag // 26**place % 26 for place in range(6))
    return _Program(
        name=letters + b"+" + typeface.name.encode(),
        font_file=zlib.compress(font_file, LEVEL),
        length=len(font_file),
        glyph_map=zlib.compress(_glyph_map(typeface, signs), LEVEL),
        unicode_map=zlib.compress(_unicode_map(signs), LEVEL),
        widths=_width_array(typeface, signs),
    )


def _glyph_map(typeface: Face, signs: list[str]) -> bytes:
    """Return two bytes a code point: the glyph's number in the reduced font.

    Glyphs are numbered in the order they are asked for, a shape shared by two signs once.
    """
    numbers = {0: 0}
    glyphs = [0] * (max(map(ord, signs)) + 1)
    for sign in signs:
        original = typeface.source.charToGlyph[ord(sign)]
        glyphs[ord(sign)] = numbers.setdefault(original, len(numbers))
    return struct.pack(f">{len(glyphs)}H", *glyphs)


def _width_array(typeface: Face, signs: Iterable[str]) -> bytes:
    return b"".join(b"%d[%d]" % (ord(sign), typeface.widths[sign]) for sign in signs)


def _unicode_map(signs: list[str]) -> bytes:
    """Return the map from codes to text: each code is its own character.

    Ranges may not cross a multiple of 256 and a map holds 100 ranges a section.
    """
    codes = sorted(map(ord, signs))
    starts = [codes[0]] + [b for a, b in pairwise(codes) if b != a + 1 or b % 256 == 0]
    ends = [a for a, b in pairwise(codes) if b != a + 1 or b % 256 == 0] + [codes[-1]]
    ranges = [b"<%04X><%04X><%04X>" % (a, b, a) for a, b in zip(starts, ends, strict=True)]
    sections = [ranges[at : at + 100] for at in range(0, len(ranges), 100)]
    body = b"\n".join(
        b"%d beginbfrange\n%b\nendbfrange" % (len(section), b"\n".join(section))
        for section in sections
    )
    return (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        b"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
        + body
        + b"\nendcmap CMapName currentdict/CMap defineresource pop end end"
    )
