"""One pupil a row, and the guardians beside."""

from pathlib import Path

import pytest

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.full_names import split_full_name
from educonnect_admin.rosters.rows import FileKind
from tests.rosters.files import codes, is_whole, read_bytes, read_text, text, xlsx

PARENTS = (
    "Nom de l'enfant;Prénom;Né(e) le;Classe;Nom du père;Prénom du père;Tél. père;Mail père;"
    "Nom de la mère;Prénom de la mère;Portable maman"
)
ALICE = "DURAND;Alice;03/09/2018;CE1 B"
SIECLE = (
    "Sexe;Num. Elève Etab;Nom de famille;Prénom;Prénom 2;Date Naissance;INE;Date Sortie;Div.;"
    "Type Structure;Tél. Portable;Email;Civilité Resp. Lég. 1;Nom Resp. Lég. 1;"
    "Prénom Resp. Lég. 1;Lien Parenté Resp. Lég. 1;Tél. Portable Resp. Lég. 1;"
    "Email Resp. Lég. 1;Ligne Adresse 1 Resp. Lég. 1;Ligne Adresse 2 Resp. Lég. 1;"
    "Code Postal Resp. Lég. 1;Lib. Postal Resp. Lég. 1;Nom Resp. Lég. 2;Prénom Resp. Lég. 2"
)


def test_father_and_mother_beside_a_pupil(tmp_path: Path) -> None:
    """Each is a guardian of that very pupil, with a civility that only the heading says."""
    row = f"{ALICE};DURAND;Bob;612345678;bob@example.fr;PETIT;Anne;06 12 34 56 79"
    reading = read_text(tmp_path, text(PARENTS, row))
    assert (reading.kind, reading.format) == (FileKind.FAMILIES, "families")
    (alice,) = reading.pupils
    bob, anne = reading.guardians
    assert [(one.civility, one.given_name, one.mobile) for one in (bob, anne)] == [
        (Civility.SIR, "Bob", "+33612345678"),
        (Civility.MADAM, "Anne", "+33612345679"),
    ]
    for one, kinship in ((bob, "20"), (anne, "10")):
        (child,) = one.children
        assert (child.family_name, child.given_name) == ("DURAND", "Alice")
        assert (child.birth_date, child.class_label) == (alice.birth_date, "CE1 B")
        assert (child.kinship, child.legal, one.line) == (kinship, None, 2)
    assert reading.headings["Tél. père"] == "father.mobile"
    assert reading.headings["Nom de l'enfant"] == "family_name"
    assert is_whole(reading)


def test_rows_count_by_their_pupils(tmp_path: Path) -> None:
    """A refused pupil takes the guardians along; an empty block is nobody."""
    reading = read_text(
        tmp_path,
        text(
            PARENTS,
            f"{ALICE};DURAND;Bob;;;;;",
            "PETIT;Léo;31/02/2018;CE1 B;PETIT;Luc;;;;;",
            "PETIT;Zoé;03/10/2018;CE1 B;;;;;;;",
        ),
    )
    assert (reading.rows, reading.taken, reading.refused) == (3, 2, 1)
    assert [one.given_name for one in reading.guardians] == ["Bob"]
    assert [child.given_name for child in reading.refused_children] == ["Léo"]
    assert is_whole(reading)


def test_a_guardian_who_cannot_be_read_stops_nobody(tmp_path: Path) -> None:
    """A remark, and the links of that pupil are left alone."""
    reading = read_text(tmp_path, text(PARENTS, f"{ALICE};DURAND;;612345678;;PETIT;Anne;"))
    assert [one.given_name for one in reading.guardians] == ["Anne"]
    assert codes(reading) == [(2, "guardian_unreadable")]
    assert [child.given_name for child in reading.refused_children] == ["Alice"]
    assert (reading.refused, is_whole(reading)) == (0, True)


def test_contacts_without_a_name_belong_to_nobody(tmp_path: Path) -> None:
    """Columns of telephones alone make no guardians: a file of pupils."""
    head = "Nom;Prénom;Né(e) le;Classe;Tél. père;Tél. mère"
    reading = read_text(tmp_path, text(head, f"{ALICE};0612345678;"))
    assert reading.kind is FileKind.PUPILS
    assert reading.headings["Tél. père"] == ""


def test_the_spreadsheet_of_siecle(tmp_path: Path) -> None:
    """Its legal guardians; the pupil's own telephone and mail are nobody else's."""
    first = (
        "F;12;DURAND;Alice;Léa;03/09/2014;123456789AB;;6A;D;0711111111;alice@example.fr;MME;"
        "PETIT;Anne;MERE;0612345679;anne@example.fr;1 rue Pasteur;Bât. B;59000;LILLE;DURAND;Bob"
    )
    reading = read_text(
        tmp_path,
        text(
            SIECLE,
            first,
            first.replace(";D;", ";G;"),
            first.replace("Alice", "Léo").replace("123456789AB;;", ";01/10/2026;"),
        ),
    )
    assert (reading.format, reading.rows, reading.taken) == ("siecle-table", 3, 1)
    assert codes(reading) == [(3, "group_row"), (4, "left_out")]
    anne, bob = reading.guardians
    assert (anne.mobile, anne.street) == ("+33612345679", "1 rue Pasteur\nBât. B")
    assert (anne.children[0].kinship, bob.children[0].kinship) == ("10", None)
    assert {one.children[0].legal for one in (anne, bob)} == {True}
    assert reading.pupils[0].class_label == "6A"
    assert is_whole(reading)


