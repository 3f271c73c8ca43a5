"""The morning after a campaign, as one HTML file: what matters first, every school after it.

Nothing remote, no script; for a telephone, a screen or paper. No data of a person (R-66): a
class often bears its teacher's name, so that files are told by their names alone.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from educonnect_admin.domain.campaigns import (
    CampaignKind,
    CampaignReport,
    FileMade,
    SchoolLine,
    SchoolState,
)
from educonnect_admin.domain.uai import department_of
from educonnect_admin.reports.html import html_bytes
from educonnect_admin.reports.morning_table import (
    ADVICE,
    FILE_WORDS,
    STATE_WORDS,
    TITLES,
    counted,
    duration_in_words,
    grouped,
    headings,
    in_state,
    last_days_in_words,
    lasted,
    letters_kept,
    local,
    moment_in_words,
    pace,
    scope_of,
    summary_of,
)
from educonnect_admin.reports.table import Kind, written

MOST_UNFOLDED = 60
"""So many schools of one trouble, or in one block of the table, are shown without a click."""
_TO_SEE = (SchoolState.FAILED, SchoolState.REMARKS, SchoolState.LEFT)
_SECTION_TITLES = {
    SchoolState.FAILED: "Écoles en échec",
    SchoolState.REMARKS: "Écoles à regarder",
    SchoolState.LEFT: "Écoles pas commencées",
}


def morning_page(report: CampaignReport) -> bytes:
    """Return the page in UTF-8; whatever a school is called stays text."""
    return html_bytes("morning.html.j2", _values(report))


def _values(report: CampaignReport) -> dict[str, Any]:
    figures = [words for _, words in headings(report.kind)]
    return {
        "title": TITLES[report.kind],
        "scope": scope_of(report),
        "date": f"{local(report, report.ended_at):%d/%m/%Y}",
        "summary": summary_of(report),
        "stopped": report.stopped,
        "states": _states(report),
        "facts": list(_facts(report)),
        "key_figures": [
            {
                "label": words.heading,
                "value": written(report.total(figure), Kind.NUMBER),
                "meaning": words.meaning,
            }
            for figure, words in headings(report.kind)
        ],
        "sections": [section for state in _TO_SEE for section in _section(report, state)],
        "figures": figures,
        "has_files": report.kind is CampaignKind.LETTERS,
        "blocks": _blocks(report),
        "school_count": counted(len(report.schools), "école"),
    }


def _states(report: CampaignReport) -> list[dict[str, str]]:
    return [
        {
            "code": str(state),
            "label": STATE_WORDS[state],
            "value": written(number, Kind.NUMBER),
            "link": f"#{state}" if number and state in _TO_SEE else "",
        }
        for state, number in report.by_state.items()
    ]


def _facts(report: CampaignReport) -> Iterator[tuple[str, str]]:
    """Yield when, how long, how fast, until when."""
    yield "Commencée", moment_in_words(report, report.began_at)
    yield "Finie", moment_in_words(report, report.ended_at)
    yield "Durée", duration_in_words(lasted(report))
    paced = pace(report)
    if paced:
        yield "Cadence", f"{written(paced[0], Kind.NUMBER)} {paced[1]} par minute"
    days = last_days_in_words(report)
    if days:
        yield "Dernier jour de validité", days
        yield "Dans les dossiers", counted(letters_kept(report), "courrier")
    yield "Fuseau horaire", report.time_zone


def _section(report: CampaignReport, state: SchoolState) -> Iterator[dict[str, Any]]:
    schools = in_state(report, state)
    if schools:
        yield {
            "code": str(state),
            "title": f"{_SECTION_TITLES[state]} ({written(len(schools), Kind.NUMBER)})",
            "advice": ADVICE[report.kind][state],
            "groups": [
                {
                    "trouble": group.trouble,
                    "count": counted(len(group.schools), "école"),
                    "open": len(group.schools) <= MOST_UNFOLDED,
                    "schools": [_name(school) for school in group.schools],
                }
                for group in grouped(schools)
            ],
        }


def _name(school: SchoolLine) -> dict[str, str]:
    return {"name": school.name, "uai": school.uai, "city": school.city or ""}


def _blocks(report: CampaignReport) -> list[dict[str, Any]]:
    """Return the whole table, a block a department; a small one is open."""
    schools: dict[str, list[SchoolLine]] = {}
    for school in report.schools:
        schools.setdefault(department_of(school.uai), []).append(school)
    return [
        {
            "title": f"Département {department}",
            "count": counted(len(together), "école"),
            "states": _in_words(together),
            "open": len(report.schools) <= MOST_UNFOLDED,
            "rows": [_row(report, school) for school in together],
        }
        for department, together in sorted(schools.items())
    ]


def _in_words(schools: Sequence[SchoolLine]) -> str:
    """Return how many schools of a block are not simply done: `3 en échec`."""
    told = []
    for state in _TO_SEE:
        number = sum(school.state is state for school in schools)
        if number:
            told.append(f"{written(number, Kind.NUMBER)} {STATE_WORDS[state].lower()}")
    return ", ".join(told)


def _row(report: CampaignReport, school: SchoolLine) -> dict[str, Any]:
    return {
        **_name(school),
        "code": str(school.state),
        "state": STATE_WORDS[school.state],
        "figures": [
            written(school.figure(figure), Kind.NUMBER) for figure, _ in headings(report.kind)
        ],
        "last_day": f"{school.last_day:%d/%m/%Y}" if school.last_day else "",
        "folder": school.folder,
        "count": counted(len(school.files), "fichier"),
        "files": [_file(file) for file in school.files],
    }


def _file(file: FileMade) -> dict[str, str]:
    what = counted(file.letters, "courrier") if file.letters else FILE_WORDS[file.kind]
    return {"name": file.name, "what": what, "sha256": file.sha256}
