"""`letters expire`: what cron does every night."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.alone import alone
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json, filled
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.office.expire_letters import Expired


def register(app: typer.Typer) -> None:
    """Add the command to `letters`."""
    app.command("expire", cls=FrenchCommand)(expire)


def expire(
    context: typer.Context,
    school: Annotated[
        str | None, typer.Option("--school", metavar="UAI", help="Une seule école.")
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Clore les courriers échus et effacer, 90 jours après, leurs mots de passe hachés.

    Pour la nuit (cron) : un courrier échu ne marche plus même si cette commande n'a pas tourné.
    """
    from educonnect_admin.edge import clock
    from educonnect_admin.office.expire_letters import Expired, expire_letters

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    uai = filled(school, "--school")
    done = Expired()
    with (
        desk.office() as services,
        alone(services, "letters-expire", speech, dry_run=dry_run) as mine,
    ):
        if mine:
            transaction = partial(services.transaction, dry_run=dry_run)
            done = expire_letters(transaction, services.author(clock()), uai=uai)
    if mine:
        _tell(speech, done, dry_run=dry_run)
    told = {"expired": done.expired, "cleared": done.cleared, "busy": not mine}
    speech.result({**told, "dry_run": True} if dry_run else told)


def _tell(speech: Speech, done: "Expired", *, dry_run: bool) -> None:
    if dry_run:
        speech.say("Essai : rien n'a été écrit. Seraient faits :")
    ended = counted(done.expired, "courrier échu clos", "courriers échus clos")
    hashes = counted(done.cleared, "mot de passe haché effacé", "mots de passe hachés effacés")
    speech.say(f"{ended}, {hashes}.")
