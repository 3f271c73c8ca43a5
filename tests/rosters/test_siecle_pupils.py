"""BEE_ELEVES to pupils: who is taken, who is left out, in which class and level."""

import pytest

from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.siecle.levels import level_of_code, level_of_label
from tests.rosters.files import codes, is_whole
from tests.rosters.siecle import eleve, in_class, pupils, read


def test_a_pupil_as_the_second_degree_knows_one() -> None:
    """Number, names, date, class, level; and the line on which its tag opens."""
    data = pupils(
        eleve("101", INE_RNIE="070832327JA", NOM_USAGE="DURAND-PETIT", PRENOM2="Zoé"),
        eleve("102", NOM_DE_FAMILLE="N'DIAYE", PRENOM="Awa", DATE_NAISS="29/02/2012"),
        structures=in_class("101", "6A", groups=("6AGR1", "_301P1")) + in_class("102", "3 B"),
    )
    reading = read(data)
    alice, awa = reading.pupils
    assert (alice.source_id, alice.ine, alice.family_name) == ("101", "070832327JA", "DURAND")
    assert (alice.usage_name, alice.given_name) == ("DURAND-PETIT", "Alice")
    assert (alice.class_label, alice.level) == ("6A", "6E")
    assert (awa.class_label, awa.birth_date.isoformat(), awa.ine) == ("3 B", "2012-02-29", None)
    lines = data.decode("iso-8859-15").split("\n")
    assert [lines[one.line - 1].split()[0] for one in reading.pupils] == ["<ELEVE", "<ELEVE"]
    assert (reading.kind, reading.format, reading.school) == (FileKind.PUPILS, "siecle", "0140070A")
    assert (reading.encoding, reading.rows, reading.problems) == ("ISO-8859-15", 2, ())


def test_the_order_of_sections_means_nothing() -> None:
    """Classes before pupils, the header last: the same people."""
    data = pupils(eleve(), structures=in_class("101", "6A"))
    head, rest = data.split(b"<ELEVES>")
    middle, end = rest.split(b"</ELEVES>\n")
    classes, after = end.split(b"</DONNEES>\n")
    turned = head + classes + b"<ELEVES>" + middle + b"</ELEVES>\n</DONNEES>\n" + after
    header = turned[turned.index(b"<PARAMETRES>") : turned.index(b"<DONNEES>")]
    turned = turned.replace(header, b"").replace(b"</BEE_ELEVES>", header + b"</BEE_ELEVES>")
    before, after_all = read(data), read(turned)
    assert after_all.pupils[0].class_label == "6A"
    assert after_all.school == before.school
    assert {one.source_id for one in after_all.pupils} == {"101"}


@pytest.mark.parametrize(
    ("facts", "ine"),
    [
        ({"INE_RNIE": "070832327JA", "ID_NATIONAL": "0113014881M"}, "070832327JA"),
        ({"ID_NATIONAL": "070876696HA", "INE_BEA": "0113014881M"}, "070876696HA"),
        ({"INE_RNIE": " ", "INE_BEA": "0113014881M"}, "0113014881M"),
        ({}, None),
    ],
)
def test_the_national_number_stands_under_three_tags(
    facts: dict[str, str], ine: str | None
) -> None:
    """That of the national register first, the older ones where it lacks."""
    (found,) = read(pupils(eleve(**facts), structures=in_class("101", "6A"))).pupils
    assert found.ine == ine


def test_a_school_of_the_year_before_has_tags_of_its_own() -> None:
    """What SCOLARITE_AN_DERNIER says is of another school and class."""
    before = (
        "<SCOLARITE_AN_DERNIER>\n<CODE_MEF>00310002220</CODE_MEF>\n<CODE_STRUCTURE>CM2"
        "</CODE_STRUCTURE>\n<DATE_SORTIE>01/07/2026</DATE_SORTIE>\n</SCOLARITE_AN_DERNIER>\n</ELEVE>"
    )
    one = eleve().replace("</ELEVE>", before).replace("<ELEVE ", "<ELEVE ", 1)
    (found,) = read(pupils(one, structures=in_class("101", "6A"))).pupils
    assert (found.level, found.class_label) == ("6E", "6A")


