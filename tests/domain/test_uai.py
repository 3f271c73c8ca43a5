"""The number of a school, its check letter, its department, its academy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.domain.errors import InvalidUAI, UnknownTimeZone
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.uai import academy_of, check_letter, department_of, parse_uai


@pytest.mark.parametrize("uai", ["0752387M", "0140070A", "0951099D", "0400740M", "0021593W"])
def test_real_numbers_pass(uai: str) -> None:
    """The vectors of the field, canonical already."""
    assert parse_uai(uai) == uai


@pytest.mark.parametrize("typed", ["0752387m", " 0752387M ", "075 2387 M", "0752387\u00a0m"])
def test_spaces_and_small_letters_are_forgiven(typed: str) -> None:
    """People copy numbers from letterheads."""
    assert parse_uai(typed) == "0752387M"


@pytest.mark.parametrize(
    ("typed", "letter"), [("0752387A", "M"), ("0140070B", "A"), ("0140070I", "A")]
)
def test_a_wrong_letter_tells_the_right_one(typed: str, letter: str) -> None:
    """The error carries what the seven digits call for."""
    with pytest.raises(InvalidUAI) as refused:
        parse_uai(typed)

    assert refused.value.expected == letter


@pytest.mark.parametrize(
    "typed", ["", "invalA", "752387M", "00752387M", "0752387", "O752387M", "٠٧٥٢٣٨٧M", "0752387MM"]
)
def test_another_shape_is_refused(typed: str) -> None:
    """Without seven digits there is no letter to tell."""
    with pytest.raises(InvalidUAI) as refused:
        parse_uai(typed)

    assert refused.value.expected is None


def test_a_department_that_does_not_exist_is_refused() -> None:
    """The letter is right, France has no department 20 any more, nor a 99th."""
    for digits in ("0200001", "0990001", "9990001"):
        with pytest.raises(InvalidUAI):
            parse_uai(digits + check_letter(digits))


@pytest.mark.parametrize(
    ("prefix", "department", "academy"),
    [
        ("075", "75", "Paris"),
        ("001", "01", "Lyon"),
        ("014", "14", "Normandie"),
        ("620", "2A", "Corse"),
        ("720", "2B", "Corse"),
        ("971", "971", "Guadeloupe"),
        ("974", "974", "La Réunion"),
        ("978", "978", "Guadeloupe"),
        ("988", "988", "Nouvelle-Calédonie"),
    ],
)
def test_the_first_digits_name_the_department(prefix: str, department: str, academy: str) -> None:
    """Corsica has two of its own, overseas takes all three."""
    digits = f"{prefix}0001"
    uai = parse_uai(digits + check_letter(digits))
    found = academy_of(uai)

    assert department_of(uai) == department
    assert found is not None
    assert found.name == academy


@given(st.integers(0, 9_999_999))
def test_one_letter_and_no_other_is_right(number: int) -> None:
    """The letter is never I, O or Q, and any other one is refused."""
    digits = f"{number:07}"
    letter = check_letter(digits)

    assert letter not in "IOQ"
    for other in set("ABCDEFGHJKLMNPRSTUVWXYZ") - {letter}:
        with pytest.raises(InvalidUAI):
            parse_uai(digits + other)


def test_a_school_knows_its_academy_and_its_clock() -> None:
    """Both come from the number; a school of the Marquesas is told another clock."""
    school = School(uai="9741046w".replace("w", check_letter("9741046")), name="  École  du Port ")

    assert (school.name, school.time_zone) == ("École du Port", "Indian/Reunion")
    assert (school.academy.code, school.academy.name) == ("28", "La Réunion")
    school.live_in("Pacific/Marquesas")
    assert school.time_zone == "Pacific/Marquesas"
    with pytest.raises(UnknownTimeZone):
        school.live_in("Mars/Olympus")
