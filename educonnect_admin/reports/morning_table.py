"""The words and figures of a campaign's report: the page and the workbook both read these."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from educonnect_admin.dates_in_words import in_words
from educonnect_admin.domain.campaigns import (
    FIGURES,
    CampaignKind,
    CampaignReport,
    Figure,
    FileKind,
    SchoolLine,
    SchoolState,
)
from educonnect_admin.reports.table import Kind, academy_name, written

TITLES = {
    CampaignKind.LETTERS: "Bilan de la campagne de courriers",
    CampaignKind.IMPORT: "Bilan de la campagne d'import",
}
STATE_WORDS = {
    SchoolState.DONE: "Terminée",
    SchoolState.REMARKS: "À regarder",
    SchoolState.FAILED: "En échec",
    SchoolState.LEFT: "Pas finie",
}
STATES_WORDS = {
    SchoolState.DONE: "terminées",
    SchoolState.REMARKS: "à regarder",
    SchoolState.FAILED: "en échec",
    SchoolState.LEFT: "pas finies",
}
"""The same of several schools, after their number."""
TO_SEE = (SchoolState.FAILED, SchoolState.REMARKS, SchoolState.LEFT)
"""What somebody has to look at, the worst first."""
STATE_HEADING = "État"
FILE_HEADINGS = ("Dernier jour", "Dossier", "Fichiers")
FILE_WORDS = {FileKind.LETTERS: "Courriers", FileKind.SLIP: "Bordereau"}


class Words(NamedTuple):
    """The heading of a figure, and what it counts."""

    heading: str
    meaning: str


FIGURE_WORDS: Mapping[Figure, Words] = {
    Figure.LETTERS: Words("Courriers", "Courriers faits."),
    Figure.ACCOUNTS: Words("Comptes ouverts", "Responsables qui n'avaient pas encore de compte."),
    Figure.UNPRINTABLE: Words("Sans courrier", "Le courrier ne tient pas dans sa page."),
    Figure.TO_REISSUE: Words("À refaire", "Courriers annulés, à faire de nouveau."),
    Figure.WAITING: Words("En attente", "Fichiers finis, qui attendent leur nom dans le dossier."),
    Figure.ROWS: Words("Lignes lues", "Lignes des fichiers de l'école."),
    Figure.PUPILS_NEW: Words("Élèves arrivés", "Élèves que la base n'avait pas."),
    Figure.PUPILS_CHANGED: Words("Élèves modifiés", "Élèves dont quelque chose a changé."),
    Figure.PUPILS_DEPARTED: Words("Élèves partis", "Élèves que le fichier n'a plus."),
    Figure.GUARDIANS_NEW: Words("Responsables arrivés", "Responsables que la base n'avait pas."),
    Figure.GUARDIANS_CHANGED: Words(
        "Responsables modifiés", "Responsables dont quelque chose a changé."
    ),
    Figure.GUARDIANS_DEPARTED: Words(
        "Responsables partis", "Responsables que le fichier n'a plus."
    ),
    Figure.REFUSED: Words("Lignes refusées", "Rendues à l'école avec leur raison."),
    Figure.KEPT: Words("Corrections gardées", "Écoles dont le bureau contredit le fichier."),
    Figure.AMBIGUOUS: Words("À trancher", "Liens ambigus, dans roster review."),
    Figure.ROW_REMARKS: Words("Remarques", "Lignes prises, avec quelque chose à vérifier."),
}

ADVICE: Mapping[CampaignKind, Mapping[SchoolState, str]] = {
    CampaignKind.LETTERS: {
        SchoolState.FAILED: (
            "Corrigez la cause si elle est dite, puis relancez la même commande : elle reprend "
            "ces écoles et ne refait pas les autres."
        ),
        SchoolState.REMARKS: (
            "Ce qui est publié dans ces écoles est valable. Il reste à faire ce qui suit."
        ),
        SchoolState.LEFT: (
            "La campagne s'est arrêtée avant leur fin. Relancez la même commande : elle ne fait "
            "que ce qui manque."
        ),
    },
    CampaignKind.IMPORT: {
        SchoolState.FAILED: (
            "Corrigez la cause si elle est dite, puis relancez la même commande : "
            "importer deux fois ne change rien aux autres."
        ),
        SchoolState.REMARKS: (
            "Ces écoles sont importées. Les lignes refusées restent à corriger par l'école."
        ),
        SchoolState.LEFT: (
            "La campagne s'est arrêtée avant leur fin. Relancez la même commande : importer deux "
            "fois ne change rien."
        ),
    },
}
"""What to do about the schools that are not simply done."""

MEANINGS = {SchoolState.DONE: "Tout est fait, rien n'est à regarder."}
"""What it is where there is nothing to do."""

_PACED = {
    CampaignKind.LETTERS: (Figure.LETTERS, "courrier"),
    CampaignKind.IMPORT: (Figure.ROWS, "ligne"),
}


class Group(NamedTuple):
    """Schools of which the same is said."""

    trouble: tuple[str, ...]
    schools: Sequence[SchoolLine]


def headings(kind: CampaignKind) -> Iterator[tuple[Figure, Words]]:
    """Yield the figures that such a campaign counts, with their words."""
    for figure in FIGURES[kind]:
        yield figure, FIGURE_WORDS[figure]


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
    return "Écoles choisies"


def summary_of(report: CampaignReport) -> str:
    """Return the one sentence that somebody reads who reads only one."""
    states = report.by_state
    done = states[SchoolState.DONE] + states[SchoolState.REMARKS]
    word = "terminées" if len(report.schools) > 1 else "terminée"
    told = [f"{_number(done)} sur {counted(len(report.schools), 'école')} {word}"]
    return f"{', '.join([*told, *troubles_of(report.schools)])}."


def troubles_of(schools: Sequence[SchoolLine]) -> list[str]:
    """Return how many of these schools are to be looked at, and why: `3 en échec`."""
    found = Counter(school.state for school in schools)
    return [f"{_number(found[state])} {STATES_WORDS[state]}" for state in TO_SEE if found[state]]


def _number(value: int) -> str:
    return written(value, Kind.NUMBER)


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
    return sum(
        file.letters
        for school in report.schools
        for file in school.files
        if file.kind is FileKind.LETTERS
    )


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
