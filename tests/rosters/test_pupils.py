"""Rows of pupils to pupils, and those a file names twice."""

from datetime import date
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import UnreadableFile
from tests.rosters.files import (
    PUPILS,
    codes,
    is_whole,
    pupil,
    read_pupils,
    read_text,
    text,
)


def test_a_pupil_as_the_row_gives_it(tmp_path: Path) -> None:
    """Names tidied and else kept as written; an empty cell is nothing."""
    (found,) = read_pupils(tmp_path, " D’ANGELO ;;Éva  Rose;03/09/2018;F;;;ce1;").pupils
    assert (found.family_name, found.given_name) == ("D’ANGELO", "Éva Rose")
    assert (found.usage_name, found.ine, found.class_label) == (None, None, None)
    assert (found.birth_date, found.level, found.line) == (date(2018, 9, 3), "CE1", 2)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (pupil(family=""), "no_family_name", "Nom élève"),
        (pupil(given=" \u00a0"), "no_given_name", "Prénom élève"),
        (pupil(family="A" * 101), "name_too_long", "Nom élève"),
        (pupil(birth=""), "no_birth_date", "Date naissance"),
        (pupil(birth="31/02/2014"), "impossible_birth_date", "Date naissance"),
        (pupil(birth="03/09/18"), "two_digit_year", "Date naissance"),
        (pupil(birth="24/11/2026"), "future_birth_date", "Date naissance"),
    ],
)
def test_a_bad_row_is_refused_alone(tmp_path: Path, row: str, code: str, column: str) -> None:
    """Its line, column and reason are told; the others go in (R-60)."""
    reading = read_pupils(tmp_path, pupil(given="Zoé"), row, pupil(given="Max"))
    (problem,) = reading.problems
    assert (problem.line, problem.code.value, problem.column) == (3, code, column)
    assert (reading.rows, len(reading.pupils), reading.refused) == (3, 2, 1)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (pupil(birth="03/09/1984"), "unlikely_age"),
        (pupil(ine="1111111111A"), "bad_ine"),
        (pupil(label=""), "no_class"),
        (pupil(family="=1+1"), "odd_name"),
        (pupil(label="x" * 201), "text_too_long"),
        (pupil() + ";too;much", "extra_cells"),
    ],
)
def test_a_remark_refuses_nobody(tmp_path: Path, row: str, code: str) -> None:
    """The row goes in, and somebody should look."""
    reading = read_pupils(tmp_path, row)
    assert (2, code) in codes(reading)
    assert (len(reading.pupils), reading.refused) == (1, 0)


def test_a_column_of_no_number_makes_nobody_the_same(tmp_path: Path) -> None:
    """`inconnu` in every row is not one national number."""
    reading = read_pupils(
        tmp_path, pupil(given="Zoé", ine="inconnu"), pupil(given="Max", ine="inconnu")
    )
    assert [found.ine for found in reading.pupils] == [None, None]


def test_twins_and_homonyms_are_two_pupils(tmp_path: Path) -> None:
    """Same surname and date, or same names and another date: two children, no remark."""
    reading = read_pupils(
        tmp_path, pupil(given="Léa"), pupil(given="Lou"), pupil(given="Lou", birth="04/09/2018")
    )
    assert (len(reading.pupils), reading.problems) == (3, ())


def test_the_same_row_twice_is_one_pupil(tmp_path: Path) -> None:
    """However it is spelt, the second is refused and points at the first."""
    reading = read_pupils(tmp_path, pupil(family="LE GALL"), pupil(family="Le-Gall"))
    assert codes(reading) == [(3, "repeated_pupil")]
    assert reading.problems[0].other_line == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (pupil(ine="123456789AB"), pupil(birth="04/09/2018", ine="123456789AB")),
        (pupil(ine="123456789AB"), pupil(given="Bob", ine="123456789ab")),
        (pupil(label="CE1 A"), pupil(label="CE1 B")),
        (pupil(ine="123456789AB"), pupil(ine="1111111111A")),
    ],
)
def test_rows_that_contradict_each_other(tmp_path: Path, first: str, second: str) -> None:
    """The last never wins: the later is refused, and the earlier says so."""
    reading = read_pupils(tmp_path, first, pupil(given="Zoé"), second)
    assert (2, "contested_pupil") in codes(reading)
    assert (4, "contradictory_pupil") in codes(reading)
    assert [found.line for found in reading.pupils] == [2, 3]
    assert {problem.other_line for problem in reading.problems} >= {2, 4}
    assert is_whole(reading)


