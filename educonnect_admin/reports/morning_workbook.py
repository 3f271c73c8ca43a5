"""The morning after a campaign as an XLSX workbook: to filter, to sort, to send on, to print.

Rows are written one by one: 2,800 schools with 22,000 files do not fill the memory.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from educonnect_admin.domain.campaigns import CampaignKind, CampaignReport, SchoolLine, SchoolState
from educonnect_admin.reports.morning_cells import Cell, Look, Sheet
from educonnect_admin.reports.morning_table import (
    counts,
    facts,
    in_state,
    local,
    scope_of,
    summary_of,
)
from educonnect_admin.reports.morning_words import (
    ADVICE,
    ADVICE_FOR_ONE,
    FILE_WORDS,
    LEFT_OUT_TITLES,
    MEANINGS,
    NOT_REACHED,
    SILENT_TITLE,
    STATE_WORDS,
    STATES_WORDS,
    TITLES,
    TO_SEE,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

SUMMARY, SCHOOLS, TO_LOOK_AT, FILES = "Bilan", "Écoles", "À voir", "Fichiers"
NOTES = "Remarques"

_PLACE = (("UAI", 11.0), ("École", 40.0), ("Ville", 22.0), ("État", 15.0))
_STANDING = (("Dernier jour", 13.0), ("Dossier", 13.0), ("Fichiers", 10.0))
_SECONDS = (("Durée (s)", 10.0),)
_REASONS = (*_PLACE, ("Pourquoi", 70.0), ("Que faire", 52.0), ("Commande", 60.0))
_NOTES = (
    ("UAI", 11.0), ("École", 36.0), ("Fichier", 36.0), ("Ligne", 9.0), ("Colonne", 24.0),
    ("Refusée", 11.0), ("Ce que c'est", 64.0), ("Code", 24.0),
)  # fmt: skip
_FILES = (
    ("UAI", 11.0), ("École", 36.0), ("Classe", 18.0), ("Nature", 12.0), ("Courriers", 11.0),
    ("Dernier jour", 13.0), ("Chemin", 52.0), ("SHA-256", 66.0), ("Lot", 9.0),
    ("Fait par cette campagne", 14.0),
)  # fmt: skip


def morning_workbook(report: CampaignReport) -> bytes:
    """Return the workbook; whatever a school is called stays text, none of it is computed.

    A campaign of imports leaves no files, and has no sheet of them.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    _write_summary(book, report)
    _write_schools(book, report)
    _write_to_look_at(book, report)
    _write_notes(book, report)
    _write_left_out(book, report)
    _write_silent(book, report)
    if report.kind is CampaignKind.LETTERS:
        _write_files(book, report)
    _name(book, report)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_summary(book: "Workbook", report: CampaignReport) -> None:
    sheet = Sheet(book, SUMMARY, (30, 16, 84))
    sheet.page.page_setup.fitToHeight = 1
    sheet.row((TITLES[report.kind], Look.TITLE))
    sheet.row(f"{scope_of(report)} – heures du fuseau {report.time_zone}")
    sheet.row((summary_of(report), Look.STRONG))
    if report.stopped:
        stopped = ("Arrêtée avant la fin", Look.STRONG)
        sheet.row(stopped, None, (report.stopped, Look.WRAPPED), measured=True)
    sheet.row()
    sheet.headings(("Écoles", "Nombre", "Ce que c'est, et que faire"))
    for state, number in report.by_state.items():
        meaning = MEANINGS.get(state) or ADVICE[report.kind][state]
        word = STATES_WORDS[state].capitalize()
        sheet.row((word, state), number, (meaning, Look.WRAPPED), measured=True)
    sheet.row()
    sheet.headings(("Chiffres", "Nombre", "Ce que c'est"))
    for count in counts(report.kind):
        total = sum(map(count.of, report.schools))
        sheet.row(count.words.heading, total, count.words.meaning)
    sheet.row()
    sheet.headings(("Déroulement", "", ""))
    for label, value in facts(report):
        sheet.row(label, value)


