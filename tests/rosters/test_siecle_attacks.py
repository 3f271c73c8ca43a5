"""Hostile XML and archives: refused with a reason, in little time and memory."""

import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.read import read_data
from educonnect_admin.rosters.siecle import exports, streaming
from tests.rosters.files import TODAY
from tests.rosters.siecle import eleve, in_class, pupils, zipped

PUPILS = pupils(eleve(), structures=in_class("101", "6A"))


def refused(data: bytes) -> tuple[str, int | None]:
    """Why a file is refused, and on which line."""
    with pytest.raises(UnreadableFile) as caught:
        read_data(Path("any.xml"), data, today=TODAY)
    return caught.value.reason, caught.value.line


def with_doctype(declaration: str) -> bytes:
    """A good file with a declaration before its root."""
    return PUPILS.replace(b"<BEE_ELEVES", f"{declaration}\n<BEE_ELEVES".encode())


LAUGHS = '<!DOCTYPE BEE_ELEVES [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
)


@pytest.mark.parametrize(
    "declaration",
    [
        f"{LAUGHS}]>",
        '<!DOCTYPE BEE_ELEVES [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE BEE_ELEVES SYSTEM "http://example.invalid/x.dtd">',
        '<!DOCTYPE BEE_ELEVES [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>',
        "<!DOCTYPE BEE_ELEVES>",
    ],
)
def test_declarations_are_refused_before_they_declare(declaration: str) -> None:
    """Laughs by the thousand million, files of the machine, addresses: SIECLE writes no DTD."""
    assert refused(with_doctype(declaration)) == ("xml_entities", 2)


def test_a_web_page_is_called_one() -> None:
    """The page of an expired session, even as XML."""
    page = b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "x">\n<html/>'
    assert refused(page)[0] == "web_page"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (PUPILS[: PUPILS.index(b"</ELEVES>")], "truncated_xml"),
        (PUPILS[:60], "truncated_xml"),
        (PUPILS[: PUPILS.index(b"<PRENOM>") + 4], "truncated_xml"),
        (PUPILS.replace(b"</PRENOM>", b"</NOM>"), "ill_formed_xml"),
        (PUPILS + b"<a/>", "ill_formed_xml"),
        (PUPILS.replace(b"Alice", b"&amie;"), "ill_formed_xml"),
        (PUPILS.replace(b"Alice", b"A\0lice"), "ill_formed_xml"),
        (PUPILS.replace(b"Alice", b"A & B"), "ill_formed_xml"),
        (PUPILS.replace(b"ISO-8859-15", b"EBCDIC-CP-FR"), "unknown_encoding"),
        (PUPILS.replace(b"ISO-8859-15", b"rot13"), "unknown_encoding"),
        (PUPILS.replace(b"ISO-8859-15", b"undefined"), "unknown_encoding"),
        (PUPILS.replace(b"ISO-8859-15", b"UTF-16"), "ill_formed_xml"),
        (PUPILS.replace(b"ISO-8859-15", b"UTF-8").replace(b"Alice", b"\xc9l\xe8ve"),
         "ill_formed_xml"),
        (b"<?xml version='1.0'?>\n<liste><eleve/></liste>", "xml"),
        (b"<?xml version='1.0'?>", "truncated_xml"),
    ],
)  # fmt: skip
def test_damaged_files_are_told_by_what_is_wrong_and_where(bad: bytes, reason: str) -> None:
    """Cut short, spoilt by hand, in no known encoding, of another origin; with the line."""
    found, line = refused(bad)
    assert (found, bool(line)) == (reason, True)


def _long(size: int) -> bytes:
    return b"x" * size


