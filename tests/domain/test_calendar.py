"""Days as letters count them: three months, the school's own midnight (R-11)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.calendar import day_in, last_day_of_letter
from educonnect_admin.domain.letters import Letter


@pytest.mark.parametrize(
    ("created", "last"),
    [
        (date(2026, 10, 15), date(2027, 1, 15)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 11, 28), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2027, 3, 31)),
        (date(2026, 8, 31), date(2026, 11, 30)),
        (date(2026, 3, 31), date(2026, 6, 30)),
        (date(2028, 2, 29), date(2028, 5, 29)),
        (date(2026, 9, 1), date(2026, 12, 1)),
        (date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_the_same_day_three_months_later(created: date, last: date) -> None:
    """A day that the month does not have becomes its last one."""
    assert last_day_of_letter(created) == last


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_three_months_are_89_to_92_days(created: date) -> None:
    """Never a month more or less, and never past the same day."""
    last = last_day_of_letter(created)

    assert 89 <= (last - created).days <= 92
    assert last.day <= created.day
    assert (last.year * 12 + last.month) - (created.year * 12 + created.month) == 3


@pytest.mark.parametrize(
    ("time_zone", "day"),
    [
        ("Europe/Paris", date(2026, 10, 15)),
        ("America/Cayenne", date(2026, 10, 14)),
        ("America/Miquelon", date(2026, 10, 14)),
        ("Indian/Reunion", date(2026, 10, 15)),
        ("Pacific/Noumea", date(2026, 10, 15)),
        ("Pacific/Tahiti", date(2026, 10, 14)),
    ],
)
def test_midnight_is_the_schools_own(time_zone: str, day: date) -> None:
    """At 22:30 in universal time it is already tomorrow in Paris, not yet in Cayenne."""
    assert day_in(time_zone, datetime(2026, 10, 14, 22, 30, tzinfo=UTC)) == day


def test_summer_time_counts() -> None:
    """22:30 universal time is tomorrow in summer, still today in winter."""
    assert day_in("Europe/Paris", datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert day_in("Europe/Paris", datetime(2026, 12, 1, 22, 30, tzinfo=UTC)) == date(2026, 12, 1)


def a_letter() -> Letter:
    """Return a letter created on 15 October."""
    return Letter(
        number="BCDFGHJKMNPQ",
        account_id=1,
        school_id=1,
        guardian_id=1,
        carrier_id=1,
        former_state=AccountState.NOT_NOTIFIED,
        created_at=datetime(2026, 10, 15, 8, tzinfo=UTC),
        created_on=date(2026, 10, 15),
        password_hash=b"sealed",
    )


def test_the_last_day_is_included() -> None:
    """The password works on 15 January and no longer on the 16th, whatever cron has done."""
    letter = a_letter()

    assert letter.last_day == date(2027, 1, 15)
    assert letter.is_live(letter.last_day)
    assert not letter.is_live(letter.last_day + timedelta(days=1))


def test_an_ended_letter_is_over_at_once() -> None:
    """Used, superseded or void: its date no longer counts."""
    letter = a_letter()
    letter.ended_at = datetime(2026, 10, 16, tzinfo=UTC)

    assert not letter.is_live(date(2026, 10, 16))
