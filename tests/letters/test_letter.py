"""What a letter says, and that it says it whole (R-10, R-15)."""

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from educonnect_admin.domain.errors import MissingGlyph, TextOverflow
from educonnect_admin.letters import specimens
from educonnect_admin.letters.document import MM
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.letters.specimens import HEADING
from tests.letters.families import child, letter, many
from tests.letters.reading import page_texts, words_in

SECRET = "BUNZ57DM"
FAMILIES = [*specimens.LETTERS, specimens.NOTHING_KNOWN, many(10)]


def lines_of(text: str) -> list[str]:
    """The lines of a page without their margin."""
    return [line.strip() for line in text.splitlines()]


def flat(text: str) -> str:
    """A text with each run of spaces and line ends made one space."""
    return " ".join(text.split())


def test_credentials_are_two_lines_label_first(press: LetterPress, tmp_path: Path) -> None:
    """`pdftotext -layout` gives label and value on one line, the identifier first."""
    pages = page_texts(press.letters(HEADING, [(f, SECRET) for f in FAMILIES]), tmp_path)
    for family, page in zip(FAMILIES, pages, strict=True):
        lines = lines_of(page)
        first = lines.index(f"Identifiant : {family.identifier}")
        assert lines.index(f"Mot de passe* : {SECRET}") > first


@pytest.mark.parametrize("length", [1, 2, 5, 9, 13, 18, 22, 27, 31, 33, 37, 42, 50, 64])
def test_credentials_stay_on_their_line_whatever_the_identifier(
    press: LetterPress, tmp_path: Path, length: int
) -> None:
    """From one sign to 64, the longest (R-2), the identifier stands beside its label."""
    family = replace(specimens.ONE_CHILD, identifier="m" * length)
    for secret in ("WWMMWW22", "JJ2222JJ"):
        (page,) = page_texts(press.letters(HEADING, [(family, secret)]), tmp_path)
        assert f"Identifiant : {'m' * length}" in lines_of(page)
        assert f"Mot de passe* : {secret}" in lines_of(page)


def test_every_letter_is_one_page(press: LetterPress) -> None:
    """As many pages as letters, however many children or long names."""
    families = [many(n) for n in (1, 4, 8, 10, 12)] + FAMILIES
    pdf = press.letters(HEADING, [(family, SECRET) for family in families])
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == len(families)
    document.close()


def test_letter_says_what_the_rule_asks(press: LetterPress, tmp_path: Path) -> None:
    """R-10: holder, title, school, portal, children, dates, the three ways in."""
    family = specimens.FOUR_CHILDREN
    (page,) = page_texts(press.letters(HEADING, [(family, SECRET)]), tmp_path)
    text = flat(page)
    for words in (
        f"À l'attention de {family.holder}",
        HEADING.portal_url,
        HEADING.school.name,
        "* Mot de passe provisoire, à modifier lors de la première connexion",
        "lundi 12 octobre 2026",
        "mardi 12 janvier 2027 inclus",
        "Avec ce courrier",
        "Avec FranceConnect",
        "par SMS",
        "« Je n'ai pas de compte »",
        "À remettre par",
        "RSTV-WXZ2-3456 – lot 12",
    ):
        assert words in text
    for each in family.children:
        assert f"{each.name} – {each.school} – {each.class_label}" in text
    title = "Mise à disposition de services en ligne pour suivre la scolarité de votre enfant"
    assert title in flat(" ".join(page_texts(
        press.letters(HEADING, [(family, SECRET)]), tmp_path, "-raw")))  # fmt: skip


def test_ten_children_are_all_named(press: LetterPress, tmp_path: Path) -> None:
    """A large family has every child on its page."""
    (page,) = page_texts(press.letters(HEADING, [(many(10), SECRET)]), tmp_path)
    assert all(re.search(rf"\bPrénom{n} ÖZTÜRK", page) for n in range(1, 11))


def test_long_names_are_wrapped_not_cut(press: LetterPress, tmp_path: Path) -> None:
    """Every word of the longest names is on the page."""
    family = specimens.LONGEST_NAME
    (page,) = page_texts(press.letters(HEADING, [(family, SECRET)]), tmp_path, "-raw")
    for text in (family.holder, family.carrier.name, *family.address, family.carrier.school):
        assert text in flat(page)


def test_address_is_in_the_window(press: LetterPress, tmp_path: Path) -> None:
    """The window of a DL or C5 envelope shows the whole address and nothing else."""
    family = specimens.FOUR_CHILDREN
    expected = f"À l'attention de {family.holder} {' '.join(family.address)}".split()
    inside = []
    for left, top, right, bottom, word in words_in(
        press.letters(HEADING, [(family, SECRET)]), tmp_path
    ):
        # What a window can show at worst: from 90 to 200 mm across, 44 to 90 mm down.
        middle = (top + bottom) / 2
        if right > 90 * MM and left < 200 * MM and 44 * MM < middle < 90 * MM:
            inside.append(word)
            assert left >= 110 * MM - 1
            assert right <= 190 * MM + 1
            assert top >= 56 * MM
            assert bottom <= 80 * MM
    assert sorted(inside) == sorted(expected)


