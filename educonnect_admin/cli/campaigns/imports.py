"""`roster import-all`: the files of every school, from one folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from educonnect_admin.campaigns.import_school import import_school
from educonnect_admin.campaigns.orders import Bearings, ImportOfSchool
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.run import Ended
from educonnect_admin.cli.campaigns.consents import Consents, warn_of_others
from educonnect_admin.cli.campaigns.hiring import hire
from educonnect_admin.cli.campaigns.left_out import silent_schools, stray_files
from educonnect_admin.cli.campaigns.lines import lines_of
from educonnect_admin.cli.campaigns.one_school import commands_of, shown
from educonnect_admin.cli.campaigns.rejected import write_all_rejects
from educonnect_admin.cli.campaigns.report import as_json, report_of, tell, write_report
from educonnect_admin.cli.campaigns.running import Night, alone_in, carry_out, leave
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.kept_columns import kept_columns
from educonnect_admin.cli.recounting import leave_counted
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.campaign_errors import NoRosters
from educonnect_admin.domain.campaigns import FIGURES, CampaignKind, CampaignReport, Figure
from educonnect_admin.domain.errors import EduConnectError, UnknownSchool
from educonnect_admin.edge import Services, clock
from educonnect_admin.homes import at_home
from educonnect_admin.queries.campaigns import CampaignSchool, schools_of_list
from educonnect_admin.rosters.school_folders import Found, files_by_school

_TOLD = 10


class ImportsAsked(NamedTuple):
    """What was typed."""

    folder: Path
    confirmed: Consents
    whole_school: bool
    workers: int | None
    dask: str | None
    rejects: str | None
    report: str | None
    dry_run: bool


def import_rosters(desk: Desk, typed: ImportsAsked, *, json: bool) -> None:
    """Import the files of all schools that a folder holds.

    Raises:
        NoRosters, UnreadableFile: there is nothing to import.
        CampaignRunning: another campaign writes its report there.
        Exit: something is not as it should be, told and reported.
    """
    speech = desk.speech(json=json)
    speech.prepare()
    found = _found(speech, typed.folder)
    warn_of_others(speech, typed.confirmed, found.files)
    report = None if typed.dry_run else typed.report
    with desk.office() as services:
        night = _night(services, report, typed.folder, found)
        _import_in(services, speech, night, typed, found)


def _import_in(
    services: Services, speech: Speech, night: Night, typed: ImportsAsked, found: Found
) -> None:
    with alone_in(services, night.folder):
        asked = _asked(services, found, typed)
        # An SQLite file takes one writer at a time, and an import is mostly writing.
        alone = 1 if services.engine.dialect.name == "sqlite" else 0
        crew = hire(services, typed.workers, typed.dask if asked.orders else None, default=alone)
        ended = carry_out(services, speech, night, crew, asked.orders, failed=asked.failed)
        rejects = None if typed.dry_run else typed.rejects
        returned = write_all_rejects(services, speech, rejects, asked.orders, ended)
        made = _reported(services, night, asked, ended, returned)
        written = _tell(speech, night, made, returned, dry_run=typed.dry_run)
        if not (typed.dry_run or ended.interrupted or ended.stopped):
            leave_counted(services)
    told = night.folder is None or written.keys() == {"page", "workbook"}
    leave(speech, ended, made, told=told)


def _night(services: Services, report: str | None, folder: Path, found: Found) -> Night:
    folder = at_home(folder).absolute()
    return Night(
        kind=CampaignKind.IMPORT,
        academy=None,
        folder=at_home(Path(report)).absolute() if report else None,
        began_at=clock(),
        task=import_school,
        counting=Figure.ROWS,
        noun="ligne",
        source=f"Écoles du dossier «{folder.name}»",
        left_out=stray_files(folder, found.stray),
        silent=silent_schools(services, found.files.keys()),
    )


def _reported(
    services: Services, night: Night, asked: "_Asked", ended: Ended, returned: dict[str, str]
) -> CampaignReport:
    commands = commands_of(ended.outcomes, asked.orders, returned)
    workbooks = {uai: shown(Path(path)) for uai, path in returned.items()}
    lines = lines_of(asked.schools, ended, commands=commands, workbooks=workbooks)
    return report_of(night, services.settings.operator, ended, lines, clock())


def _found(speech: Speech, folder: Path) -> Found:
    folder = at_home(folder)
    if not folder.is_dir():
        raise NoRosters(folder)
    found = files_by_school(folder.absolute())
    if found.empty:
        more = "…" if len(found.empty) > _TOLD else ""
        speech.warn(f"Dossiers sans fichier à importer : {', '.join(found.empty[:_TOLD])}{more}")
    if not found.files:
        raise NoRosters(folder)
    return found


class _Asked(NamedTuple):
    """The schools, an order for each that can be tried, and those that fail at once."""

    schools: list[CampaignSchool]
    orders: list[ImportOfSchool]
    failed: list[Outcome]


def _asked(services: Services, found: Found, typed: ImportsAsked) -> _Asked:
    with services.reading() as session:
        known = {school.uai: school for school in schools_of_list(session, found.files.keys())}
    asked = _Asked([], [], [])
    for uai, files in found.files.items():
        asked.schools.append(known.get(uai) or CampaignSchool(0, uai, "", None))
        try:
            if uai not in known:
                raise UnknownSchool(uai)
            asked.orders.append(_order(services, uai, files, typed))
        except EduConnectError as error:
            asked.failed.append(Outcome(uai=uai, error=error))
    return asked


def _order(
    services: Services, uai: str, files: Sequence[Path], typed: ImportsAsked
) -> ImportOfSchool:
    return ImportOfSchool(
        uai=uai,
        bearings=Bearings.of(services),
        weight=sum(map(_size, files)),
        files=tuple(files),
        consent=typed.confirmed.of(uai),
        columns=kept_columns(services.settings, uai),
        whole_school=typed.whole_school,
        dry_run=typed.dry_run,
    )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # whoever reads it tells why it can't be read


def _tell(
    speech: Speech,
    night: Night,
    report: CampaignReport,
    returned: dict[str, str],
    *,
    dry_run: bool,
) -> dict[str, str]:
    if dry_run:
        speech.say("Essai : rien n'a été écrit. Voici ce que feraient ces imports.")
    written = write_report(speech, night, report)
    totals = {figure.value: report.total(figure) for figure in FIGURES[CampaignKind.IMPORT]}
    speech.table(
        ["", "Nouveaux", "Modifiés", "Partis"],
        [
            (
                label,
                *(totals[f"{people}_{what}"] for what in ("new", "changed", "departed")),
            )
            for label, people in (("Élèves", "pupils"), ("Responsables", "guardians"))
        ],
    )
    speech.say(_read(report))
    tell(speech, report)
    if written:
        speech.say(f"Bilan : {written['page']}")
    result: dict[str, Any] = {**as_json(report), "dry_run": dry_run, **totals}
    silent = [school.uai for school in report.silent]
    speech.result({**result, "report": written, "rejects": returned, "without_files": silent})
    return written


def _read(report: CampaignReport) -> str:
    """Say how many rows were read, and in how many schools none had to be."""
    rows, same = report.total(Figure.ROWS), report.total(Figure.UNCHANGED)
    said = [f"{counted(rows, 'ligne lue', 'lignes lues')}."] if rows or not same else []
    if same:
        said.append(f"Inchangés, pas relus : les fichiers de {counted(same, 'école')}.")
    return " ".join(said)
