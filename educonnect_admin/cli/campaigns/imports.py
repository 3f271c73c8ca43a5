"""`roster import-all`: the files of every school, from one folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from educonnect_admin.campaigns.crews import Crew
from educonnect_admin.campaigns.import_school import import_school
from educonnect_admin.campaigns.orders import Bearings, ImportOfSchool
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.run import Ended
from educonnect_admin.cli.campaigns.hiring import hire
from educonnect_admin.cli.campaigns.lines import lines_of
from educonnect_admin.cli.campaigns.rejected import write_all_rejects
from educonnect_admin.cli.campaigns.report import as_json, report_of, tell, write_report
from educonnect_admin.cli.campaigns.running import Night, alone_in, carry_out, leave
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.kept_columns import kept_columns
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.campaign_errors import NoRosters
from educonnect_admin.domain.campaigns import FIGURES, CampaignKind, CampaignReport, Figure
from educonnect_admin.domain.errors import EduConnectError, UnknownSchool
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.importing.dangers import Consent
from educonnect_admin.queries.campaigns import CampaignSchool, schools_of_list
from educonnect_admin.rosters.school_folders import Found, files_by_school

_TOLD = 10


class ImportsAsked(NamedTuple):
    """What was typed."""

    folder: Path
    consent: Consent
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
    night = _night(typed.report, dry_run=typed.dry_run)
    found = _found(speech, typed.folder)
    with desk.office() as services, alone_in(services, night.folder):
        asked = _asked(services, found, typed)
        # An SQLite file takes one writer at a time, and an import is mostly writing.
        alone = 1 if services.engine.dialect.name == "sqlite" else 0
        crew = hire(services, typed.workers, typed.dask if asked.orders else None, default=alone)
        ended, made = _import_all(services, speech, night, crew, asked)
        rejects = None if typed.dry_run else typed.rejects
        returned = write_all_rejects(services, speech, rejects, asked.orders, ended)
        written = _tell(speech, night, made, returned, dry_run=typed.dry_run)
    told = night.folder is None or written.keys() == {"page", "workbook"}
    leave(speech, ended, made, told=told)


def _night(report: str | None, *, dry_run: bool) -> Night:
    return Night(
        kind=CampaignKind.IMPORT,
        academy=None,
        folder=Path(report).expanduser().absolute() if report and not dry_run else None,
        began_at=clock(),
        task=import_school,
        counting=Figure.ROWS,
        noun="ligne",
    )


def _import_all(
    services: Services, speech: Speech, night: Night, crew: Crew, asked: "_Asked"
) -> tuple[Ended, CampaignReport]:
    ended = carry_out(services, speech, night, crew, asked.orders, failed=asked.failed)
    lines = lines_of(asked.schools, ended)
    return ended, report_of(night, services.settings.operator, ended, lines, clock())


def _found(speech: Speech, folder: Path) -> Found:
    if not folder.expanduser().is_dir():
        raise NoRosters(folder)
    found = files_by_school(folder.expanduser().absolute())
    if found.stray:
        names = ", ".join(f"«{path.name}»" for path in found.stray[:_TOLD])
        more = "…" if len(found.stray) > _TOLD else ""
        speech.warn(
            f"{counted(len(found.stray), 'fichier laissé', 'fichiers laissés')} : ni leur nom ni "
            f"leur dossier ne porte un numéro UAI juste : {names}{more}"
        )
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
        bearings=Bearings.of(services.settings, services.keyring.fingerprint()),
        weight=sum(map(_size, files)),
        files=tuple(files),
        consent=typed.consent,
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
    speech.say(f"{counted(report.total(Figure.ROWS), 'ligne lue', 'lignes lues')}.")
    tell(speech, report)
    if written:
        speech.say(f"Bilan : {written['page']}")
    result: dict[str, Any] = {**as_json(report), "dry_run": dry_run, **totals}
    speech.result({**result, "report": written, "rejects": returned})
    return written