@pytest.mark.parametrize("tag", ["DATE_SORTIE", "DATE_SORTIE_ETAB"])
def test_leavers_and_the_inactive_are_left_out_and_counted(tag: str) -> None:
    """Whoever has left by today, and the division of those who are not there."""
    data = pupils(
        eleve("101", **{tag: "20/11/2026"}),
        eleve("102", PRENOM="Bob", **{tag: "23/11/2026"}),
        eleve("103", PRENOM="Charlie"),
        eleve("104", PRENOM="Denise"),
        structures=in_class("103", "Inactifs") + in_class("104", "6A") + in_class("101", "6A"),
    )
    reading = read(data)
    assert [one.given_name for one in reading.pupils] == ["Denise"]
    assert (reading.rows, reading.left_out) == (4, 3)
    assert is_whole(reading)
    assert [one.source_id for one in reading.left_out_pupils] == ["101", "102", "103"]
    assert [(one.column, one.value) for one in reading.problems] == [
        (tag, "20/11/2026"),
        (tag, "23/11/2026"),
        ("CODE_STRUCTURE", "Inactifs"),
    ]


def test_who_is_to_leave_is_still_there() -> None:
    """A day to come changes nothing yet; a day that is none is told."""
    data = pupils(
        eleve("101", DATE_SORTIE="24/11/2026"),
        eleve("102", PRENOM="Bob", DATE_SORTIE="31/06/2026"),
        structures=in_class("101", "6A") + in_class("102", "6A"),
    )
    reading = read(data)
    assert len(reading.pupils) == 2
    assert [code for _, code in codes(reading)] == ["bad_leaving_date"]


def test_a_pupil_without_division_and_one_in_two() -> None:
    """Both go in without a class, with a remark: which one is not guessed."""
    reading = read(
        pupils(
            eleve("101"),
            eleve("102", PRENOM="Bob"),
            structures=in_class("101", groups=("6AGR1",)) + in_class("102", "6A", "6B"),
        )
    )
    assert [one.class_label for one in reading.pupils] == [None, None]
    assert [code for _, code in codes(reading)] == ["no_class", "no_class", "several_classes"]
    assert reading.problems[-1].value == "6A, 6B"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"NOM_DE_FAMILLE": ""}, "no_family_name"),
        ({"PRENOM": ""}, "no_given_name"),
        ({"PRENOM": "A" * 101}, "name_too_long"),
        ({"DATE_NAISS": ""}, "no_birth_date"),
        ({"DATE_NAISS": "31/02/2014"}, "impossible_birth_date"),
        ({"DATE_NAISS": "03/09/14"}, "two_digit_year"),
        ({"DATE_NAISS": "24/11/2026"}, "future_birth_date"),
    ],
)
def test_a_bad_pupil_is_refused_and_stops_nobody(facts: dict[str, str], code: str) -> None:
    """The same reasons as in a CSV, with the line and the tag."""
    tag = next(iter(facts))
    reading = read(
        pupils(
            eleve("101", **facts),
            eleve("102", PRENOM="Bob"),
            structures=in_class("101", "6A") + in_class("102", "6A"),
        )
    )
    assert [one.given_name for one in reading.pupils] == ["Bob"]
    assert [(one.code.value, one.column) for one in reading.problems] == [(code, tag)]
    assert [one.source_id for one in reading.refused_pupils] == ["101"]
    assert is_whole(reading)


def test_an_empty_element_is_a_refused_row() -> None:
    """No footer, no blank line: every ELEVE is somebody."""
    reading = read(pupils(eleve(), "<ELEVE ELEVE_ID='7'/>\n", "<ELEVE/>\n"))
    assert (reading.rows, reading.refused, len(reading.pupils)) == (3, 2, 1)
    assert is_whole(reading)


