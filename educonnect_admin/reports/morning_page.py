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
    FILE_HEADINGS,
    FILE_WORDS,
    STATE_HEADING,
    STATE_WORDS,
    STATES_WORDS,
    TITLES,
    TO_SEE,
    counted,
    facts,
    grouped,
    headings,
    in_state,
    local,
    scope_of,
    summary_of,
    troubles_of,
)
from educonnect_admin.reports.table import Kind, written

MOST_UNFOLDED = 60
"""So many schools of one trouble, or in one block of the table, are shown without a click."""
MOST_IN_A_BLOCK = 200
_SECTION_TITLES = {
    SchoolState.FAILED: "Écoles en échec",
    SchoolState.REMARKS: "Écoles à regarder",
    SchoolState.LEFT: "Écoles pas finies",
}


def morning_page(report: CampaignReport) -> bytes:
    """Return the page in UTF-8; whatever a school is called stays text."""
    return html_bytes("morning.html.j2", _values(report))


def _values(report: CampaignReport) -> dict[str, Any]:
    figures = [words for _, words in headings(report.kind)]
    return {
        "title": TITLES[report.kind],
        "scope": scope_of(report),
        "zone": report.time_zone,
        "date": f"{local(report, report.ended_at):%d/%m/%Y}",
        "summary": summary_of(report),
        "stopped": report.stopped,
        "states": _states(report),
        "facts": list(facts(report)),
        "key_figures": [
            {
                "label": words.heading,
                "value": written(report.total(figure), Kind.NUMBER),
                "meaning": words.meaning,
            }
            for figure, words in headings(report.kind)
        ],
        "sections": [section for state in TO_SEE for section in _section(report, state)],
        "figures": figures,
        "labels": [STATE_HEADING, *(words.heading for words in figures), *FILE_HEADINGS],
        "told": [*(words.heading for words in figures), *FILE_HEADINGS[:-1]],
        "file_headings": FILE_HEADINGS,
        "has_files": report.kind is CampaignKind.LETTERS,
        "blocks": _blocks(report),
        "school_count": counted(len(report.schools), "école"),
    }


def _states(report: CampaignReport) -> list[dict[str, str]]:
    return [
        {
            "code": str(state),
            "label": STATES_WORDS[state].capitalize(),
            "value": written(number, Kind.NUMBER),
            "link": f"#{state}" if number and state in TO_SEE else "",
        }
        for state, number in report.by_state.items()
    ]


def _section(report: CampaignReport, state: SchoolState) -> Iterator[dict[str, Any]]:
    schools = in_state(report, state)
    groups = grouped(schools)
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
                for group in groups
                if len(group.schools) > 1
            ],
            "single": [
                {"trouble": group.trouble, "school": _name(group.schools[0])}
                for group in groups
                if len(group.schools) == 1
            ],
        }


def _name(school: SchoolLine) -> dict[str, str]:
    return {"name": school.name, "uai": school.uai, "city": school.city or ""}


def _blocks(report: CampaignReport) -> list[dict[str, Any]]:
    """Return the whole table in blocks that a telephone unfolds at once."""
    return [
        {
            "title": title,
            "count": counted(len(together), "école"),
            "states": ", ".join(troubles_of(together)),
            "open": len(report.schools) <= MOST_UNFOLDED,
            "rows": [_row(report, school) for school in together],
        }
        for title, together in _slices(report.schools)
    ]


def _slices(schools: Sequence[SchoolLine]) -> Iterator[tuple[str, Sequence[SchoolLine]]]:
    """Yield the schools of each department, in order, so many at a time."""
    departments: dict[str, list[SchoolLine]] = {}
    for school in schools:
        departments.setdefault(department_of(school.uai), []).append(school)
    for department, together in sorted(departments.items()):
        for first in range(0, len(together), MOST_IN_A_BLOCK):
            part = together[first : first + MOST_IN_A_BLOCK]
            span = f", de {part[0].uai} à {part[-1].uai}" if len(part) < len(together) else ""
            yield f"Département {department}{span}", part


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
