"""Birth dates as parents type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.portal.dates import is_blank, typed_date

LEA = date(2018, 3, 14)


def _form(day: str, month: str = "", year: str = "") -> dict[str, str]:
    return {"lea_jour": day, "lea_mois": month, "lea_annee": year}


@pytest.mark.parametrize(
    "typed",
    [
        ("14", "3", "2018"),
        ("14", "03", "2018"),
        (" 14 ", " 03", "2018 "),
        ("14/03/2018",),
        ("14/3/2018",),
        ("14.03.2018",),
        ("14 03 2018",),
        ("14 / 03 / 2018",),
        ("14-03-2018",),
        ("14032018",),
        ("2018-03-14",),
        ("2018/3/14",),
    ],
)
def test_a_date_is_read_however_it_is_typed(typed: tuple[str, ...]) -> None:
    """In three fields, or whole in the first one."""
    assert typed_date(_form(*typed), "lea") == LEA


@pytest.mark.parametrize(
    "typed",
    [
        ("",),
        ("14",),
        ("14", "3"),
        ("14", "3", "18"),
        ("14/03/18",),
        ("31", "2", "2018"),
        ("31/02/2018",),
        ("14", "13", "2018"),
        ("0", "3", "2018"),
        ("14", "3", "0000"),
        ("14", "3", "20180"),
        ("quatorze", "mars", "2018"),
        ("-14", "3", "2018"),
        ("1_4", "3", "2018"),
        ("١٤", "٣", "٢٠١٨"),
        ("14/03/2018", "3", "2018"),
        ("14/03/2018/1",),
        ("", "3", "2018"),
    ],
)
def test_what_is_no_date_is_none(typed: tuple[str, ...]) -> None:
    """Half a date, a year of two digits, a day that no calendar has."""
    assert typed_date(_form(*typed), "lea") is None


def test_a_form_without_the_fields_has_no_date() -> None:
    """As when somebody sends a form of their own making."""
    assert typed_date({}, "lea") is None
    assert is_blank({}, "lea")
    assert is_blank(_form("  "), "lea")
    assert not is_blank(_form("", "3"), "lea")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_of_the_calendar_can_be_typed(day: date) -> None:
    """Both ways mean the same day."""
    in_parts = _form(str(day.day), str(day.month), str(day.year))

    assert typed_date(in_parts, "lea") == day
    assert typed_date(_form(day.strftime("%d/%m/") + str(day.year)), "lea") == day


@given(st.text(), st.text(), st.text())
def test_whatever_is_typed_nothing_breaks(day: str, month: str, year: str) -> None:
    """The answer is a date or none."""
    found = typed_date(_form(day, month, year), "lea")

    assert found is None or isinstance(found, date)