def _write_schools(book: "Workbook", report: CampaignReport) -> None:
    has_files = report.kind is CampaignKind.LETTERS
    figures = [(count.words.heading, 15.0) for count in counts(report.kind)]
    told = (*_PLACE, *figures, *(_STANDING if has_files else ()), *_SECONDS)
    sheet = Sheet(book, SCHOOLS, [width for _, width in told], heading_row=1)
    sheet.headings(heading for heading, _ in told)
    for school in report.schools:
        sheet.row(*_place(school), *_figures(report, school), round(school.seconds))
    sheet.filter_all()


def _place(school: SchoolLine) -> Iterator[Cell]:
    yield from (school.uai, school.name, school.city)
    yield STATE_WORDS[school.state], school.state


def _figures(report: CampaignReport, school: SchoolLine) -> Iterator[Cell]:
    yield from (count.of(school) for count in counts(report.kind))
    if report.kind is CampaignKind.LETTERS:
        yield from (school.last_day, school.folder, len(school.files))


def _write_to_look_at(book: "Workbook", report: CampaignReport) -> None:
    sheet = Sheet(book, TO_LOOK_AT, [width for _, width in _REASONS], heading_row=1)
    sheet.headings(heading for heading, _ in _REASONS)
    for state in TO_SEE:
        advice = ADVICE_FOR_ONE[report.kind][state]
        silence = NOT_REACHED if state is SchoolState.LEFT else ""
        for school in in_state(report, state):
            reason = "\n".join(school.trouble) or silence
            told = (reason, Look.WRAPPED), (advice, Look.WRAPPED), (school.command, Look.WRAPPED)
            sheet.row(*_place(school), *told, measured=True)
    sheet.filter_all()


def _write_notes(book: "Workbook", report: CampaignReport) -> None:
    """Write which rows were refused or are to be checked, by place and kind, naming nobody."""
    if not any(school.notes for school in report.schools):
        return
    sheet = Sheet(book, NOTES, [width for _, width in _NOTES], heading_row=1)
    sheet.headings(heading for heading, _ in _NOTES)
    for school in report.schools:
        for note in school.notes:
            sheet.row(
                school.uai, school.name, note.file, note.line, note.column,
                "oui" if note.is_refused else None, note.words, (note.code, Look.CODE),
            )  # fmt: skip
    sheet.filter_all()


def _write_left_out(book: "Workbook", report: CampaignReport) -> None:
    """Write what is no school's, on a sheet that is there only where there is any."""
    if not report.left_out:
        return
    sheet = Sheet(book, LEFT_OUT_TITLES[report.kind], (70.0, 70.0), heading_row=1)
    sheet.headings(("Fichier" if report.kind is CampaignKind.IMPORT else "Ligne", "Pourquoi"))
    for one in report.left_out:
        sheet.row((one.where, Look.WRAPPED), (one.why, Look.WRAPPED), measured=True)
    sheet.filter_all()


def _write_silent(book: "Workbook", report: CampaignReport) -> None:
    if not report.silent:
        return
    sheet = Sheet(book, SILENT_TITLE, [width for _, width in _PLACE[:3]], heading_row=1)
    sheet.headings(heading for heading, _ in _PLACE[:3])
    for school in report.silent:
        sheet.row(school.uai, school.name, school.city)
    sheet.filter_all()


def _write_files(book: "Workbook", report: CampaignReport) -> None:
    sheet = Sheet(book, FILES, [width for _, width in _FILES], heading_row=1)
    sheet.headings(heading for heading, _ in _FILES)
    for school in report.schools:
        for file in school.files:
            path = f"{school.folder}/{file.name}" if school.folder else file.name
            sheet.row(
                school.uai, school.name, file.class_label, FILE_WORDS[file.kind],
                file.letters or None, file.last_day, path, (file.sha256, Look.CODE),
                file.batch, "oui" if file.is_new else None,
            )  # fmt: skip
    sheet.filter_all()


def _name(book: "Workbook", report: CampaignReport) -> None:
    # Neither the operator's name nor that of a person: files travel.
    book.properties.creator = "educonnect-admin"
    book.properties.lastModifiedBy = None
    book.properties.title = TITLES[report.kind]
    book.properties.language = "fr-FR"
    book.properties.created = local(report, report.ended_at).replace(tzinfo=None)
