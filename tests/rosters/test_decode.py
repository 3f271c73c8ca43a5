"""Bytes to text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.rosters.decode import decode
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from tests.rosters.files import SAMPLES

HEAD = "Nom élève;Prénom élève;Date naissance"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
        ("mac_roman", "mac_roman"),
        ("cp850", "cp850"),
    ],
)
def test_the_headings_come_out_the_same_in_every_encoding(encoding: str, found: str) -> None:
    """Whatever wrote the file, `élève` is read as `élève`, and the encoding is told."""
    assert decode(f"{HEAD}\nZOË".encode(encoding)) == (f"{HEAD}\nZOË", found)


def test_without_accents_in_the_headings_the_usual_encoding_is_assumed() -> None:
    """Nothing tells a lone `Š` from a console's `è`: cp1252, which every real export is in."""
    assert decode(b"Nom;Date naissance\n\x8aVEC")[0].endswith("ŠVEC")


def test_cp1252_gives_what_latin_1_lacks() -> None:
    """The ligature and the typographic apostrophe of cp1252 survive."""
    assert decode("élève\nŒUVRARD D’ANGELO".encode("cp1252"))[0].endswith("ŒUVRARD D’ANGELO")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_end_alike_whoever_wrote_them(end: str) -> None:
    """CRLF, CR and LF all become a line feed."""
    assert decode(f"a{end}b{end}".encode())[0] == "a\nb\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", UnreadableReason.EMPTY),
        (b"\xef\xbb\xbf", UnreadableReason.EMPTY),
        (b" \r\n \n", UnreadableReason.EMPTY),
        (b"a\0b", UnreadableReason.BINARY),
        (b"%PDF-1.4", UnreadableReason.PDF),
        (b"\n <!DOCTYPE html>", UnreadableReason.WEB_PAGE),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', UnreadableReason.XML),
        (b"{\\rtf1", UnreadableReason.WORD_DOCUMENT),
        (b"\x1f\x8b\x08", UnreadableReason.ZIP_ARCHIVE),
    ],
)
def test_what_is_no_text_is_refused_for_what_it_is(data: bytes, reason: UnreadableReason) -> None:
    """Each kind of file given by mistake has its own reason."""
    with pytest.raises(Unreadable) as caught:
        decode(data)
    assert caught.value.reason is reason


def test_bytes_of_no_known_encoding_are_refused_with_their_line() -> None:
    """A byte that cp1252 does not define stops the reading, and says where."""
    with pytest.raises(Unreadable) as caught:
        decode("élève\nb\nc".encode("cp1252") + b"\x81")
    assert (caught.value.reason, caught.value.line) == (UnreadableReason.UNKNOWN_ENCODING, 3)


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    """Nothing but a refusal comes out of any bytes; no carriage return is left in a text."""
    try:
        found, _ = decode(data)
    except Unreadable:
        return
    assert "\r" not in found
    assert found.strip()


def test_utf8_with_a_stray_byte_is_refused_with_its_line() -> None:
    """Read as cp1252 it would import `HÃ©lÃ¨ne` without a word."""
    with pytest.raises(Unreadable) as caught:
        decode(f"{HEAD}\nHÉLÈNE;Zoé\n".encode() + b"DUPR\xc9;L\xe9a\n")
    assert (caught.value.reason, caught.value.line) == (UnreadableReason.UNKNOWN_ENCODING, 3)


@pytest.mark.parametrize("name", ["CŒUR", "Lœtitia", "Œuvrard", "LE CROŸ"])
def test_iso_8859_15_is_told_by_its_ligatures(name: str) -> None:
    """The three letters that it has and Latin-1 has not would be `½` and its like in cp1252."""
    content = f"Nom élève;Prénom élève\n{name};Zoé"
    assert decode(content.encode("iso-8859-15")) == (content, "iso-8859-15")


@pytest.mark.parametrize("text", ["12 ½ rue du Moulin", "1½", "L´HOSTIS", "¼ de part", "½–¾ A’s"])
def test_a_fraction_is_no_ligature(text: str) -> None:
    """Nor is the accent that some type for an apostrophe: cp1252, as ever."""
    content = f"Nom élève;Adresse\nZoé;{text}"
    assert decode(content.encode("cp1252")) == (content, "cp1252")


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("head", [HEAD, "Nom;Prenom;Date naissance"])
def test_names_in_cp1252_are_never_taken_for_utf8(encoding: str, head: str) -> None:
    """However many accents, side by side or not."""
    names = "Élodie Ïñigo Œuvrard\n«ÉCOLE ABBÉ»\nCAFÉ’S\nJOÃO\nŸÄÖÜ\nÂÉ\n"
    decode(f"{head}\n{names}".encode(encoding, "ignore"))


@pytest.mark.parametrize(
    "path", sorted((SAMPLES / "ecole-charlemagne").glob("*.csv")), ids=lambda path: path.name
)
def test_real_looking_cp1252_stays_cp1252(path: Path) -> None:
    """Whole files of the samples."""
    assert decode(path.read_bytes())[1] == "cp1252"


def test_a_cell_that_reads_like_a_heading_elsewhere_decides_nothing() -> None:
    """`œa’` of cp1252 is `úaí` in Mac Roman, and UAI is a heading."""
    content = f"{HEAD}\nœa’"
    assert decode(content.encode("cp1252")) == (content, "cp1252")


@given(st.text("ÀÂÇÉÈÊËÎÏÔŒÙÛÜŸÑàâçéèêëîïôœùûüÿñ ’-abz\n", max_size=200))
def test_french_in_cp1252_comes_out_as_it_went_in(names: str) -> None:
    """Any letters of French, under any headings of a real export."""
    content = f"{HEAD}\n{names}"
    assert decode(content.encode("cp1252")) == (content, "cp1252")
