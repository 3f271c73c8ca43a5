"""Birth dates as cells write them: ISO, French, or a spreadsheet's count of days."""

import re
from datetime import date, timedelta
from functools import lru_cache

from educonnect_admin.rosters.problems import ProblemCode

_TIME = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
_ISO = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}")
_FRENCH = re.compile(rf"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}){_TIME}")
_SHORT = re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}")
_SERIAL = re.compile(r"([0-9]{4,6})(?:\.0+)?")
_SERIAL_ORIGIN = date(1899, 12, 30)
# 2 October 1954: below, a number is a bare year, or no pupil's birth.
_FIRST_SERIAL = 20_000
_OLDEST = 1900
FIRST_DEGREE = range(2, 17)
SECOND_DEGREE = range(9, 26)
"""From a child two years ahead to a student of a technician's certificate, in a lycée."""


@lru_cache(maxsize=16_384)
def parse_date(text: str, *, serials: bool = False) -> date | ProblemCode:
    """Return the date that a cell holds, or what is wrong with it (R-60).

    Args:
        text: A tidy cell, not empty.
        serials: Whether a bare number is a count of days since 1899-12-30, which only a
            workbook's cell may be.

    Returns:
        The date, or TWO_DIGIT_YEAR (nobody knows which century) or IMPOSSIBLE_BIRTH_DATE
        (no such day, not a date, before 1900, a bare year). Day and month are never
        swapped to make a date possible.
    """
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _FRENCH.fullmatch(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if _SHORT.fullmatch(text):
        return ProblemCode.TWO_DIGIT_YEAR
    if serials and (found := _SERIAL.fullmatch(text)) and int(found[1]) >= _FIRST_SERIAL:
        return _SERIAL_ORIGIN + timedelta(days=int(found[1]))
    return ProblemCode.IMPOSSIBLE_BIRTH_DATE


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
