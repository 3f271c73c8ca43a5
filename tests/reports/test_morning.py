"""The morning after a campaign, as page and workbook: the same facts, what matters first."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from educonnect_admin.domain.campaigns import (
    FIGURES,
    CampaignKind,
    CampaignReport,
    Figure,
    FileKind,
    SchoolLine,
    SchoolState,
)
from educonnect_admin.reports import morning_table as table
from educonnect_admin.reports.morning_page import morning_page
from educonnect_admin.reports.morning_workbook import morning_workbook
from tests.support.campaigns import DISK, campaign

STOPPED = "La base de données ne répond plus."
NASTY = ("=1+1", "<script>alert(1)</script>", "{{ 7 * 7 }}", "@SUM(A1)", "\x0b&amp;")
VOID = {"meta", "br", "li"}
"""Elements that need no end; `li` is left open to keep the page small."""


class _Tags(HTMLParser):
    """Notes what is open, and what is closed that was not."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - the parser's own
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def _named(report: CampaignReport, names: tuple[str, ...]) -> CampaignReport:
    schools = [
        replace(school, name=names[n % len(names)], city=names[n % len(names)])
        for n, school in enumerate(report.schools)
    ]
    return replace(report, schools=schools)


def _books(report: CampaignReport) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(morning_workbook(report)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_everything_that_is_told_has_words() -> None:
    """No figure, state or kind of file that a campaign knows is left without."""
    assert set(table.FIGURE_WORDS) == set(Figure)
    assert set(table.STATE_WORDS) == set(table.STATES_WORDS) == set(SchoolState)
    assert set(table.FILE_WORDS) == set(FileKind)
    for kind in CampaignKind:
        assert kind in table.TITLES
        assert set(table.ADVICE[kind]) | set(table.MEANINGS) == set(SchoolState)


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("kind", CampaignKind)
def test_the_page_is_whole_and_stands_alone(kind: CampaignKind) -> None:
    """Every tag is closed, nothing is fetched, nothing runs; every figure has its heading."""
    page = morning_page(campaign(60, kind=kind, stopped=STOPPED)).decode()
    tags = _Tags()
    tags.feed(page)

    assert (tags.open, tags.wrong) == ([], [])
    assert re.findall(r"<script|https?://|\bsrc=|@import|url\(", page) == []
    for figure in FIGURES[kind]:
        assert f"<dt>{table.FIGURE_WORDS[figure].heading}</dt>" in page
    assert ("SHA-256" in page) is (kind is CampaignKind.LETTERS)


def test_what_matters_comes_first() -> None:
    """How many, why it stopped, then failures, remarks, what is left, and last every school."""
    report = campaign(2800, files=0, stopped=STOPPED)
    page = morning_page(report).decode()
    order = [
        "2\u202f681 sur 2\u202f800\u00a0écoles terminées, 91 en échec, 48 à regarder",
        STOPPED,
        "<dd>2\u202f633</dd>",
        "lundi 23 novembre 2026 à 22\u00a0h\u00a000",
        "Écoles en échec (91)",
        "le disque est plein",
        "70\u00a0écoles",
        "Écoles à regarder (48)",
        "Écoles pas finies (28)",
        "Toutes les écoles",
        "Département 59, de 0590001F à 0590200",
        "Département 59, de 0590201",
        "Département 62",
    ]

    places = [page.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)


def test_a_night_without_trouble_says_so() -> None:
    """No empty section, and no reason to have stopped."""
    page = morning_page(campaign(20)).decode()

    assert "20 sur 20\u00a0écoles terminées." in page
    assert "Aucune école n'est en échec" in page
    assert "s'est arrêtée avant la fin" not in page
    assert 'id="failed"' not in page


def test_the_page_names_nobody() -> None:
    """Neither who asked nor a class, which often bears its teacher's name (R-66)."""
    report = replace(campaign(20), operator="celine.dupont")
    page = morning_page(report).decode()

    assert "celine" not in page
    assert str(report.schools[0].files[0].class_label) not in page
    assert report.schools[0].files[0].sha256 in page


def test_the_name_of_a_school_stays_text_on_the_page() -> None:
    """Whatever stands in a name is shown, nothing of it is obeyed."""
    page = morning_page(_named(campaign(20), NASTY)).decode()

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7 * 7 }}" in page
    assert "&amp;amp;" in page


def test_the_page_of_an_academy_stays_light() -> None:
    """A tenth of 2,800 schools of eight files each in less than a tenth of 6 MB."""
    assert len(morning_page(campaign(280))) < 600_000


# ---------------------------------------------------------------- the workbook


def test_the_workbook_tells_the_same() -> None:
    """Totals, schools, what to look at, files: as many rows as there are things."""
    report = campaign(140, files=3, stopped=STOPPED)
    sheets = _books(report)

    assert list(sheets) == ["Bilan", "Écoles", "À voir", "Fichiers"]
    told = {row[0]: row[1] for row in sheets["Bilan"] if len(row) > 1}
    for state, number in report.by_state.items():
        assert told[table.STATES_WORDS[state].capitalize()] == number
    for figure, words in table.headings(report.kind):
        assert told[words.heading] == report.total(figure)
    assert STOPPED in {cell for row in sheets["Bilan"] for cell in row}
    assert len(sheets["Écoles"]) == 1 + 140
    assert len(sheets["À voir"]) == 1 + sum(report.by_state[state] for state in table.TO_SEE)
    assert len(sheets["Fichiers"]) == 1 + sum(len(school.files) for school in report.schools)


