"""The typefaces shipped: what they hold, what their licences ask."""

import pytest

from educonnect_admin.domain.passwords import SIGNS
from educonnect_admin.letters.embedding import common
from educonnect_admin.letters.fonts import BOLD, CODE, TEXT, face
from educonnect_admin.letters.shipped import shipped

LATIN = {chr(code) for code in range(0xC0, 0x180)} - set("×÷")
VIETNAMESE = {chr(code) for code in range(0x1EA0, 0x1EFA)} | set("ĂăƠơƯưĐđ")
ROMANIAN_AND_TURKISH = set("ȘșȚțĞğİıŞş")
GREEK = {chr(code) for code in range(0x391, 0x3CF)} - {"\u03a2"}
CYRILLIC = {chr(code) for code in range(0x400, 0x460)}
TYPOGRAPHY = set("«»–—’‘“”…•°€\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("key", [TEXT, BOLD])
def test_text_faces_hold_the_alphabets_of_names(key: str) -> None:
    """Every letter of the alphabets that families in France are written in."""
    wanted = LATIN | VIETNAMESE | ROMANIAN_AND_TURKISH | GREEK | CYRILLIC | TYPOGRAPHY
    assert wanted - face(key).signs == set()


def test_code_face_holds_identifiers_and_passwords() -> None:
    """Small letters, digits, dot and hyphen; capitals and digits."""
    assert set("abcdefghijklmnopqrstuvwxyz0123456789.-" + SIGNS) <= face(CODE).signs
    assert set(SIGNS) <= common(CODE)


def test_code_face_is_of_one_width() -> None:
    """A password keeps its length, so a sign left out is seen."""
    assert len({face(CODE).widths[sign] for sign in SIGNS + "abcil.-"}) == 1


def test_every_font_has_its_licence_beside_it() -> None:
    """The Open Font License travels with the files it covers, each named in it."""
    folder = shipped() / "fonts"
    licences = "".join(path.read_text("utf-8") for path in folder.glob("*.txt"))
    assert "SIL OPEN FONT LICENSE Version 1.1" in licences
    for font in folder.glob("*.ttf"):
        assert font.name in licences
