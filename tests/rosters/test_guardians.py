"""Rows of guardians to guardians."""

from datetime import date
from pathlib import Path

import pytest

from educonnect_admin.domain.civility import Civility
from tests.rosters.files import (
    GUARDIANS,
    codes,
    guardian,
    is_whole,
    read_guardians,
    read_text,
    text,
)


def test_a_guardian_as_the_row_gives_it(tmp_path: Path) -> None:
    """Contacts in their normal form, an address of two lines, one child."""
    row = guardian(
        civility="MME",
        street='"Bât. C\n 12  rue Pasteur "',
        postcode="1000",
        email="Carol@Example.fr",
        mobile="612345678",
    )
    (found,) = read_guardians(tmp_path, row).guardians
    assert (found.civility, found.email, found.mobile) == (
        Civility.MADAM,
        "Carol@example.fr",
        "+33612345678",
    )
    assert (found.street, found.postcode) == ("Bât. C\n12 rue Pasteur", "01000")
    (child,) = found.children
    assert (child.family_name, child.given_name, child.class_label) == ("DURAND", "Alice", "CE1 B")


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (guardian(email="bob"), "bad_email", "Courriel"),
        (guardian(mobile="0320990001"), "bad_mobile", "Téléphone portable"),
        (guardian(mobile="0712345678"), "unusual_mobile", "Téléphone portable"),
        (guardian(postcode="59 OOO"), "bad_postcode", "CP responsable"),
        (guardian(street="x" * 401), "text_too_long", "Adresse responsable"),
        (guardian(children=""), "no_child", ""),
        (guardian(children=";DURAND;;CE1"), "child_unreadable", "Prénom enfant"),
        (guardian(children=f";DURAND;{'x' * 101};CE1"), "child_unreadable", "Prénom enfant"),
    ],
)
def test_a_bad_cell_is_a_remark(tmp_path: Path, row: str, code: str, column: str) -> None:
    """What can't be used is dropped, and the guardian goes in (R-60)."""
    reading = read_guardians(tmp_path, row)
    (problem,) = reading.problems
    assert (problem.code.value, problem.column) == (code, column)
    assert (len(reading.guardians), reading.refused) == (1, 0)


def test_rows_cut_short_are_whole(tmp_path: Path) -> None:
    """A row that stops at its last filled cell lacks nothing else."""
    reading = read_guardians(tmp_path, "M.;;DURAND;Bob")
    assert reading.guardians[0].mobile is None
    assert codes(reading) == [(2, "no_child")]


def test_children_beyond_the_headings_are_read(tmp_path: Path) -> None:
    """The last block goes on to the right: a fourth child is a child."""
    children = ";DURAND;Alice;CP;;DURAND;Tom;CE1;SMITH;DURAND;Zoé"
    reading = read_guardians(tmp_path, guardian(children=children))
    (found,) = reading.guardians
    assert [child.given_name for child in found.children] == ["Alice", "Tom", "Zoé"]
    assert found.children[2].usage_name == "SMITH"
    assert reading.problems == ()


def test_cells_beyond_that_name_nobody_are_a_remark(tmp_path: Path) -> None:
    """A separator too many shifts the row: somebody should look."""
    reading = read_guardians(tmp_path, guardian() + ";;stray")
    assert codes(reading) == [(2, "extra_cells")]


def test_a_last_block_without_names_breaks_nothing(tmp_path: Path) -> None:
    """Headings that end in half a block, and a row that goes on beyond them."""
    headings = f"{GUARDIANS};Nom d'usage enfant"
    reading = read_text(tmp_path, text(headings, f"{guardian()};SMITH;DURAND;Tom"))
    assert len(reading.guardians) == 1
    assert codes(reading) == [(2, "extra_cells")] * 2


def test_a_birth_date_of_a_child_is_read_where_there_is_one(tmp_path: Path) -> None:
    """Some exports carry it; a bad one is nothing."""
    headings = f"{GUARDIANS};Date de naissance enfant"
    rows = (guardian() + ";03/09/2018", guardian(given="Eve") + ";hier")
    reading = read_text(tmp_path, text(headings, *rows))
    dates = [found.children[0].birth_date for found in reading.guardians]
    assert dates == [date(2018, 9, 3), None]


def test_the_same_row_twice_is_one_guardian(tmp_path: Path) -> None:
    """Word for word the same: kept once, counted, pointing at the first."""
    reading = read_guardians(tmp_path, guardian(), guardian(given="Eve"), guardian())
    assert (len(reading.guardians), reading.repeated, reading.refused) == (2, 1, 0)
    assert codes(reading) == [(4, "repeated_guardian")]
    assert reading.problems[0].other_line == 2
    assert is_whole(reading)


def test_father_and_son_of_one_name_are_two_rows(tmp_path: Path) -> None:
    """Another mobile is enough: who is one person is not decided here."""
    rows = (guardian(mobile="0612345678"), guardian(mobile="0612345679"))
    assert len(read_guardians(tmp_path, *rows).guardians) == 2


def test_the_row_of_nobody_is_refused(tmp_path: Path) -> None:
    """Without a name nobody can be written to."""
    reading = read_guardians(tmp_path, guardian(family=""), guardian(given=""))
    assert codes(reading) == [(2, "no_family_name"), (3, "no_given_name")]
    assert is_whole(reading)


def test_the_kind_of_ulis_does_not_come_in_by_the_parents(tmp_path: Path) -> None:
    """A class named after a handicap loses it here too (R-66)."""
    (found,) = read_guardians(tmp_path, guardian(children=";DURAND;Alice;ULIS TSA")).guardians
    assert found.children[0].class_label == "ULIS"
