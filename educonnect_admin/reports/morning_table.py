"""The words and figures of a campaign's report: the page and the workbook both read these."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from educonnect_admin.dates_in_words import in_words
from educonnect_admin.domain.campaigns import (
    FIGURES,
    CampaignKind,
    CampaignReport,
    Figure,
    SchoolLine,
    SchoolState,
)
from educonnect_admin.reports.morning_words import (
    FIGURE_WORDS,
    STANDING,
    STATE_WORDS,
    STATES_WORDS,
    TO_SEE,
    Words,
)
from educonnect_admin.reports.table import Kind, academy_name, written

_PACED = {
    CampaignKind.LETTERS: (Figure.LETTERS, "courrier"),
    CampaignKind.IMPORT: (Figure.ROWS, "ligne"),
}


class Count(NamedTuple):
    """Something that is counted in each school: its words, and how many."""

    words: Words
    of: Callable[[SchoolLine], int]


class Group(NamedTuple):
    """Schools of which the same is said."""

    trouble: tuple[str, ...]
    schools: Sequence[SchoolLine]


def headings(kind: CampaignKind) -> Iterator[tuple[Figure, Words]]:
    """Yield the figures that such a campaign counts, with their words."""
    for figure in FIGURES[kind]:
        yield figure, FIGURE_WORDS[figure]


def counts(kind: CampaignKind) -> Iterator[Count]:
    """Yield what is counted in each school: the figures, and the letters that stand there."""
    for figure, words in headings(kind):
        yield Count(words, partial(SchoolLine.figure, which=figure))
        if figure is Figure.LETTERS:
            yield Count(STANDING, lambda school: school.standing)


def is_first_night(report: CampaignReport) -> bool:
    """Tell whether all that stands in the folders was made by this run."""
    return all(file.is_new for school in report.schools for file in school.files)


def in_state(report: CampaignReport, state: SchoolState) -> list[SchoolLine]:
    """Return the schools that came out so, in the order of the report."""
    return [school for school in report.schools if school.state is state]


def grouped(schools: Sequence[SchoolLine]) -> list[Group]:
    """Put together the schools with the same trouble; where most suffer comes first.

    One cause, such as a full disk, fails hundreds of schools: it is read once.
    """
    groups: dict[tuple[str, ...], list[SchoolLine]] = {}
    for school in schools:
        groups.setdefault(tuple(school.trouble), []).append(school)
    found = [Group(trouble, together) for trouble, together in groups.items()]
    return sorted(found, key=lambda group: -len(group.schools))


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun, its thousands apart: `2 800 écoles`."""
    noun = one if number < 2 else several or f"{one}s"
    return f"{written(number, Kind.NUMBER)}\u00a0{noun}"


def scope_of(report: CampaignReport) -> str:
    """Return which schools the campaign was about."""
    if report.academy is not None:
        return f"Académie : {academy_name(report.academy)}"
    return report.source or "Écoles choisies"


def summary_of(report: CampaignReport) -> str:
    """Return the one sentence that somebody reads who reads only one."""
    number = counted(len(report.schools), "école")
    states = states_of(report.schools, (SchoolState.DONE, *TO_SEE))
    return f"{number} : {', '.join(states)}." if states else f"{number}."


def states_of(schools: Sequence[SchoolLine], states: Sequence[SchoolState] = TO_SEE) -> list[str]:
    """Return how many of these schools came out in each of some ways: `3 en échec`.

    Every school is in one of them, so that all four add up.
    """
    found = Counter(school.state for school in schools)
    return [
        counted(found[state], STATE_WORDS[state].lower(), STATES_WORDS[state])
        for state in states
        if found[state]
    ]


def local(report: CampaignReport, moment: datetime) -> datetime:
    """Return a moment as the people of the report read it."""
    return moment.astimezone(ZoneInfo(report.time_zone))


def moment_in_words(report: CampaignReport, moment: datetime) -> str:
    """Return a moment in words: `mardi 24 novembre 2026 à 3 h 05`."""
    there = local(report, moment)
    return f"{in_words(there.date())} à {there.hour}\u00a0h\u00a0{there.minute:02}"


def lasted(report: CampaignReport) -> timedelta:
    """Return how long the run took."""
    return report.ended_at - report.began_at


def duration_in_words(duration: timedelta) -> str:
    """Return a duration in words: `5 h 42 min`, `48 s`."""
    seconds = round(duration.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours}\u00a0h\u00a0{minutes:02}\u00a0min"
    return f"{minutes}\u00a0min" if minutes else f"{seconds}\u00a0s"


def pace_in_words(report: CampaignReport) -> str:
    """Return how many letters or rows a minute this run made; empty where it made none.

    Schools at which it did not work were done by another run.
    """
    figure, noun = _PACED[report.kind]
    made = sum(school.figure(figure) for school in report.schools if school.seconds)
    minutes = lasted(report).total_seconds() / 60
    return f"{counted(round(made / minutes), noun)} par minute" if made and minutes else ""


def last_days(report: CampaignReport) -> tuple[date, date] | None:
    """Return the first and the last of the last days of validity, over all schools (R-11)."""
    days = [school.last_day for school in report.schools if school.last_day]
    return (min(days), max(days)) if days else None


def last_days_in_words(report: CampaignReport) -> str:
    """Return until when the letters are valid; empty where there are none."""
    days = last_days(report)
    if days is None:
        return ""
    first, last = (in_words(day).replace(" ", "\u00a0") for day in days)
    return first if first == last else f"du {first} au {last}, selon les écoles"


def letters_kept(report: CampaignReport) -> int:
    """Return how many letters stand in the folders, of this run and of those before."""
    return sum(school.standing for school in report.schools)


def facts(report: CampaignReport) -> Iterator[tuple[str, str]]:
    """Yield until when, how long, how fast, when."""
    days, kept = last_days_in_words(report), letters_kept(report)
    if days:
        yield "Dernier jour de validité", days
    if kept and kept != report.total(Figure.LETTERS):
        yield "Dans les dossiers, en tout", counted(kept, "courrier")
    yield "Durée", duration_in_words(lasted(report))
    pace = pace_in_words(report)
    if pace:
        yield "Cadence", pace
    yield "Commencée", moment_in_words(report, report.began_at)
    yield "Finie", moment_in_words(report, report.ended_at)
