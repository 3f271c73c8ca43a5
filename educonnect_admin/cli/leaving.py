"""`accounts close-leavers`: what cron does every night."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.alone import alone
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json, filled
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.office.close_leavers import LeaversClosed


def register(app: typer.Typer) -> None:
    """Add the command to `accounts`."""
    app.command("close-leavers", cls=FrenchCommand)(close_leavers)


def close_leavers(
    context: typer.Context,
    school: Annotated[
        str | None, typer.Option("--school", metavar="UAI", help="Une seule école.")
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Fermer les comptes sans enfant inscrit depuis 90 jours. Un enfant qui revient les rouvre.

    Pour la nuit (cron). Un compte fermé garde ce qu'il a, jusqu'à ce que `data purge` efface tout.
    """
    from educonnect_admin.edge import clock
    from educonnect_admin.office import close_leavers as leavers

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    uai = filled(school, "--school")
    done = leavers.LeaversClosed()
    with (
        desk.office() as services,
        alone(services, "accounts-close-leavers", speech, dry_run=dry_run) as mine,
    ):
        if mine:
            transaction = partial(services.transaction, dry_run=dry_run)
            done = leavers.close_leavers(transaction, services.author(clock()), uai=uai)
    if mine:
        _tell(speech, done, dry_run=dry_run)
    told = {
        "closed": done.closed,
        "kept": done.kept,
        "next_on": done.next_on.isoformat() if done.next_on else None,
        "letters_ended": done.letters,
        "messages_cancelled": done.messages,
        "busy": not mine,
    }
    speech.result({**told, "dry_run": True} if dry_run else told)


def _tell(speech: Speech, done: "LeaversClosed", *, dry_run: bool) -> None:
    if dry_run:
        speech.say("Essai : rien n'a été écrit. Seraient faits :")
    closed = counted(done.closed, "compte fermé", "comptes fermés")
    speech.say(f"{closed} faute d'enfant inscrit depuis 90 jours.")
    if done.next_on is not None:
        kept = counted(done.kept, "autre compte", "autres comptes")
        have = "n'a" if done.kept < 2 else "n'ont"
        speech.say(
            f"{kept} {have} plus d'enfant inscrit ; prochaine fermeture le "
            f"{done.next_on:%d/%m/%Y}, si personne ne revient."
        )
