"""The PDF file itself: reproducible, small, silent about people where it should be."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pypdf
import pytest

from educonnect_admin.letters import specimens
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.letters.specimens import HEADING
from tests.letters.families import child, letter, many

PAIRS = [(each, "BUNZ57DM") for each in (*specimens.LETTERS, many(9))]


def opened(pdf: bytes) -> pypdf.PdfReader:
    """The file as a strict reader sees it."""
    return pypdf.PdfReader(io.BytesIO(pdf), strict=True)


def test_same_content_same_bytes(press: LetterPress) -> None:
    """Another press, another moment: the same file to the last byte."""
    assert press.letters(HEADING, PAIRS) == LetterPress().letters(HEADING, PAIRS)


def test_a_file_does_not_depend_on_those_before(press: LetterPress) -> None:
    """What a press printed before leaves no trace in a file."""
    fresh = LetterPress().letters(HEADING, PAIRS[:1])
    press.letters(HEADING, [(letter("Mme ŞŁŐ", child("Ирина")), "BUNZ57DM")])
    assert press.letters(HEADING, PAIRS[:1]) == fresh


def test_classes_share_words_but_not_values(press: LetterPress) -> None:
    """Two classes printed by one press each bear their own label and batch."""
    other = replace(HEADING, class_label="CM2 B", batch=77)
    first, second = (opened(press.letters(h, PAIRS[:1])) for h in (HEADING, other))
    assert "lot 12" in first.pages[0].extract_text()
    assert "lot 77" in second.pages[0].extract_text()
    assert second.metadata is not None
    assert second.metadata.title == "Courriers de notification – lot 77 – classe CM2 B"


def test_metadata_name_nobody(press: LetterPress) -> None:
    """Title and dates, no person, no password, no identifier (R-66)."""
    metadata = opened(press.letters(HEADING, PAIRS)).metadata
    assert metadata is not None
    text = " ".join(map(str, metadata.values()))
    assert not [word for word in ("DUPONT", "BUNZ57DM", "patrick") if word in text]


def test_file_is_french_and_prints_at_real_size_on_one_side(press: LetterPress) -> None:
    """The language is declared; scaling would move the address, two sides mix families."""
    root = opened(press.letters(HEADING, PAIRS)).root_object
    assert root.get("/Lang") == "fr-FR"
    wishes = root.get("/ViewerPreferences")
    assert wishes == {"/DisplayDocTitle": True, "/PrintScaling": "/None", "/Duplex": "/Simplex"}


def test_bookmarks_name_the_carriers_in_order(press: LetterPress) -> None:
    """The class on top, under it each carrier, leading to the page of the letter."""
    reader = opened(press.letters(HEADING, PAIRS))
    top, entries = reader.outline
    assert isinstance(top, pypdf.generic.Destination)
    assert isinstance(entries, list)
    assert top.title == "CE1 A"
    found = [
        (entry.title, reader.get_destination_page_number(entry))
        for entry in entries
        if isinstance(entry, pypdf.generic.Destination)
    ]
    assert found == [(each.carrier.name, page) for page, (each, _) in enumerate(PAIRS)]


def test_fonts_are_embedded(press: LetterPress) -> None:
    """Every font travels with the file."""
    _, missing = opened(press.letters(HEADING, PAIRS)).pages[0]._get_fonts()
    assert missing == set()


@pytest.mark.parametrize(("count", "limit"), [(25, 4_000), (500, 1_800)])
def test_a_letter_weighs_little(press: LetterPress, count: int, limit: int) -> None:
    """Bytes a letter, fonts included, for a class and for a large file."""
    pairs = [(many(1 + n % 4), "BUNZ57DM") for n in range(count)]
    assert len(press.letters(HEADING, pairs)) / count < limit


def test_threads_share_a_press(press: LetterPress) -> None:
    """Classes printed side by side are those printed one after the other."""
    families = [[(many(1 + (n + k) % 5), "BUNZ57DM") for n in range(20)] for k in range(12)]
    alone = [press.letters(HEADING, pairs) for pairs in families]
    shared = LetterPress()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda pairs: shared.letters(HEADING, pairs), families))
    assert together == alone
