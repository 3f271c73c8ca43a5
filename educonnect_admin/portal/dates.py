"""Birth dates as parents type them: in three fields, or whole in the first one."""

import re
from collections.abc import Mapping
from datetime import date

PARTS = ("jour", "mois", "annee")
"""What the three fields of a date are called, behind its name: `birth_7_jour` …"""

_DAY_OR_MONTH = re.compile(r"[0-9]{1,2}")
_YEAR = re.compile(r"[0-9]{4}")
_WHOLE = (
    re.compile(r"(?P<jour>[0-9]{1,2})[ /.-]+(?P<mois>[0-9]{1,2})[ /.-]+(?P<annee>[0-9]{4})"),
    re.compile(r"(?P<jour>[0-9]{2})(?P<mois>[0-9]{2})(?P<annee>[0-9]{4})"),
    re.compile(r"(?P<annee>[0-9]{4})[ /.-](?P<mois>[0-9]{1,2})[ /.-](?P<jour>[0-9]{1,2})"),
)


def typed_date(form: Mapping[str, str], name: str) -> date | None:
    """Return the date that was typed under a name; None where there is none in the calendar.

    Password managers, phones and hurried people put it whole in the first field: `14/03/2018`,
    `14032018` and `2018-03-14` are read there too. A year has four digits: `18` could be 1918.

    Args:
        form: What was typed, a text a field.
        name: Of the date: its fields are `{name}_jour`, `{name}_mois`, `{name}_annee`.
    """
    day, month, year = (form.get(f"{name}_{part}", "").strip() for part in PARTS)
    if not month and not year:
        return _whole_date(day)
    if not (_DAY_OR_MONTH.fullmatch(day) and _DAY_OR_MONTH.fullmatch(month)):
        return None
    return _in_calendar(day, month, year) if _YEAR.fullmatch(year) else None


def is_blank(form: Mapping[str, str], name: str) -> bool:
    """Tell whether nothing at all was typed under a name."""
    return not any(form.get(f"{name}_{part}", "").strip() for part in PARTS)


def _whole_date(text: str) -> date | None:
    for shape in _WHOLE:
        if found := shape.fullmatch(text):
            return _in_calendar(found["jour"], found["mois"], found["annee"])
    return None


def _in_calendar(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
