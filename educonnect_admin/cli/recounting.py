"""`database recount`, and the figures that other commands leave counted behind them (R-64)."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from educonnect_admin.edge import Services


def register(group: typer.Typer) -> None:
    """Add the command to `database`."""
    group.command("recount", cls=FrenchCommand)(recount)


def recount(
    context: typer.Context,
    every: Annotated[
        bool,
        typer.Option("--all", help="Toutes les écoles, même celles où rien n'a changé."),
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Recompter les chiffres du bilan là où quelque chose a changé (PostgreSQL).

    Pour cron : le bilan d'une académie est juste sans cela, mais plus long à venir.
    """
    from educonnect_admin.office.keep_figures import keep_figures

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.transaction(dry_run=dry_run) as session:
        schools = keep_figures(session, every=every)
    if schools is None:
        speech.say("Cette base ne garde pas de chiffres : le bilan compte à chaque demande.")
    elif dry_run:
        speech.say(f"Essai : rien n'a été écrit. À recompter : {counted(schools, 'école')}.")
    else:
        speech.say(f"{counted(schools, 'école recomptée', 'écoles recomptées')}.")
    told = {"schools": schools or 0, "kept": schools is not None}
    speech.result({**told, "dry_run": True} if dry_run else told)


def leave_counted(services: "Services") -> None:
    """Count again what has changed, so that the next audit need not.

    It only saves time: a database that goes away now, or is brought up to date by a newer program,
    takes nothing back from a night that is done, and an audit meets that trouble by itself.
    """
    from educonnect_admin.domain.errors import DatabaseUnavailable, OutdatedDatabase
    from educonnect_admin.office.keep_figures import keep_figures

    with suppress(DatabaseUnavailable, OutdatedDatabase), services.transaction() as session:
        keep_figures(session)