def test_two_sound_numbers_are_two_pupils(tmp_path: Path) -> None:
    """Same names, same day, two good numbers: both go in, with a remark."""
    reading = read_pupils(tmp_path, pupil(ine="123456789AB"), pupil(ine="987654321AB"))
    assert len(reading.pupils) == 2
    assert codes(reading) == [(3, "same_name_and_date")]


def test_pupils_who_are_not_in_the_school_are_left_out(tmp_path: Path) -> None:
    """Struck off, waiting, admissible: counted, and not refused."""
    reading = read_text(
        tmp_path,
        text(
            f"{PUPILS};Etat",
            pupil(given="Zoé") + ";Admission définitive",
            pupil(given="Max") + ";Radiation",
            pupil(given="Eva") + ";En attente",
            pupil(given="Tom") + ";Mis en admissibilité",
        ),
    )
    assert (len(reading.pupils), reading.left_out, reading.refused) == (1, 3, 0)
    assert is_whole(reading)


def test_a_file_without_classes_says_so_once(tmp_path: Path) -> None:
    """One remark on the headings, not one a pupil."""
    content = text(
        "Nom élève;Prénom élève;Date naissance", *["A;Zoé;03/09/2018", "B;Max;2018-09-03"]
    )
    reading = read_text(tmp_path, content)
    assert codes(reading) == [(1, "no_class")]
    assert len(reading.pupils) == 2


@pytest.mark.parametrize(
    "footer", ["Nombre d'élèves : 2", "247", "247 élèves", "Total;2", "Extraction du 03/09/2024;"]
)
def test_the_line_that_closes_the_file_is_nobody(tmp_path: Path, footer: str) -> None:
    """A count or a date at the end is named apart, and refuses nothing."""
    reading = read_pupils(tmp_path, pupil(), "", footer, "", ";;;")
    assert (reading.rows, reading.footer_lines, reading.problems) == (1, (4,), ())


@pytest.mark.parametrize(
    "row", ["MARTIN", "2 MARTIN;;Jean", "TOTAL;;Jean", "DATE;;Jean;03/09/2018;F;;;CE1;CE1 B"]
)
def test_a_last_line_that_may_be_somebody_is_not_dropped(tmp_path: Path, row: str) -> None:
    """It is read as a row: taken, or refused with its line."""
    reading = read_pupils(tmp_path, pupil(), row)
    assert (reading.rows, reading.footer_lines) == (2, ())
    assert is_whole(reading)


@pytest.mark.parametrize(
    "content", [text(PUPILS), text(PUPILS, ";;;", ""), text(PUPILS, "Total : 0")]
)
def test_headings_alone_are_refused(tmp_path: Path, content: str) -> None:
    """A file of nobody is not an empty school."""
    with pytest.raises(UnreadableFile) as caught:
        read_text(tmp_path, content)
    assert (caught.value.reason, caught.value.line) == ("headings_only", 1)


def test_nothing_shown_names_anybody(tmp_path: Path) -> None:
    """Neither a row nor a problem nor an error shows a name or a date in its `repr` (R-66)."""
    reading = read_pupils(
        tmp_path, pupil(ine="1111111111A"), pupil(given="Zoé", birth="31/02/2014")
    )
    shown = repr(reading)
    assert not any(
        secret in shown for secret in ("DURAND", "Alice", "2018", "31/02", "1111111111A")
    )


@pytest.mark.parametrize("name", ["PAGE", "FIN", "Date"])
def test_a_name_and_a_birth_date_are_never_a_footer(tmp_path: Path, name: str) -> None:
    """A family called PAGE whose given name is missing is refused with its line."""
    content = text("Nom;Prénom;Date naissance;Classe", f"{name};;03/09/2018;")
    reading = read_text(tmp_path, content)
    assert (reading.rows, reading.refused, reading.footer_lines) == (1, 1, ())
    assert (2, "no_given_name") in codes(reading)
