"""`roster plan` and `roster apply`: what an import would do, shown; then exactly that."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json, School
from educonnect_admin.cli.roster_options import (
    AcceptDepartures,
    AcceptMoves,
    Files,
    WholeSchool,
    read_rosters,
)
from educonnect_admin.homes import at_home

if TYPE_CHECKING:
    from educonnect_admin.domain.errors import EduConnectError
    from educonnect_admin.edge import Services
    from educonnect_admin.office.importing.dangers import Consent
    from educonnect_admin.office.importing.plan_file import KeptPlan

Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="PLAN",
        help="Garder le plan dans un fichier, pour roster apply ; jamais remplacé s'il existe.",
    ),
]
Whole = Annotated[
    bool, typer.Option("--all", help="Nommer tout le monde, sans abréger les longues listes.")
]


def register(roster: typer.Typer) -> None:
    """Add both commands to the group."""
    roster.command("plan", cls=FrenchCommand)(plan_)
    roster.command("apply", cls=FrenchCommand)(apply_)


def plan_(
    context: typer.Context,
    files: Files,
    school: School,
    output: Output = None,
    whole_school: WholeSchool = False,
    everybody: Whole = False,
    json: Json = False,
) -> None:
    """Montrer ce que ferait un import : qui arrive, change, part. La base n'est pas touchée."""
    from educonnect_admin.cli.kept_columns import kept_columns
    from educonnect_admin.cli.plan_report import tell_plan
    from educonnect_admin.cli.reading_report import tell_footers
    from educonnect_admin.edge import clock
    from educonnect_admin.office.importing.plan_file import seal_plan
    from educonnect_admin.office.keep_plan import make_plan
    from educonnect_admin.office.written_files import free_path, write_file

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    target = free_path(at_home(output)) if output else None
    with desk.office() as services:
        author = services.author(clock())
        readings = read_rosters(speech, files, kept_columns(services.settings, school))
        tell_footers(speech, readings)
        with services.transaction(dry_run=True) as session:
            kept = make_plan(session, school, readings, author, whole_school=whole_school)
        if target and kept.plan.accepted:
            write_file(target, seal_plan(kept.plan, kept.school, kept.basis, author))
    danger = _danger(kept)
    tell_plan(speech, kept, target, danger, everybody=everybody)
    if danger or kept.plan.refused:
        raise typer.Exit(REMARKS)


def _danger(kept: "KeptPlan") -> "EduConnectError | None":
    """Return why applying the plan as it is would be refused, if it would.

    Raises:
        NothingAccepted: every row is refused; there is no plan.
    """
    from educonnect_admin.domain.errors import EduConnectError, NothingAccepted
    from educonnect_admin.office.importing.dangers import NO_CONSENT, refuse_dangers

    try:
        refuse_dangers(kept.plan, NO_CONSENT)
    except NothingAccepted:
        raise
    except EduConnectError as danger:
        return danger
    return None


def apply_(
    context: typer.Context,
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", help="Le fichier écrit par roster plan --output.")
    ],
    dry_run: DryRun = False,
    accept_departures: AcceptDepartures = False,
    accept_moves: AcceptMoves = False,
    json: Json = False,
) -> None:
    """Faire exactement ce que dit un plan, ou rien si la base a changé depuis."""
    from educonnect_admin.cli.import_report import tell_import
    from educonnect_admin.edge import clock
    from educonnect_admin.office.importing.dangers import Consent
    from educonnect_admin.office.importing.keep_corrections import keeps_corrections
    from educonnect_admin.office.keep_plan import read_plan

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    consent = Consent(departures=accept_departures, moves=accept_moves)
    with desk.office() as services:
        kept = read_plan(plan, services.author(clock()))
        reopened = _apply(services, kept, consent, dry_run=dry_run)
    told = {"reopened": reopened, "sha256": kept.sha256}
    tell_import(speech, kept.plan, kept.school, dry_run=dry_run, told=told)
    if kept.plan.refused or keeps_corrections(kept.plan):
        raise typer.Exit(REMARKS)


def _apply(services: "Services", kept: "KeptPlan", consent: "Consent", *, dry_run: bool) -> int:
    from educonnect_admin.edge import clock
    from educonnect_admin.office.keep_plan import apply_kept_plan

    with services.transaction(dry_run=dry_run) as session:
        return apply_kept_plan(
            session, kept, services.author(clock()), consent, announcer=services.announcer
        )
