"""Mobile numbers to E.164."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.rosters.mobiles import parse_mobile, parse_mobile_cell
from educonnect_admin.rosters.problems import ProblemCode

UNUSUAL, BAD = ProblemCode.UNUSUAL_MOBILE, ProblemCode.BAD_MOBILE
TRUNK_REGIONS = ("FR", "RE", "YT", "GP", "MF", "BL", "MQ", "GF", "PM")


@pytest.mark.parametrize(
    "written",
    [
        "0612345678", "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78",
        "+33 6 12 34 56 78", "0033612345678", "+33(0)612345678", "+33 (0)6 12 34 56 78",
        "+330612345678", "612345678", "33612345678", "06\u00a012\u202f34 56 78",
    ],
)  # fmt: skip
def test_one_mobile_however_it_is_written(written: str) -> None:
    """Spaces, dots, prefixes, a lost zero: the same number."""
    assert parse_mobile(written) == ("+33612345678", None)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0692123456", "+262692123456"),
        ("0693123456", "+262693123456"),
        ("0639012345", "+262639012345"),
        ("0690123456", "+590690123456"),
        ("0691223456", "+590691223456"),
        ("0694123456", "+594694123456"),
        ("0696123456", "+596696123456"),
        ("0697123456", "+596697123456"),
        ("0708451234", "+508708451234"),
        ("692123456", "+262692123456"),
        ("0731000000", "+33731000000"),
        ("+687751234", "+687751234"),
        ("+68987123456", "+68987123456"),
        ("+508551234", "+508551234"),
        ("+32470123456", "+32470123456"),
    ],
)
def test_the_number_names_its_country_not_the_school(written: str, number: str) -> None:
    """Overseas prefixes carry their own country code; foreign mobiles are welcome."""
    assert parse_mobile(written) == (number, None)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0712345678", "+33712345678"),
        ("0700123456", "+33700123456"),
        ("0706123456", "+33706123456"),
        ("0639123456", "+262639123456"),
        ("0691123456", "+590691123456"),
        ("+262639123456", "+262639123456"),
        ("+33692123456", "+262692123456"),
        ("+33639123456", "+262639123456"),
    ],
)
def test_a_block_not_open_yet_is_kept_with_a_remark(written: str, number: str) -> None:
    """The library lags the regulator's plan: 06 and 07 are kept, under the right code."""
    assert parse_mobile(written) == (number, UNUSUAL)


@pytest.mark.parametrize(
    "written",
    [
        "0412345678", "0123456789", "0269612345", "0262123456", "0612345", "06123456789",
        "6,12E+08", "06 12 34 56 78 / 06 98 76 54 32", "néant", "+33", "+331", "+33412345678",
        "+999612345678", "٠٦١٢٣٤٥٦٧٨", "-",
    ],
)  # fmt: skip
def test_what_is_no_mobile_is_dropped(written: str) -> None:
    """Fixed lines, short and long numbers, words, two numbers in a cell."""
    assert parse_mobile(written) == (None, BAD)


@settings(max_examples=200, deadline=None)
@given(st.integers(600_000_000, 799_999_999))
def test_our_reading_agrees_with_the_library(national: int) -> None:
    """A number is usual exactly when the library knows it as a mobile of some region."""
    number, code = parse_mobile(f"0{national}")
    known = set()
    for region in TRUNK_REGIONS:
        country = phonenumbers.country_code_for_region(region)
        found = phonenumbers.PhoneNumber(country_code=country, national_number=national)
        if phonenumbers.number_type(found) == phonenumbers.PhoneNumberType.MOBILE:
            known.add(f"+{country}{national}")
    assert known == {number} if code is None else not known


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_not(written: str) -> None:
    """No text raises; what is returned is E.164."""
    number, code = parse_mobile(written)
    assert code in {None, UNUSUAL, BAD}
    assert (number is None) == (code is BAD)
    assert number is None or (number[0] == "+" and number[1:].isdecimal())


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("612345678.0", ("+33612345678", None)),
        ("6.12345678E8", ("+33612345678", None)),
        ("6,12345678E+08", ("+33612345678", None)),
        ("6,12346E+08", (None, BAD)),
        ("'0612345678", ("+33612345678", None)),
        ("0612345678'", ("+33612345678", None)),
        ("06 12 34 56 78 / 06.12.34.56.78", ("+33612345678", None)),
        ("03 20 11 22 33 / 06 12 34 56 78", ("+33612345678", None)),
        ("06 12 34 56 78 / 07 11 22 33 44", ("+33612345678", ProblemCode.SEVERAL_MOBILES)),
        ("06 12 34 56 78 ou 07 11 22 33 44", ("+33612345678", ProblemCode.SEVERAL_MOBILES)),
        ("0612345678\n0711223344", ("+33612345678", ProblemCode.SEVERAL_MOBILES)),
        ("06 12 34 56 78 (Anne) / 07 11 22 33 44 (Bob)", (None, BAD)),
        ("03 20 11 22 33 / 03 20 11 22 34", (None, BAD)),
        ("0612345678", ("+33612345678", None)),
    ],
)
def test_what_spreadsheets_and_families_make_of_a_cell(cell: str, found: object) -> None:
    """Digits that are all there are found; of several mobiles the first, with a remark."""
    assert parse_mobile_cell(cell) == found


def test_only_a_file_may_hold_several_numbers() -> None:
    """Whoever types at the desk or on the portal is asked again."""
    assert parse_mobile("06 12 34 56 78 / 07 11 22 33 44") == (None, BAD)
