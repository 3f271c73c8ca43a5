"""CSV text to rows, each with its line."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.rosters.csv_tables import csv_table
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from tests.rosters.files import PUPILS, pupil, text

# A cell of several lines, one of them full of separators, is taken for swallowed rows.
CELLS = st.text(alphabet=st.sampled_from('ab;,"\n \té'), max_size=6).filter(
    lambda cell: cell.count(";") < 3
)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_found_by_the_headings(separator: str) -> None:
    """A semicolon, a comma or a tab: the one that makes headings appear."""
    table = csv_table(text(PUPILS, pupil()).replace(";", separator), "utf-8")
    assert table.headings[2] == "Prénom élève"
    assert table.rows[0][2] == "Alice"


def test_short_rows_are_padded_and_long_ones_keep_their_end() -> None:
    """A ragged row is as wide as the widest, and loses nothing."""
    table = csv_table(text(PUPILS, "DURAND;;Alice", pupil() + ";more;again"), "utf-8")
    assert table.rows[0] == ("DURAND", "", "Alice", *[""] * 8)
    assert table.rows[1][-2:] == ("more", "again")


def test_zeros_and_the_word_na_stay_text() -> None:
    """Nothing is read as a number, nor as a missing value."""
    table = csv_table(text(PUPILS, "NA;null;007;1e5"), "utf-8")
    assert table.rows[0][:4] == ("NA", "null", "007", "1e5")


def test_lines_count_the_breaks_inside_cells() -> None:
    """The row after an address of two lines stands two lines below it."""
    rows = ('A;;"x\ny";', "", "B;;;")
    table = csv_table(text(PUPILS, *rows), "utf-8")
    assert list(table.lines) == [2, 4, 5]
    assert table.rows[0][2] == "x\ny"


def test_titles_may_stand_above_the_headings() -> None:
    """Headings are looked for, not taken from the first line."""
    table = csv_table(text('École "Charlemagne"', "", PUPILS, pupil()), "utf-8")
    assert (table.heading_line, list(table.lines)) == (3, [4])


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ((pupil(), pupil(given='"Alice'), pupil()), 3),
        ((pupil(given='"Alice'), pupil(), pupil(given='Bob"')), 2),
        ((pupil(), '"DURAND;"Alice";;', pupil()), 3),
        (('A;"two\nlines";c', pupil(family='"DURAND')), 4),
    ],
)
def test_a_quote_that_swallows_rows_is_refused_where_it_opens(
    rows: tuple[str, ...], line: int
) -> None:
    """Never closed, closed rows later, closed in the middle of a cell: its line is told."""
    with pytest.raises(Unreadable) as caught:
        csv_table(text(PUPILS, *rows), "utf-8")
    assert (caught.value.reason, caught.value.line) == (UnreadableReason.UNCLOSED_QUOTE, line)


def test_a_quote_inside_a_bare_cell_is_a_sign_like_another() -> None:
    """`Résidence "Les Lilas"` unquoted opens nothing."""
    table = csv_table(text(PUPILS, pupil(label='CE1 "B"')), "utf-8")
    assert table.rows[0][8] == 'CE1 "B"'


def test_a_row_of_a_thousand_cells_is_refused() -> None:
    """A width that no roster has is an error with its line, not memory."""
    with pytest.raises(Unreadable) as caught:
        csv_table(text(PUPILS, pupil(), ";" * 1000), "utf-8")
    assert (caught.value.reason, caught.value.line) == (UnreadableReason.TOO_MANY_COLUMNS, 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=6), max_size=8))
def test_what_a_writer_wrote_is_read_back(rows: list[list[str]]) -> None:
    """Any cells, quoted by a writer that knows how, come back whole, on their lines."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(PUPILS.split(";"))
    writer.writerows(rows)
    if not rows:
        return
    table = csv_table(file.getvalue(), "utf-8")
    read = [list(row[: len(cells)]) for row, cells in zip(table.rows, rows, strict=True)]
    assert read == rows
    lines = [2]
    for row in rows:
        lines.append(lines[-1] + 1 + sum(cell.count("\n") for cell in row))
    assert list(table.lines) == lines[:-1]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from('a;," \t\n'), max_size=12), max_size=10))
def test_any_text_gives_as_many_lines_as_rows(parts: list[str]) -> None:
    """Stray quotes and blanks anywhere: refused, or each row has a line of its own."""
    try:
        table = csv_table(text(PUPILS, *parts), "utf-8")
    except Unreadable:
        return
    assert len(table.rows) == len(table.lines) == len(set(table.lines))