def test_letter_never_names_another_guardian(press: LetterPress, tmp_path: Path) -> None:
    """R-15: of two parents of one child, each letter names its own only."""
    lea = child("Léa KOWALSKI")
    mother = letter("Mme Anna NOWAK", lea, identifier="anna.nowak")
    father = letter("M. Piotr KOWALSKI", lea, identifier="piotr.kowalski")
    pdf = press.letters(HEADING, [(mother, "BBBB2222"), (father, "CCCC3333")])
    hers, his = page_texts(pdf, tmp_path)
    assert "NOWAK" in hers
    assert not {"Piotr", "piotr.kowalski", "CCCC3333"} & set(hers.split())
    assert "Piotr" in his
    assert not {"Anna", "NOWAK", "anna.nowak", "BBBB2222"} & set(his.split())


def test_names_are_text_not_markup(press: LetterPress, tmp_path: Path) -> None:
    """Signs that mean something in templates mean nothing in a name."""
    odd = "**Léa** # {{ holder }} <b>D'ANGELO</b> & fils"
    family = letter("- # M. **X**", child(odd), identifier="x")
    (page,) = page_texts(press.letters(HEADING, [(family, SECRET)]), tmp_path, "-raw")
    assert odd in flat(page)
    assert "À l'attention de - # M. **X**" in flat(page)


def test_letters_of_many_alphabets_come_out(press: LetterPress, tmp_path: Path) -> None:
    """Names keep their signs: Ş, Ł, Ő, œ, Vietnamese, Greek, Cyrillic."""
    names = [
        "ŞTEFAN",
        "Łukasz",
        "Ődön",
        "Cœur",
        "NGUYỄN",
        "Thị",
        "Phượng",
        "ŒUVRARD",
        "Ÿ",
        "Δημήτρης",
        "Ирина",
        "Țară",
    ]
    family = letter("M. Őz ŁĘCKI", *(child(name) for name in names))
    (page,) = page_texts(press.letters(HEADING, [(family, SECRET)]), tmp_path)
    assert all(name in page for name in names)


def test_decomposed_accents_are_composed(press: LetterPress, tmp_path: Path) -> None:
    """An e with a combining accent is printed as the letter é."""
    family = letter("Mme Rene\u0301e", child("Le\u0301a"))
    (page,) = page_texts(press.letters(HEADING, [(family, SECRET)]), tmp_path)
    assert "Renée" in page
    assert "Léa" in page


def test_missing_sign_is_refused_and_named(press: LetterPress) -> None:
    """A sign that the font lacks stops the letter, instead of an empty box."""
    with pytest.raises(MissingGlyph) as caught:
        press.check(HEADING, letter("Mme 山田", child("Léa")))
    assert (caught.value.place, caught.value.characters) == ("addressee", "山田")
    assert "山" not in str(caught.value)


def test_text_without_a_place_to_wrap_is_refused(press: LetterPress) -> None:
    """A word wider than its line at the smallest size is an error, never cut."""
    with pytest.raises(TextOverflow) as caught:
        press.check(HEADING, letter("M. " + "W" * 80, child("Léa")))
    assert caught.value.place == "addressee"


def test_too_many_children_are_refused(press: LetterPress) -> None:
    """A list that can't be read any more is an error, never cut."""
    with pytest.raises(TextOverflow) as caught:
        press.check(HEADING, many(40))
    assert caught.value.place == "children"


def test_check_refuses_what_letters_would(press: LetterPress) -> None:
    """An identifier beyond its line is found before any password is drawn."""
    family = replace(specimens.ONE_CHILD, identifier="m" * 90)
    with pytest.raises(TextOverflow):
        press.check(HEADING, family)
    with pytest.raises(TextOverflow):
        press.letters(HEADING, [(family, SECRET)])


def test_page_is_read_aloud_in_order(press: LetterPress, tmp_path: Path) -> None:
    """The order inside the file, that of a screen reader, is that of the letter."""
    family = specimens.ONE_CHILD
    (page,) = page_texts(press.letters(HEADING, [(family, SECRET)]), tmp_path, "-raw")
    order = ("Mise à disposition", "Patrick DUPONT", "Identifiant :", family.identifier,
             "Mot de passe* :", SECRET, "valable jusqu'au", "Trois façons",
             "Il manque un enfant")  # fmt: skip
    places = [page.index(words) for words in order]
    assert places == sorted(places)
