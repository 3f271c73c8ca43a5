"""`letters campaign`: the letters of an academy, a folder and a manifest for each school."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from educonnect_admin.campaigns.campaign_folder import write_campaign_manifest
from educonnect_admin.campaigns.crews import Crew
from educonnect_admin.campaigns.orders import TO_WORKERS, Bearings, LettersOfSchool
from educonnect_admin.campaigns.print_school import print_school
from educonnect_admin.campaigns.run import Ended
from educonnect_admin.campaigns.school_folder import lacks_manifest
from educonnect_admin.cli.campaigns.asked import Asked, asked_schools
from educonnect_admin.cli.campaigns.hiring import hire
from educonnect_admin.cli.campaigns.lines import begun_in, letters_in, lines_of
from educonnect_admin.cli.campaigns.new_files import tell_new_files
from educonnect_admin.cli.campaigns.report import (
    PAGE,
    WORKBOOK,
    as_json,
    report_of,
    tell,
    write_report,
)
from educonnect_admin.cli.campaigns.running import Night, alone_in, carry_out, leave
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.encrypting import asked_passphrase
from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.folder_warnings import warn_of_folder
from educonnect_admin.cli.recounting import leave_counted
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.campaigns import CampaignKind, CampaignReport, Figure
from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.domain.letters import Who
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways.sealing import CAMPAIGN, KeyringSealer
from educonnect_admin.homes import at_home
from educonnect_admin.queries.campaigns import (
    CampaignSchool,
    letters_to_make,
    published_under,
    schools_left_open,
)

_NAMED = 5


class LettersAsked(NamedTuple):
    """What was typed."""

    output: str
    academy: str | None
    schools: Path | None
    who: Who
    workers: int | None
    dask: str | None
    encrypt: bool
    dry_run: bool


def print_letters(desk: Desk, typed: LettersAsked, *, json: bool) -> None:
    """Print the letters of all schools that were asked for.

    Raises:
        NoSchools, UnknownAcademy, UnreadableFile: nobody is meant.
        CampaignRunning: another campaign works in the folder.
        Exit: something is not as it should be, told and reported.
    """
    speech = desk.speech(json=json)
    speech.prepare()
    folder = at_home(Path(typed.output)).resolve()
    night = _night(typed.academy, None if typed.dry_run else folder)
    with desk.office() as services:
        asked = asked_schools(services, typed.academy, typed.schools)
        night = replace(night, left_out=asked.left_out, source=asked.source)
        warn_of_folder(speech, folder, encrypt=typed.encrypt)
        with alone_in(services, night.folder):
            phrase = _sealed_passphrase(services, typed)
            wanted = _Wanted(folder, typed.who, night.began_at, phrase, typed.dry_run)
            orders = _orders(services, asked, wanted)
            # Where nothing is left to do, a cluster that is away is no trouble.
            crew = hire(services, typed.workers, typed.dask if orders else None)
            ended, report = _print_all(services, speech, night, crew, asked, orders)
            written = _tell(speech, night, report, ended)
            if not (typed.dry_run or ended.interrupted or ended.stopped):
                leave_counted(services)
    told = night.folder is None or written.keys() == {"page", "workbook", "manifest"}
    leave(speech, ended, report, told=told)


def _night(academy: str | None, folder: Path | None) -> Night:
    return Night(
        kind=CampaignKind.LETTERS,
        academy=academy,
        folder=folder,
        began_at=clock(),
        task=print_school,
        counting=Figure.LETTERS,
        noun="courrier",
    )


def _print_all(
    services: Services,
    speech: Speech,
    night: Night,
    crew: Crew,
    asked: Asked,
    orders: list[LettersOfSchool],
) -> tuple[Ended, CampaignReport]:
    ended = carry_out(services, speech, night, crew, orders, failed=asked.unknown)
    lines = lines_of(asked.schools, ended, night.folder)
    return ended, report_of(night, services.settings.operator, ended, lines, clock())


class _Wanted(NamedTuple):
    folder: Path
    who: Who
    now: datetime
    passphrase: bytes | None
    dry_run: bool

    def __repr__(self) -> str:
        return f"_Wanted(folder={self.folder!r})"


def _sealed_passphrase(services: Services, typed: LettersAsked) -> bytes | None:
    """Ask for the passphrase, if there is to be one; it travels sealed."""
    asked = asked_passphrase(services.settings, encrypt=typed.encrypt and not typed.dry_run)
    sealer = KeyringSealer(services.keyring, services.chance, CAMPAIGN)
    return None if asked is None else sealer.close(asked.encode(), TO_WORKERS)


def _orders(services: Services, asked: Asked, wanted: _Wanted) -> list[LettersOfSchool]:
    """Return an order for each school in which something is left to do, the largest first.

    The largest first, so that at the end no worker sits long over the last one.
    """
    with services.reading() as session:
        to_make = letters_to_make(session, wanted.who, wanted.now)
        left_open = schools_left_open(session)
        published = published_under(session, wanted.folder)
    bearings = Bearings.of(services)

    def is_left(school: CampaignSchool) -> bool:
        if school.id in to_make or school.id in left_open:
            return True
        return lacks_manifest(wanted.folder / school.uai, published.get(school.uai, ()))

    orders = [
        LettersOfSchool(
            uai=school.uai,
            bearings=bearings,
            weight=max(1, to_make.get(school.id, 0)),
            who=wanted.who,
            folder=wanted.folder / school.uai,
            name=school.name,
            dry_run=wanted.dry_run,
            passphrase=wanted.passphrase,
        )
        for school in asked.schools
        if is_left(school)
    ]
    return sorted(orders, key=lambda order: (-order.weight, order.uai))


def _tell(speech: Speech, night: Night, report: CampaignReport, ended: Ended) -> dict[str, str]:
    issued = sum(outcome.figures.get(Figure.LETTERS, 0) for outcome in ended.outcomes)
    opened = sum(outcome.figures.get(Figure.ACCOUNTS, 0) for outcome in ended.outcomes)
    files = [file for school in report.schools for file in school.files]
    last_days = [school.last_day for school in report.schools if school.last_day]
    begun = begun_in(night.folder, report.schools) if night.folder else []
    written = _written(speech, night, report)
    if night.folder is None:
        speech.say("Essai : rien n'a été écrit, aucun mot de passe n'a été tiré.")
        speech.say(f"{counted(issued, 'courrier')} à imprimer.")
    tell(speech, report)
    if night.folder is not None:
        _tell_folder(speech, night.folder, issued, letters_in(files), begun, written)
        tell_new_files(speech, night.folder, report)
    result: dict[str, Any] = {
        **as_json(report),
        "dry_run": night.folder is None,
        "letters": issued,
        "accounts_created": opened,
        "standing": letters_in(files),
        "begun": begun,
        "last_day": min(last_days).isoformat() if last_days else None,
        "output": str(night.folder) if night.folder else None,
        "report": written,
        "new_files": sum(file.is_new for file in files),
    }
    speech.result(result)
    return written


def _tell_folder(
    speech: Speech,
    folder: Path,
    issued: int,
    standing: int,
    begun: Sequence[str],
    written: dict[str, str],
) -> None:
    said = counted(issued, "courrier")
    if issued < standing:
        said += f" de plus, {standing} en tout,"
    said += f" dans {folder}"
    if begun:
        which = ", ".join(begun[:_NAMED]) + ("…" if len(begun) > _NAMED else "")
        number = counted(len(begun), "école commencée", "écoles commencées")
        said += f", sans compter ceux de {number}, à reprendre ({which})"
    speech.say(said)
    if "page" in written:
        speech.say(f"Bilan : {folder / PAGE} et {WORKBOOK}")
    if standing:
        speech.say(
            "Ces fichiers contiennent des mots de passe : imprimez-les, remettez-les, puis "
            "effacez-les. letters verify-manifest dit s'il en manque."
        )


def _written(speech: Speech, night: Night, report: CampaignReport) -> dict[str, str]:
    """Write report and manifest; a disk that refuses is told, what is printed is printed."""
    written = write_report(speech, night, report)
    if night.folder is None:
        return written
    try:
        manifest = write_campaign_manifest(night.folder, report, beside=(PAGE, WORKBOOK))
    except UnwritableFolder as refusal:
        speech.warn(f"Le manifeste n'a pas pu être écrit. {explain(refusal)[0]}")
        return written
    _tell_out_of_sight(speech, report, manifest.schools)
    return {**written, "manifest": str(manifest.path)}


def _tell_out_of_sight(speech: Speech, report: CampaignReport, listed: int) -> None:
    """Tell of folders that workers wrote on disks of their own."""
    away = sum(1 for school in report.schools if school.files) - listed
    if away:
        said = counted(away, "dossier d'école n'est pas", "dossiers d'écoles ne sont pas")
        speech.warn(
            f"{said} sur cette machine : les ouvriers n'écrivent pas dans le même --output. Leurs "
            "courriers sont là où ils ont été faits (voyez le journal), hors du manifeste."
        )
