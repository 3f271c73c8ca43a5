"""Dates, numbers, addresses and names, one cell at a time."""

from datetime import date

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.domain.civility import Civility
from educonnect_admin.rosters import cells
from educonnect_admin.rosters.dates import age_on, is_unlikely_pupil, parse_date
from educonnect_admin.rosters.problems import ProblemCode
from tests.rosters.files import TODAY


@pytest.mark.parametrize(
    "written",
    ["2014-02-03", "03/02/2014", "3/2/2014", "03-02-2014", "03.02.2014", "2014-02-03 00:00:00"],
)
def test_a_date_in_every_shape(written: str) -> None:
    """ISO and French dates are the same day."""
    assert parse_date(written) == date(2014, 2, 3)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("31/02/2014", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("29/02/2015", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("05/25/2014", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("2014-13-01", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("0014-03-20", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("41703", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("hier", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("٠٣/٠٢/٢٠١٤", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("03/02/14", ProblemCode.TWO_DIGIT_YEAR),
        ("3-2-14", ProblemCode.TWO_DIGIT_YEAR),
    ],
)
def test_a_date_that_is_none(written: str, code: ProblemCode) -> None:
    """A day that never was is told from a year nobody can know; nothing is guessed."""
    assert parse_date(written) is code


def test_a_serial_is_a_date_only_in_a_workbook() -> None:
    """41703 is 5 March 2014 in a spreadsheet's cell."""
    assert parse_date("41703", serials=True) == date(2014, 3, 5)
    assert parse_date("41703.0", serials=True) == date(2014, 3, 5)


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_date_is_read_back(day: date) -> None:
    """A date written in either way comes back."""
    assert parse_date(day.isoformat()) == parse_date(f"{day:%d/%m/}{day.year:04d}") == day


def test_ages_that_a_school_should_look_at() -> None:
    """Two to sixteen is likely; the birthday counts."""
    assert age_on(date(2024, 11, 23), TODAY) == 2
    assert not is_unlikely_pupil(date(2024, 11, 23), TODAY)
    assert is_unlikely_pupil(date(2024, 11, 24), TODAY)
    assert not is_unlikely_pupil(date(2009, 11, 24), TODAY)
    assert is_unlikely_pupil(date(2009, 11, 23), TODAY)
    assert age_on(date(2016, 2, 29), date(2018, 2, 28)) == 1


@pytest.mark.parametrize(
    ("written", "kept", "code"),
    [
        ("123456789ab", "123456789AB", None),
        ("123 456 789 HK", "123456789HK", None),
        ("0113014881M", "0113014881M", None),
        ("1111111111A", "1111111111A", ProblemCode.BAD_INE),
        ("2104D12345X", "2104D12345X", None),
        ("0123456789Z", "0123456789Z", ProblemCode.BAD_INE),
        ("inconnu", None, ProblemCode.BAD_INE),
        ("0", None, ProblemCode.BAD_INE),
    ],
)
def test_national_numbers(written: str, kept: str | None, code: ProblemCode | None) -> None:
    """A wrong key is a remark; what has not eleven signs identifies nobody."""
    assert cells.parse_ine(written) == (kept, code)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Jean.Durand@Example.FR", "Jean.Durand@example.fr"),
        ("a+b@example.org", "a+b@example.org"),
        ("jean.durand", None),
        ("jean@durand@example.fr", None),
        ("jean..durand@example.fr", None),
        ("jean@localhost", None),
        ("hélène@example.fr", None),
        ("a@b.c, d@e.f", None),
    ],
)
def test_addresses(written: str, kept: str | None) -> None:
    """What can't be written to is dropped with a remark."""
    assert cells.parse_email(written) == (kept, None if kept else ProblemCode.BAD_EMAIL)


@given(st.one_of(st.emails(), st.text(max_size=20), st.from_regex(r"[a-z.+-]{1,70}@[a-z.]{1,9}")))
def test_our_shortcut_judges_as_the_library(written: str) -> None:
    """Judging the domain once gives the verdict and the form of judging each address."""
    try:
        expected = validate_email(written, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        assert cells.parse_email(written)[0] is None
    else:
        assert cells.parse_email(written)[0] == expected.normalized


@pytest.mark.parametrize(
    ("written", "country", "kept", "code"),
    [
        ("59000", "FRANCE", "59000", None),
        ("1000", "", "01000", None),
        ("59 000", "France", "59000", None),
        ("1000", "BELGIQUE", "1000", None),
        ("SW1A 1AA", "Royaume-Uni", "SW1A 1AA", None),
        ("59 OOO", "FRANCE", "59 OOO", ProblemCode.BAD_POSTCODE),
    ],
)
def test_postcodes(written: str, country: str, kept: str, code: ProblemCode | None) -> None:
    """The zero that a spreadsheet ate is put back in France, and only there."""
    assert cells.parse_postcode(written, country) == (kept, code)


@pytest.mark.parametrize(
    ("written", "civility"),
    [
        ("M.", Civility.SIR),
        ("Monsieur", Civility.SIR),
        ("MME", Civility.MADAM),
        ("Mme", Civility.MADAM),
        ("MLLE", Civility.MADAM),
        ("M. et Mme", None),
        ("", None),
    ],
)
def test_civilities(written: str, civility: Civility | None) -> None:
    """Old and new spellings; a couple is nobody's civility."""
    assert cells.parse_civility(written) is civility


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ULIS TSA", "ULIS"),
        ("ULIS - TFC (Mme Roy)", "ULIS (Mme Roy)"),
        ("CLIS 1", "CLIS"),
        ("Ulis-TED", "Ulis"),
        ("ULIS 2", "ULIS 2"),
        ("CE1 TED", "CE1 TED"),
    ],
)
def test_the_kind_of_a_special_class_is_not_kept(written: str, kept: str) -> None:
    """A label loses the handicap it names (R-66), and nothing else."""
    assert cells.without_ulis_kind(written) == kept


def test_levels() -> None:
    """Levels come in capitals; every special class is just ULIS."""
    assert [cells.parse_level(level) for level in ("cm1", "CLIS", "ULIS TFV")] == [
        "CM1",
        "ULIS",
        "ULIS",
    ]


def test_cells_lose_what_nobody_typed() -> None:
    """No-break spaces, byte-order marks, controls and direction marks go; accents compose."""
    assert cells.clean("\ufeff DE\u00a0 LA\u202e\x07 TOUR ") == "DE LA TOUR"
    assert cells.clean("E\u0301lise  Marie") == "Élise Marie"
    assert cells.clean("  Anne   Lise ") == "Anne Lise"


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "MARTIN2", "-", "?"])
def test_odd_names(name: str) -> None:
    """Formulas, digits and names without a letter call for a look."""
    assert cells.is_odd_name(name)


@pytest.mark.parametrize("name", ["N'DIAYE", "D’Angelo", "M'Bark", "Nguyễn Thị", "O"])
def test_names_that_are_not_odd(name: str) -> None:
    """Apostrophes, accents and a single letter are names."""
    assert not cells.is_odd_name(name)


@pytest.mark.parametrize("text", ["#REF!", "#N/A", " #VALEUR! ", "#nom?", "#DIV/0!", "#####"])
def test_errors_of_a_spreadsheet_are_known(text: str) -> None:
    """Of Excel and LibreOffice, in English and French; a column too narrow."""
    assert cells.is_sheet_error(text)


@pytest.mark.parametrize("text", ["#", "#1", "N/A", "#hashtag", ""])
def test_other_texts_are_no_errors(text: str) -> None:
    """They are what somebody typed."""
    assert not cells.is_sheet_error(text)
