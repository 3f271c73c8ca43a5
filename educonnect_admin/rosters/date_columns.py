"""Whether a column of dates may have day and month swapped: looked at before its rows are read.

A spreadsheet of another country reads `03/04/2018` as 4 March and leaves `25/04/2018`, which
it can't read, as a text. Each cell looks right by itself; only the column gives it away.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from educonnect_admin.rosters.cells import clean
from educonnect_admin.rosters.dates import (
    Doubt,
    numbers_of_text,
    reads_both_ways,
    real_day,
)

_LAST_MONTH = 12
_ENOUGH = 3
"""Fewer real dates or texts than that are a coincidence."""


@dataclass(frozen=True, slots=True)
class DateColumn:
    """What a column leaves open, and whether some of its texts begin with the month.

    `month_first` counts the texts that can only begin with the month.
    """

    doubt: Doubt = Doubt.NONE
    month_first: int = 0


def look_at_dates(cells: Iterable[str], *, serials: bool) -> DateColumn:
    """Return what a column says about its own dates.

    Texts leave it open where no fewer can only begin with the month than can only begin with
    the day. Real dates do where all of them read both ways while no text does, with at least
    three of each: nobody is born only in the first twelve days of a month.

    Args:
        cells: The column, from top to bottom.
        serials: Whether bare numbers are counts of days.
    """
    texts: Counter[tuple[int, int]] = Counter()
    real: Counter[tuple[int, int]] = Counter()
    for cell, times in Counter(cells).items():
        text = clean(cell)
        if found := numbers_of_text(text):
            texts[found] += times
        elif found := real_day(text, serials=serials):
            real[found] += times
    month_first = sum(n for (one, two), n in texts.items() if one <= _LAST_MONTH < two)
    day_first = sum(n for (one, two), n in texts.items() if two <= _LAST_MONTH < one)
    doubt = _swapped(texts, real)
    if month_first and month_first >= day_first:
        doubt |= Doubt.TEXTS
    return DateColumn(doubt, month_first)


def _swapped(texts: Counter[tuple[int, int]], real: Counter[tuple[int, int]]) -> Doubt:
    told = min(texts.total(), real.total()) >= _ENOUGH
    one_way = not any(map(reads_both_ways, texts))
    early = all(day <= _LAST_MONTH for day, _ in real)
    return Doubt.DATES if told and one_way and early else Doubt.NONE
