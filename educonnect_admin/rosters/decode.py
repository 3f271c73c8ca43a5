"""Bytes to text: which encoding a file is in, and what is no text at all.

Every real export seen was in cp1252, yet files come back from spreadsheets in UTF-8, from
old Macs in Mac Roman, from a console in cp850. A single byte means another letter in each,
so the headings decide: `élève` must come out as `élève`.
"""

import codecs
import re

from educonnect_admin.rosters.headings import heading_score
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ONE_BYTE = ("cp1252", "mac_roman", "cp850")
_CELL_EDGE = re.compile(r"[;,\t\r\n]")
_HEAD = 4096
# The letters, quotes and dashes of Europe in UTF-8. In a one-byte encoding the same bytes
# are `Ã©`, `Å“`, `â€™`, which nobody types.
_UTF8_SIGN = re.compile(rb"[\xc2-\xc5][\x80-\xbf]|\xe2[\x80-\xbf]{2}")
_ASCII = bytes(range(128))
# `Œ`, `œ` and `Ÿ` of ISO-8859-15 are `¼`, `½` and `¾` in cp1252: nobody writes `C½ur`.
_LATIN_9 = re.compile(r"[^\W\d_][¼½¾]|[¼½¾][^\W\d_]")
_CONTROLS = re.compile(rb"[\x80-\x9f]")

# What the first bytes say, before any text is looked for.
_SIGNATURES = (
    (b"%PDF", UnreadableReason.PDF),
    (b"<!DOCTYPE", UnreadableReason.WEB_PAGE),
    (b"<!doctype", UnreadableReason.WEB_PAGE),
    (b"<html", UnreadableReason.WEB_PAGE),
    (b"<HTML", UnreadableReason.WEB_PAGE),
    (b"<?xml", UnreadableReason.XML),
    (b"{\\rtf", UnreadableReason.WORD_DOCUMENT),
    (b"Rar!", UnreadableReason.ZIP_ARCHIVE),
    (b"7z\xbc\xaf", UnreadableReason.ZIP_ARCHIVE),
    (b"\x1f\x8b", UnreadableReason.ZIP_ARCHIVE),
)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of the encoding it was found to be in.

    Lines end with a bare line feed in what is returned, whatever they ended with.

    Raises:
        Unreadable: EMPTY, BINARY, UNKNOWN_ENCODING (with the line), or the kind of file
            that was given by mistake.
    """
    _refuse_other_kinds(data)
    text, encoding = _decode_marked(data) or _decode_unmarked(data)
    if "\0" in text:
        raise Unreadable(UnreadableReason.BINARY)
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if not text.strip():
        raise Unreadable(UnreadableReason.EMPTY)
    return text, encoding


def _refuse_other_kinds(data: bytes) -> None:
    start = data[:64].removeprefix(codecs.BOM_UTF8).lstrip()
    for signature, reason in _SIGNATURES:
        if start.startswith(signature):
            raise Unreadable(reason)


def _decode_marked(data: bytes) -> tuple[str, str] | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding), encoding
    return None


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(UnreadableReason.UNKNOWN_ENCODING, line=line) from None


def _decode_unmarked(data: bytes) -> tuple[str, str]:
    if b"\0" in data:
        raise Unreadable(UnreadableReason.BINARY)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if _is_spoilt_utf8(data):
            return _strict(data, "utf-8"), "utf-8"
        encoding = _one_byte_encoding(data)
        return _strict(data, encoding), encoding


def _is_spoilt_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a stray byte, which cp1252 would read as `HÃ©lÃ¨ne` without a word."""
    strays = _UTF8_SIGN.sub(b"", data).translate(None, _ASCII)
    return 2 * len(strays) < len(data.translate(None, _ASCII))


def _one_byte_encoding(data: bytes) -> str:
    """Return the encoding in which most headings are known; cp1252 when none is better."""
    head = data[:_HEAD]
    best = max(_ONE_BYTE, key=lambda encoding: _known_headings(head.decode(encoding, "replace")))
    return "iso-8859-15" if best == _ONE_BYTE[0] and _is_latin_9(data) else best


def _is_latin_9(data: bytes) -> bool:
    """Tell ISO-8859-15, in which SIECLE exports: no sign of cp1252's own, and a ligature."""
    return not _CONTROLS.search(data) and bool(_LATIN_9.search(data.decode("cp1252", "replace")))


def _known_headings(text: str) -> int:
    """Return how many headings the best line has: a cell below is nobody's heading by chance."""
    return max((heading_score(_CELL_EDGE.split(line)) for line in text.splitlines()), default=0)
