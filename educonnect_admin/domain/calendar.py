"""Days as letters count them: months of their own length, the school's own midnight (R-11)."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from educonnect_admin.domain.delays import DAYS_WITHOUT_CHILD, MONTHS_OF_LETTER


def day_in(time_zone: str, now: datetime) -> date:
    """Return the calendar day of an instant in a time zone (IANA name)."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def end_of_day(time_zone: str, day: date) -> datetime:
    """Return the instant at which a day is over in a time zone: the midnight after it, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone))
    return midnight.astimezone(UTC)


def last_day_of_letter(created_on: date) -> date:
    """Return the last day of a letter, included: the same day three months later.

    The last day of a shorter month stands in for a day it does not have: 30 November
    gives 28 or 29 February.

    Rule: R-11.
    """
    months = created_on.year * 12 + created_on.month - 1 + MONTHS_OF_LETTER
    year, month = divmod(months, 12)
    return date(year, month + 1, min(created_on.day, monthrange(year, month + 1)[1]))


def closing_day(last_child_on: date) -> date:
    """Return the day from which an account without a child is closed, 90 days after the last.

    Args:
        last_child_on: The day on which the last child left, by the calendar of its school.

    Rule: R-62.
    """
    return last_child_on + timedelta(days=DAYS_WITHOUT_CHILD)
