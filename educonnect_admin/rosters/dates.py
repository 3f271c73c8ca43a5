"""Birth dates as cells write them: ISO, French, or a spreadsheet's count of days.

Which of two numbers is the day is never guessed: where a column says that its dates may be
swapped (`Doubt`), those that read both ways are refused.
"""

import re
from datetime import date, timedelta
from enum import IntFlag
from functools import lru_cache

from educonnect_admin.domain.names import to_ascii
from educonnect_admin.rosters.problems import ProblemCode
from educonnect_admin.rosters.vocabulary import month_number

_TIME = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
_ISO = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}")
_FRENCH = re.compile(rf"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}){_TIME}")
_SHORT = re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}")
_IN_LETTERS = re.compile(r"([0-9]{1,2})(?:er)?[- ]?([a-z]{3,9})\.?[- ]?([0-9]{4}|[0-9]{2})")
_WITH_TIME = re.compile(r"[0-9]{4}-([0-9]{2})-([0-9]{2})[ T]00:00(?::00(?:\.0+)?)?")
_SERIAL = re.compile(r"([0-9]{4,6})(?:\.0+)?")
_SERIAL_ORIGIN = date(1899, 12, 30)
# 2 October 1954: below, a number is a bare year, or no pupil's birth.
_FIRST_SERIAL = 20_000
_OLDEST = 1900
_MONTHS = 12
FIRST_DEGREE = range(2, 17)
SECOND_DEGREE = range(9, 26)
"""From a child two years ahead to a student of a technician's certificate, in a lycée."""


class Doubt(IntFlag):
    """What a column of dates leaves open about itself."""

    NONE = 0
    TEXTS = 1
    """Whether its texts begin with the day or with the month."""
    DATES = 2
    """Whether its real dates were read with day and month swapped."""


@lru_cache(maxsize=16_384)
def parse_date(
    text: str, *, serials: bool = False, doubt: Doubt = Doubt.NONE
) -> date | ProblemCode:
    """Return the date that a cell holds, or what is wrong with it (R-60).

    Args:
        text: A tidy cell, not empty.
        serials: Whether a bare number is a count of days since 1899-12-30, which only a
            workbook's cell may be.
        doubt: What the column of the cell leaves open.

    Returns:
        The date, or TWO_DIGIT_YEAR (nobody knows which century), DAY_OR_MONTH (it reads
        both ways) or IMPOSSIBLE_BIRTH_DATE (no such day, not a date, before 1900, a bare
        year). Day and month are never swapped to make a date possible.
    """
    if doubt and _is_doubtful(text, serials=serials, doubt=doubt):
        return ProblemCode.DAY_OR_MONTH
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _FRENCH.fullmatch(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if _SHORT.fullmatch(text):
        return ProblemCode.TWO_DIGIT_YEAR
    if serials and real_day(text, serials=True):
        return _from_serial(text)
    return _in_letters(text)


def _is_doubtful(text: str, *, serials: bool, doubt: Doubt) -> bool:
    written = numbers_of_text(text) if doubt & Doubt.TEXTS else None
    held = real_day(text, serials=serials) if doubt & Doubt.DATES else None
    return reads_both_ways(written) or reads_both_ways(held)


def reads_both_ways(day_and_month: tuple[int, int] | None) -> bool:
    """Tell a day and a month that make another date when swapped."""
    return (
        day_and_month is not None
        and max(day_and_month) <= _MONTHS
        and day_and_month[0] != day_and_month[1]
    )


def numbers_of_text(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a date written `dd/mm/yyyy`, or by whom it was swapped."""
    found = _FRENCH.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def real_day(text: str, *, serials: bool) -> tuple[int, int] | None:
    """Return day and month of a cell that a workbook holds as a date or as a count of days."""
    if found := _WITH_TIME.fullmatch(text):
        return int(found[2]), int(found[1])
    if serials and (found := _SERIAL.fullmatch(text)) and int(found[1]) >= _FIRST_SERIAL:
        day = _from_serial(text)
        return day.day, day.month
    return None


def _from_serial(text: str) -> date:
    return _SERIAL_ORIGIN + timedelta(days=int(text.partition(".")[0]))


def _in_letters(text: str) -> date | ProblemCode:
    """Return a date such as `14 mars 2018`."""
    found = _IN_LETTERS.fullmatch(" ".join(to_ascii(text).split()))
    month = found and month_number(found[2])
    if not found or not month:
        return ProblemCode.IMPOSSIBLE_BIRTH_DATE
    if len(found[3]) == 2:
        return ProblemCode.TWO_DIGIT_YEAR
    return _day(int(found[3]), month, int(found[1]))


def _day(year: int, month: int, day: int) -> date | ProblemCode:
    try:
        found = date(year, month, day)
    except ValueError:
        return ProblemCode.IMPOSSIBLE_BIRTH_DATE
    return found if year >= _OLDEST else ProblemCode.IMPOSSIBLE_BIRTH_DATE


def age_on(birth: date, today: date) -> int:
    """Return the age in whole years; somebody born on 29 February turns older on 1 March."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def is_unlikely_pupil(birth: date, today: date, ages: range = FIRST_DEGREE) -> bool:
    """Tell an age that a school should look at: under 2, or 17 and more, in the first degree."""
    return age_on(birth, today) not in ages
