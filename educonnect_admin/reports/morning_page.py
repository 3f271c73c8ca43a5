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
    Count,
    counted,
    counts,
    facts,
    grouped,
    in_state,
    is_first_night,
    local,
    scope_of,
    states_of,
    summary_of,
)
from educonnect_admin.reports.morning_words import (
    ADVICE,
    FILE_HEADINGS,
    FILE_WORDS,
    LEFT_OUT_ADVICE,
    LEFT_OUT_TITLES,
    SILENT_ADVICE,
    SILENT_TITLE,
    STATE_HEADING,
    STATE_WORDS,
    STATES_WORDS,
    TITLES,
    TO_SEE,
)
from educonnect_admin.reports.table import Kind, written

MOST_UNFOLDED = 60
"""So many schools of one trouble, or in one block of the table, are shown without a click."""
MOST_IN_A_BLOCK = 200
_PLACE_WIDTH, _FIGURE_WIDTH, _FILES_WIDTH = 19.9, 4.05, 27.4
"""Of the columns of the table, in rem: below this it scrolls; all tables have the same."""
_SECTION_TITLES = {
    SchoolState.FAILED: "Écoles en échec",
    SchoolState.REMARKS: "Écoles à regarder",
    SchoolState.LEFT: "Écoles pas finies",
}


def morning_page(report: CampaignReport) -> bytes:
    """Return the page in UTF-8; whatever a school is called stays text."""
    return html_bytes("morning.html.j2", _values(report))


def _values(report: CampaignReport) -> dict[str, Any]:
    shown = _shown(report)
    figures = [count.words for count in shown]
    files_width = _FILES_WIDTH if report.kind is CampaignKind.LETTERS else 0
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
                "label": count.words.heading,
                "value": written(sum(map(count.of, report.schools)), Kind.NUMBER),
                "meaning": count.words.meaning,
            }
            for count in counts(report.kind)
        ],
        "has_notes": any(school.notes for school in report.schools),
        "to_print": _to_print(report),
        "sections": [section for state in TO_SEE for section in _section(report, state)],
        "left_out": _left_out(report),
        "silent": _silent(report),
        "figures": figures,
        "table_width": round(_PLACE_WIDTH + _FIGURE_WIDTH * len(shown) + files_width, 1),
        "labels": [STATE_HEADING, *(words.heading for words in figures), *FILE_HEADINGS],
        "told": [*(words.heading for words in figures), *FILE_HEADINGS[:-1]],
        "file_headings": FILE_HEADINGS,
        "has_files": report.kind is CampaignKind.LETTERS,
        "blocks": _blocks(report, shown),
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


def _left_out(report: CampaignReport) -> dict[str, Any] | None:
    if not report.left_out:
        return None
    number = written(len(report.left_out), Kind.NUMBER)
    return {
        "title": f"{LEFT_OUT_TITLES[report.kind]} ({number})",
        "advice": LEFT_OUT_ADVICE[report.kind],
        "all": report.left_out,
        "open": len(report.left_out) <= MOST_UNFOLDED,
    }


def _silent(report: CampaignReport) -> dict[str, Any] | None:
    if not report.silent:
        return None
    return {
        "title": f"{SILENT_TITLE} ({written(len(report.silent), Kind.NUMBER)})",
        "advice": SILENT_ADVICE,
        "all": report.silent,
        "count": counted(len(report.silent), "école"),
        "open": len(report.silent) <= MOST_UNFOLDED,
    }


def _name(school: SchoolLine) -> dict[str, str]:
    return {
        "name": school.name,
        "uai": school.uai,
        "city": school.city or "",
        "command": school.command,
    }


def _blocks(report: CampaignReport, shown: Sequence[Count]) -> list[dict[str, Any]]:
    """Return the whole table in blocks that a telephone unfolds at once."""
    return [
        {
            "title": title,
            "count": counted(len(together), "école"),
            "states": ", ".join(states_of(together)),
            "open": len(report.schools) <= MOST_UNFOLDED,
            "rows": [_row(shown, school) for school in together],
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


def _row(shown: Sequence[Count], school: SchoolLine) -> dict[str, Any]:
    return {
        **_name(school),
        "code": str(school.state),
        "state": STATE_WORDS[school.state],
        "figures": [written(count.of(school), Kind.NUMBER) for count in shown],
        "last_day": f"{school.last_day:%d/%m/%Y}" if school.last_day else "",
        "folder": school.folder,
        "count": counted(len(school.files), "fichier"),
        "files": [_file(file) for file in school.files],
    }


def _file(file: FileMade) -> dict[str, str]:
    what = counted(file.letters, "courrier") if file.letters else FILE_WORDS[file.kind]
    return {"name": file.name, "what": what, "sha256": file.sha256}


def _shown(report: CampaignReport) -> list[Count]:
    """Return what has a column: the first, and whatever is not nought everywhere."""
    every = list(counts(report.kind))
    return every[:1] + [one for one in every[1:] if any(map(one.of, report.schools))]


def _to_print(report: CampaignReport) -> dict[str, Any] | None:
    """Return what this run made, by school; of a first night one sentence says it all."""
    if report.kind is not CampaignKind.LETTERS:
        return None
    schools = [school for school in report.schools if any(file.is_new for file in school.files)]
    made = [file for school in schools for file in school.files if file.is_new]
    if not made:
        return {"sentence": "Cette campagne n'a rien ajouté : il n'y a rien à imprimer.", "all": []}
    where = counted(len(schools), "dossier", "dossiers")
    if is_first_night(report):
        what = f"{counted(len(made), 'fichier')} de {where}"
        return {"sentence": f"Tout ce qui est dans les dossiers : {what}.", "all": []}
    return {
        "sentence": (
            f"{counted(len(made), 'fichier')} dans {where}. Le reste des dossiers a été fait par "
            "une campagne d'avant."
        ),
        "all": [_new_files(school) for school in schools],
        "open": len(schools) <= MOST_UNFOLDED,
        "count": counted(len(schools), "école"),
    }


def _new_files(school: SchoolLine) -> dict[str, Any]:
    new = [file for file in school.files if file.is_new]
    letters = sum(file.letters for file in new)
    return {
        **_name(school),
        "what": f"{counted(len(new), 'fichier')}, {counted(letters, 'courrier')}",
        "files": [f"{school.folder}/{file.name}" for file in new],
    }
