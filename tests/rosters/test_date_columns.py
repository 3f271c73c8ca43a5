"""Day and month that may be swapped: seen by the column, refused by the row, never guessed."""

from datetime import date, datetime
from pathlib import Path

import pytest

from educonnect_admin.rosters.date_columns import look_at_dates
from educonnect_admin.rosters.dates import Doubt, parse_date
from educonnect_admin.rosters.problems import ProblemCode
from tests.rosters.files import codes, pupil, read_bytes, read_pupils, xlsx

HEADINGS = ["Nom", "Prénom", "Date naissance", "Classe"]
EARLY = ["03/04/2018", "05/06/2018", "07/08/2018"]
LATE = ["25/04/2018", "26/06/2018", "27/08/2018"]
SWAPPED = [date(2018, 4, 3), date(2018, 6, 5), date(2018, 8, 7)]


@pytest.mark.parametrize(
    ("cells", "doubt", "month_first"),
    [
        (EARLY + LATE, Doubt.NONE, 0),
        ([*EARLY, *LATE, "03/25/2018"], Doubt.NONE, 1),
        ([*EARLY, "25/04/2018", "03/25/2018"], Doubt.TEXTS, 1),
        ([*EARLY, "03/25/2018"], Doubt.TEXTS, 1),
        (["2018-04-03", "2018-25-03", "", "Alice"], Doubt.NONE, 0),
        ([*LATE, *(f"{day} 00:00:00" for day in SWAPPED)], Doubt.DATES, 0),
        ([*LATE[:2], *(f"{day} 00:00:00" for day in SWAPPED)], Doubt.NONE, 0),
        ([*LATE, *(f"{day} 00:00:00" for day in SWAPPED[:2])], Doubt.NONE, 0),
        ([*LATE, "03/04/2018", *(f"{day} 00:00:00" for day in SWAPPED)], Doubt.NONE, 0),
        ([*LATE, "2018-04-25 00:00:00", *(f"{day} 00:00:00" for day in SWAPPED)], Doubt.NONE, 0),
        ([*LATE, "43193", "43256", "43319"], Doubt.DATES, 0),
        (["03/25/2018", "04/26/2018", "05/27/2018", "43193", "43256", "43319"],
         Doubt.TEXTS | Doubt.DATES, 3),
    ],
)  # fmt: skip
def test_what_a_column_says_of_its_own_dates(
    cells: list[str], doubt: Doubt, month_first: int
) -> None:
    """Texts by what prevails, real dates by what no text is; three of each at least."""
    found = look_at_dates(cells, serials=True)
    assert (found.doubt, found.month_first) == (doubt, month_first)


def test_texts_of_which_nobody_knows_the_order(tmp_path: Path) -> None:
    """What reads both ways is refused, what reads one way only is taken or impossible."""
    births = ["03/04/2018", "03/25/2018", "05/05/2018", "2018-09-03"]
    rows = [pupil(given=f"A{'b' * n}", birth=birth) for n, birth in enumerate(births)]
    reading = read_pupils(tmp_path, *rows)
    assert codes(reading) == [(2, "day_or_month"), (3, "impossible_birth_date")]
    assert [row.line for row in reading.pupils] == [4, 5]


def test_one_slip_among_many_is_a_remark(tmp_path: Path) -> None:
    """The others are read as ever; the column is to be looked at."""
    births = [*EARLY, *LATE, "03/25/2018"]
    rows = [pupil(given=f"A{'b' * n}", birth=birth) for n, birth in enumerate(births)]
    reading = read_pupils(tmp_path, *rows)
    assert codes(reading) == [(1, "month_first_dates"), (8, "impossible_birth_date")]
    assert (reading.problems[0].column, reading.problems[0].value) == ("Date naissance", "1")


def test_real_dates_that_a_spreadsheet_swapped(tmp_path: Path) -> None:
    """It made dates of what it could read, and left the rest as texts."""
    rows = [["DURAND", f"A{'b' * n}", cell, "CE1"] for n, cell in enumerate([*SWAPPED, *LATE])]
    reading = read_bytes(tmp_path, xlsx([HEADINGS, *rows]))
    assert codes(reading) == [(2, "day_or_month"), (3, "day_or_month"), (4, "day_or_month")]
    assert [row.birth_date for row in reading.pupils] == [
        date(2018, 4, 25), date(2018, 6, 26), date(2018, 8, 27),
    ]  # fmt: skip


def test_a_mixed_column_of_honest_dates_is_taken(tmp_path: Path) -> None:
    """One real date late in a month, or one text that reads both ways, and nothing was swapped."""
    cells = [*SWAPPED, datetime(2018, 4, 25), *LATE]  # noqa: DTZ001 (a cell has no zone)
    rows = [["DURAND", f"A{'b' * n}", cell, "CE1"] for n, cell in enumerate(cells)]
    assert read_bytes(tmp_path, xlsx([HEADINGS, *rows])).refused == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14 mars 2018", date(2018, 3, 14)),
        ("1er août 2018", date(2018, 8, 1)),
        ("3 sept. 2018", date(2018, 9, 3)),
        ("14-mars-2018", date(2018, 3, 14)),
        ("14-MARS-2018", date(2018, 3, 14)),
        ("14-mars-18", ProblemCode.TWO_DIGIT_YEAR),
        ("31 février 2018", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
        ("14 brumaire 2018", ProblemCode.IMPOSSIBLE_BIRTH_DATE),
    ],
)
def test_months_in_letters(text: str, found: object) -> None:
    """In full or short, accents or none; two digits are no year."""
    assert parse_date(text) == found
