"""The slip of a class: who takes which letter home (R-12, R-13)."""

from dataclasses import replace
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import MissingGlyph
from educonnect_admin.letters.content import SlipLine
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.letters.specimens import HEADING, SLIP
from tests.letters.reading import page_texts


def test_slip_names_pupils_guardians_and_remarks(press: LetterPress, tmp_path: Path) -> None:
    """Class, date, batch, each line, the counts and a place to sign, in real text."""
    (page,) = page_texts(press.slip(HEADING, SLIP), tmp_path)
    for words in (
        "Bordereau de remise – classe CE1 A",
        "Lot 12",
        "lundi 12 octobre 2026",
        "M. Patrick DUPONT",
        "déjà notifiée",
        "Courriers à remettre : 2 – lignes sans courrier : 1",
        "Nom et signature :",
        "page 1 sur 1",
    ):
        assert words in page
    assert page.count("Léa DUPONT") == 2


def test_what_is_to_be_handed_out_comes_first(press: LetterPress, tmp_path: Path) -> None:
    """Of a later batch it would stand lost among those who were notified before."""
    told = [replace(SLIP[0], guardian=f"M. N {n}", remark="déjà notifié") for n in range(3)]
    (page,) = page_texts(
        press.slip(HEADING, [*told, replace(SLIP[0], guardian="Mme FIRST", remark="")]), tmp_path
    )
    places = [page.index(name) for name in ("Mme FIRST", "M. N 0", "M. N 1", "M. N 2")]
    assert places == sorted(places)


def test_long_slip_repeats_its_headings(press: LetterPress, tmp_path: Path) -> None:
    """Over several pages every line is there once, in order, under its headings."""
    lines = [SlipLine(pupil=f"Élève{n:03}", guardian=f"Mme PARENT{n:03}") for n in range(95)]
    pages = page_texts(press.slip(HEADING, lines), tmp_path)
    assert len(pages) == 3
    assert all("Élève " in page and "Responsable" in page for page in pages)
    assert sum("signature" in page for page in pages) == 1
    found = [word for page in pages for word in page.split() if word.startswith("PARENT")]
    assert found == [f"PARENT{n:03}" for n in range(95)]


@pytest.mark.parametrize("count", range(30, 42))
def test_signature_is_never_alone(press: LetterPress, tmp_path: Path, count: int) -> None:
    """Whatever the length, the last page has at least one line above the counts."""
    lines = [SlipLine(pupil=f"Élève{n}", guardian="Mme PARENT") for n in range(count)]
    last = page_texts(press.slip(HEADING, lines), tmp_path)[-1]
    assert "signature" in last
    assert f"Élève{count - 1}" in last


def test_long_texts_of_a_slip_wrap(press: LetterPress, tmp_path: Path) -> None:
    """Long names and remarks are whole."""
    line = SlipLine(
        pupil="Marie-Amélie-Éléonore de LA ROCHEFOUCAULD-MONTBEL d'ARENBERG",
        guardian="Mme Marie-Antoinette-Joséphine de LA ROCHEFOUCAULD-MONTBEL",
        remark="remis à Charles-Édouard de LA ROCHEFOUCAULD-MONTBEL, classe CM1-CM2",
    )
    (page,) = page_texts(press.slip(HEADING, [line]), tmp_path)
    for words in (line.pupil, line.guardian, line.remark):
        assert set(words.split()) <= set(page.split())


def test_slip_without_class_or_lines(press: LetterPress, tmp_path: Path) -> None:
    """A school without classes, a class without letters: still a slip."""
    (page,) = page_texts(press.slip(replace(HEADING, class_label=None), []), tmp_path)
    assert "Bordereau de remise" in page
    assert "Courriers à remettre : 0" in page


def test_slip_is_reproducible(press: LetterPress) -> None:
    """Same lines, same bytes."""
    assert press.slip(HEADING, SLIP) == LetterPress().slip(HEADING, SLIP)


def test_slip_refuses_a_missing_sign(press: LetterPress) -> None:
    """A name that the font can't print is named by its place only."""
    with pytest.raises(MissingGlyph) as caught:
        press.slip(HEADING, [SlipLine(pupil="山", guardian="Mme PARENT")])
    assert caught.value.place == "slip pupil"