def test_one_row_for_each_guardian_of_a_pupil(tmp_path: Path) -> None:
    """The pupil counts once, whoever stands beside on the next row comes too."""
    head = "Nom élève;Prénom élève;Date naissance;Classe;Nom responsable;Prénom responsable;Mail"
    reading = read_text(
        tmp_path,
        text(head, f"{ALICE};DURAND;Bob;bob@example.fr", f"{ALICE};PETIT;Anne;anne@example.fr"),
    )
    assert (reading.kind, reading.rows, reading.taken) == (FileKind.FAMILIES, 2, 1)
    assert [one.email for one in reading.guardians] == ["bob@example.fr", "anne@example.fr"]
    assert codes(reading) == [(3, "pupil_again")]
    assert is_whole(reading)


def test_a_row_of_headings_under_merged_cells(tmp_path: Path) -> None:
    """«Père» stands over three columns, «Mère» over the next three."""
    rows: list[list[object]] = [
        ["Élèves de 2026"],
        ["Élève", None, None, "Père", None, None, "Mère", None, None],
        ["Nom", "Prénom", "Né le", "Nom", "Prénom", "Tél.", "Nom", "Prénom", "Tél."],
        ["DURAND", "Alice", "03/09/2018", "DURAND", "Bob", 612345678, "PETIT", "Anne", None],
    ]
    reading = read_bytes(tmp_path, xlsx(rows))
    assert [one.given_name for one in reading.guardians] == ["Bob", "Anne"]
    assert reading.headings["Père Tél."] == "father.mobile"


def test_whole_names_in_one_cell(tmp_path: Path) -> None:
    """Cut where capitals say so; else refused for a pupil, set aside for a guardian."""
    head = "Élève;Date de naissance;Classe;Responsable 1;Responsable 2"
    reading = read_text(
        tmp_path,
        text(
            head,
            "DE LA TOUR Alice;03/09/2018;CE1;Mme PETIT Anne;M. et Mme DURAND",
            "durand léo;03/09/2018;CE1;;",
        ),
    )
    (alice,) = reading.pupils
    assert (alice.family_name, alice.given_name) == ("DE LA TOUR", "Alice")
    (anne,) = reading.guardians
    assert (anne.family_name, anne.civility) == ("PETIT", Civility.MADAM)
    assert codes(reading) == [(2, "guardian_unreadable"), (3, "name_not_split")]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("DURAND Alice", ("DURAND", "Alice")),
        ("Alice DURAND", ("DURAND", "Alice")),
        ("LE GALL-MARTIN Anne-Sophie", ("LE GALL-MARTIN", "Anne-Sophie")),
        ("N’DIAYE Awa", ("N’DIAYE", "Awa")),
        ("de la FONTAINE Jean", ("de la FONTAINE", "Jean")),
        ("Dupont, Jean Luc", ("Dupont", "Jean Luc")),
        ("M. DURAND Bob", ("DURAND", "Bob")),
    ],
)
def test_a_whole_name_that_can_be_cut(cell: str, names: tuple[str, str]) -> None:
    """The capitals or the comma say where."""
    found = split_full_name(cell)
    assert found is not None
    assert (found.family_name, found.given_name) == names
    assert repr(found) == "FullName()"


@pytest.mark.parametrize(
    "cell",
    ["DURAND ALICE", "Durand Alice", "durand alice", "DURAND", "Alice", "DURAND A.", "", "DURAND 2",
     "M. et Mme DURAND", "DURAND Alice PETIT Léo", "a, b, c", "DURAND Alice / PETIT Bob", ","],
)  # fmt: skip
def test_a_whole_name_that_could_be_cut_anywhere(cell: str) -> None:
    """It is not cut."""
    assert split_full_name(cell) is None


def test_a_misspelt_given_name_beside_a_family_name_is_proposed(tmp_path: Path) -> None:
    """The family name alone would be taken for the whole one, and every guardian be lost."""
    head = "Nom;Prénom;Né(e) le;Classe;Nom du père;Prnéom du père"
    with pytest.raises(UnreadableFile) as caught:
        read_text(tmp_path, text(head, f"{ALICE};DURAND;Bob"))
    assert (caught.value.reason, caught.value.near) == ("proposed_heading", "Prnéom du père")


def test_a_misspelt_compulsory_heading_is_proposed(tmp_path: Path) -> None:
    """Never used before somebody agrees."""
    head = "Nom;Prénom;Date de naisance;Classe"
    with pytest.raises(UnreadableFile) as caught:
        read_text(tmp_path, text(head, ALICE))
    error = caught.value
    assert (error.reason, error.what, error.near) == (
        "proposed_heading", "Date naissance", "Date de naisance",
    )  # fmt: skip


def test_the_same_thing_said_twice_of_a_guardian_is_refused(tmp_path: Path) -> None:
    """Nobody knows which column counts; two ways to say it have an order."""
    with pytest.raises(UnreadableFile) as caught:
        read_text(tmp_path, text(f"{PARENTS};Mail père", ALICE))
    assert (caught.value.reason, caught.value.what) == ("repeated_heading", "Mail père")
    row = f"{ALICE};DURAND;Bob;;bob@example.fr;;;;other@example.fr"
    reading = read_text(tmp_path, text(f"{PARENTS};Courriel père", row))
    assert reading.guardians[0].email == "other@example.fr"