def test_numbers_are_numbers_and_days_are_days() -> None:
    """To be summed and sorted; what is not known is empty, not 0."""
    report = campaign(40)
    sheets = _books(report)
    first, last = sheets["Écoles"][1], sheets["Écoles"][40]
    school = report.schools[0]

    assert first[:5] == (school.uai, school.name, school.city, "Terminée", 1)
    assert datetime(2027, 2, 23) in first  # noqa: DTZ001 - a day, as the reader gives it
    assert last[3] == "En échec"
    assert not [cell for cell in last if isinstance(cell, datetime)]
    letters, slip = sheets["Fichiers"][1:3]
    assert letters[3:5] == ("Courriers", 24)
    assert slip[3:6] == ("Bordereau", None, None)
    assert letters[6:] == (f"{school.uai}/{school.files[0].name}", school.files[0].sha256)


def test_sheets_are_made_to_be_worked_with() -> None:
    """Headings stay, a filter is on every row, the state shows by word and colour."""
    book = load_workbook(BytesIO(morning_workbook(campaign(60))))

    for title in ("Écoles", "À voir", "Fichiers"):
        assert book[title].freeze_panes == "A2"
        assert book[title].auto_filter.ref == f"A1:{book[title].dimensions.split(':')[1]}"
    grounds = {row[3].value: row[3].fill.fgColor.rgb for row in book["Écoles"].iter_rows(min_row=2)}
    assert len(grounds) == len(set(grounds.values())) == 3


def test_an_import_has_its_own_figures_and_no_files() -> None:
    """Ten figures a school, one reason and one advice for each that failed."""
    sheets = _books(campaign(60, kind=CampaignKind.IMPORT))

    assert list(sheets) == ["Bilan", "Écoles", "À voir"]
    headings = [words.heading for _, words in table.headings(CampaignKind.IMPORT)]
    assert list(sheets["Écoles"][0])[4:] == [*headings, "Durée (s)"]
    assert sheets["À voir"][1][4:] == (
        DISK,
        table.ADVICE[CampaignKind.IMPORT][SchoolState.FAILED],
    )


def test_the_name_of_a_school_is_never_computed() -> None:
    """A text, quoted so that editing the cell keeps it one; what XML can't hold is replaced."""
    book = load_workbook(BytesIO(morning_workbook(_named(campaign(20), NASTY))))
    cells = [row[1] for row in book["Écoles"].iter_rows(min_row=2, max_row=6)]

    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [cell.value for cell in cells] == [*NASTY[:4], "\ufffd&amp;"]
    assert [cell.quotePrefix for cell in cells] == [True, False, False, True, False]


def test_the_workbook_does_not_say_who_asked() -> None:
    """Neither in its properties nor in a cell (R-66)."""
    report = replace(campaign(20), operator="celine.dupont")
    book = load_workbook(BytesIO(morning_workbook(report)))

    assert book.properties.creator == "educonnect-admin"
    assert "celine" not in str(_books(report))


# ---------------------------------------------------------------- the words


def test_schools_with_the_same_trouble_are_read_once() -> None:
    """One cause fails many: together, the largest group first."""
    report = campaign(300)
    failed = table.in_state(report, SchoolState.FAILED)
    groups = table.grouped(failed)

    assert [len(group.schools) for group in groups] == [7, 1, 1]
    assert groups[0].trouble == (DISK,)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (48, "48 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h 00 min"),
     (20_520, "5 h 42 min"), (90_000, "25 h 00 min")],
)  # fmt: skip
def test_a_duration_in_words(seconds: int, words: str) -> None:
    """Hours and minutes; seconds only below a minute."""
    told = table.duration_in_words(timedelta(seconds=seconds))

    assert told.replace("\u00a0", " ") == words


def test_the_pace_is_that_of_this_run() -> None:
    """Schools that were done before do not make it look faster; an instant has none."""
    report = campaign(2)
    one, two = (replace(school, figures={Figure.LETTERS: 684}) for school in report.schools)

    both = replace(report, schools=[one, two])
    half = replace(report, schools=[one, replace(two, seconds=0.0)])

    assert table.pace_in_words(both) == "4\u00a0courriers par minute"
    assert table.pace_in_words(half) == "2\u00a0courriers par minute"
    assert table.pace_in_words(replace(report, ended_at=report.began_at)) == ""
    assert table.pace_in_words(replace(report, schools=[])) == ""


def test_several_last_days_are_told_as_a_span() -> None:
    """A night passes midnight, and other time zones have another day (R-11)."""
    report = campaign(2)
    later = [replace(file, last_day=date(2027, 2, 24)) for file in report.schools[1].files]
    span = replace(report, schools=[report.schools[0], replace(report.schools[1], files=later)])

    assert table.last_days_in_words(report).replace("\u00a0", " ") == "mardi 23 février 2027"
    assert table.last_days_in_words(span).replace("\u00a0", " ") == (
        "du mardi 23 février 2027 au mercredi 24 février 2027, selon les écoles"
    )


def test_letters_of_former_runs_are_told_apart() -> None:
    """Only where more lie in the folders than this run has made."""
    report = campaign(20)
    made = sum(file.letters for file in report.schools[0].files)
    alone = replace(report, schools=[replace(report.schools[0], figures={Figure.LETTERS: made})])

    assert "Dans les dossiers, en tout" in dict(table.facts(report))
    assert "Dans les dossiers, en tout" not in dict(table.facts(alone))


def test_a_campaign_of_nothing_is_told_too() -> None:
    """No school at all: no division by it, no empty table that looks like a fault."""
    report = replace(campaign(1), schools=[], academy=None)
    empty: list[SchoolLine] = []

    assert "0 sur 0\u00a0école terminée" in morning_page(report).decode()
    assert table.grouped(empty) == []
    assert len(_books(report)["Écoles"]) == 1