@pytest.mark.parametrize(
    "bad",
    [
        PUPILS.replace(b"Alice", _long(streaming.MAX_TEXT + 1)),
        PUPILS.replace(b"Alice", b"<!--" + _long(2 * streaming.MAX_TAG) + b"-->"),
        PUPILS.replace(b'VERSION="3.0"', b'V="' + _long(2 * streaming.MAX_TAG) + b'"'),
        PUPILS.replace(b"<PRENOM>", b"<A>" * 40 + b"<PRENOM>"),
        PUPILS.replace(b"<ELEVES>", b"<A>" * 40 + b"<ELEVES>"),
        PUPILS.replace(b"<PRENOM>", b"<A/>" * (streaming.MAX_PARTS + 1) + b"<PRENOM>"),
    ],
)
def test_what_has_no_end_is_refused(bad: bytes) -> None:
    """A text, a comment, an attribute, a depth, a record."""
    assert refused(bad)[0] == "oversized_xml"


def test_too_many_records_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that does not end, even of next to nothing."""
    monkeypatch.setattr(streaming, "MAX_RECORDS", 1_000)
    assert refused(PUPILS.replace(b"<ELEVES>", b"<ELEVES>" + b"<ELEVE/>" * 1_001))[0] == (
        "oversized_xml"
    )


def test_a_bomb_in_an_archive_is_refused_before_it_opens() -> None:
    """By its ratio, by the sum of its sizes, by the number of its members."""
    assert refused(zipped({"a.xml": PUPILS + b" " * 40_000_000}))[0] == "zip_bomb"
    many = {f"{at}.xml": b"<?xml?>" for at in range(exports.MAX_MEMBERS + 1)}
    assert refused(zipped(many))[0] == "zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_damaged() -> None:
    """No more is unpacked than was declared."""
    data = zipped({"a.xml": PUPILS + b"\n" * 3_000_000})
    true = (len(PUPILS) + 3_000_000).to_bytes(4, "little")
    assert true in data
    assert refused(data.replace(true, (200).to_bytes(4, "little")))[0] in {
        "damaged_archive",
        "truncated_xml",
    }


def _flipped(data: bytes) -> bytes:
    at = len(data) // 3
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def _locked(data: bytes) -> bytes:
    """Say in both headers that the member is encrypted."""
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[local + 6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (lambda data: data[: len(data) // 2], {"damaged_archive"}),
        (_flipped, {"damaged_archive", "ill_formed_xml", "truncated_xml"}),
        (_locked, {"protected_archive"}),
    ],
)
def test_damaged_and_locked_archives(change: Callable[[bytes], bytes], reasons: set[str]) -> None:
    """Each its reason."""
    assert refused(change(zipped({"ElevesSansAdresses.xml": PUPILS})))[0] in reasons


def test_a_member_without_a_name_is_passed_over_by_nobody() -> None:
    """What no program writes is looked at like the rest: it is no export."""
    data = zipped({"a.xml": PUPILS, "z.csv": b"Nom;Prenom"}).replace(b"z.csv", b"\0.csv")
    assert refused(data)[0] == "zip_archive"


def test_a_packing_that_exports_never_use() -> None:
    """Only what every browser writes is unpacked."""
    assert refused(zipped({"a.xml": PUPILS}, zipfile.ZIP_BZIP2))[0] == "damaged_archive"


def _peak(data: bytes) -> int:
    """What reading takes beside the bytes themselves, in bytes."""
    tracemalloc.start()
    try:
        read_data(Path("any.zip"), data, today=TODAY)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_what_is_passed_over() -> None:
    """Two megabytes of options: only what is being read is held, and the one pupil."""
    inside = b"<OPTIONS_ELEVE><NUM_OPTION>1</NUM_OPTION></OPTIONS_ELEVE>"
    options = b"<OPTION ELEVE_ID='101'>" + inside + b"</OPTION>\n"
    long = PUPILS.replace(b"<STRUCTURES>", options * 20_000 + b"<STRUCTURES>")
    data = zipped({"a.xml": long}, zipfile.ZIP_STORED)
    assert len(data) > 1_800_000
    assert _peak(data) < 1_000_000