@pytest.mark.parametrize(
    ("born", "is_odd"),
    [("23/11/2018", True), ("23/11/2017", False), ("24/11/2000", False), ("23/11/2000", True)],
)
def test_the_ages_of_the_second_degree(born: str, is_odd: bool) -> None:
    """Nine to twenty-five: a lycée has students of eighteen and more."""
    reading = read(pupils(eleve(DATE_NAISS=born), structures=in_class("101", "6A")))
    assert [code for _, code in codes(reading)] == (["unlikely_age"] if is_odd else [])


def test_numbers_met_twice_are_named() -> None:
    """One number for two children, one child said twice, two numbers for one child."""
    everybody = [
        eleve("101"),
        eleve("101", PRENOM="Bob"),
        eleve("102", PRENOM="Charlie"),
        eleve("102", PRENOM="Charlie"),
        eleve("103", PRENOM="Denise", INE_RNIE="070832327JA"),
        eleve("104", PRENOM="Emma", INE_RNIE="070832327JA"),
    ]
    classes = "".join(in_class(str(number), "6A") for number in range(101, 105))
    reading = read(pupils(*everybody, structures=classes))
    assert [one.given_name for one in reading.pupils] == ["Alice", "Charlie", "Denise"]
    assert sorted(code for _, code in codes(reading)) == [
        "contested_pupil",
        "contested_pupil",
        "contradictory_pupil",
        "contradictory_pupil",
        "repeated_pupil",
    ]
    assert {one.column for one in reading.problems if one.refuses} == {"ELEVE_ID", "INE_RNIE", ""}
    assert is_whole(reading)


def test_twins_are_two() -> None:
    """Same surname, date and class: two numbers, two pupils, no remark."""
    classes = in_class("101", "6A") + in_class("102", "6A")
    reading = read(pupils(eleve("101"), eleve("102", PRENOM="Bob"), structures=classes))
    assert (len(reading.pupils), reading.problems) == (2, ())


def test_a_class_of_nobody_is_told() -> None:
    """Structures of a pupil who is not in the file: a remark, on their line."""
    reading = read(pupils(eleve("101"), structures=in_class("101", "6A") + in_class("999", "6A")))
    (problem,) = reading.problems
    assert (problem.code.value, problem.column, problem.value) == (
        "points_nowhere",
        "ELEVE_ID",
        "999",
    )
    assert len(reading.pupils) == 1


def test_a_lost_letter_is_kept_and_told() -> None:
    """SIECLE writes `?` for what its exports can't hold."""
    data = pupils(eleve(NOM_DE_FAMILLE="ŞIMŞEK"), structures=in_class("101", "6A"))
    reading = read(data)
    assert reading.pupils[0].family_name == "?IM?EK"
    assert [code for _, code in codes(reading)] == ["odd_name"]


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("10010012110", "6E"), ("10110001110", "5E"), ("10210001110", "4E"), ("10310019110", "3E"),
        ("16410002110", "6E"), ("16710002110", "3E"), ("20111011110", "1RE"),
        ("20211011110", "TLE"), ("00110002110", "CP"), ("00210002210", "CE1"),
        ("00210002220", "CE2"), ("00310002220", "CM2"), ("00310002230", ""), ("24733403310", ""),
        ("10010012120", ""), ("1001001211", ""), ("", ""), ("100100121x0", ""),
    ],
)  # fmt: skip
def test_the_level_of_a_formation_where_it_is_certain(code: str, level: str) -> None:
    """By its kind and its year; what is not certain has none."""
    assert level_of_code(code) == level


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("5EME", "5E"), ("6EME SEGPA", "6E"), ("2NDE GENERALE ET TECHNOLOGIQUE", "2DE"),
        ("PREMIERE GENERALE", "1RE"), ("TERMINALE STMG", "TLE"), ("1CAP2 CUISINE", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_level_that_a_label_begins_with(label: str, level: str) -> None:
    """The first word of it, if it is a level."""
    assert level_of_label(label) == level
