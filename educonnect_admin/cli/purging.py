"""`data purge`: what cron does every week."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from educonnect_admin.cli.alone import alone
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from educonnect_admin.edge import Services
    from educonnect_admin.office.purge_people import Purged

TASK = "data-purge"


def register(group: typer.Typer) -> None:
    """Add the command to `data`."""
    group.command("purge", cls=FrenchCommand)(purge)


def purge(context: typer.Context, dry_run: DryRun = False, json: Json = False) -> None:
    """Effacer les données des personnes sans enfant inscrit depuis 90 jours. Sans retour.

    Pour la nuit (cron). Le journal garde ses entrées, dont les numéros ne mènent plus à personne.
    """
    from educonnect_admin.office.purge_people import Purged

    desk: Desk = context.obj
    speech, done = desk.speech(json=json), Purged()
    with desk.office() as services, alone(services, TASK, speech, dry_run=dry_run) as mine:
        if mine:
            done = _purge(services, dry_run=dry_run)
    if mine:
        _tell(speech, done, dry_run=dry_run)
    figures = asdict(done)
    told = {"purged": figures.pop("people"), **figures, "busy": not mine}
    speech.result({**told, "dry_run": True} if dry_run else told)


def _purge(services: "Services", *, dry_run: bool) -> "Purged":
    from educonnect_admin.databases import empty_journal
    from educonnect_admin.edge import clock
    from educonnect_admin.office.purge_people import purge_people

    author = services.author(clock())
    if not dry_run:
        done = purge_people(services.transaction, author)
        empty_journal(services.engine)
        return done
    # One transaction for all: what would go first is gone when what hangs on it is looked at.
    with services.transaction(dry_run=True) as session:

        def within() -> AbstractContextManager["Session"]:
            return nullcontext(session)

        return purge_people(within, author)


def _tell(speech: Speech, done: "Purged", *, dry_run: bool) -> None:
    if dry_run:
        speech.say("Essai : rien n'a été écrit. Seraient effacés :")
    elif not (done.people or done.leftovers):
        speech.say("Personne à effacer.")
        return
    guardians = counted(done.people - done.pupils, "responsable", "responsables")
    pupils = counted(done.pupils, "élève", "élèves")
    speech.say(
        f"{guardians} et {pupils} sans inscription depuis 90 jours, et ce qui les concerne :"
    )
    for number, one, several in (
        (done.accounts, "compte", "comptes"),
        (done.records, "fiche de responsable", "fiches de responsables"),
        (done.letters, "courrier", "courriers"),
        (done.messages, "message", "messages"),
        (done.reasons, "motif du journal", "motifs du journal"),
    ):
        speech.say(f"  {counted(number, one, several)}")
    left = counted(done.leftovers, "trace dépassée", "traces dépassées")
    speech.say(f"{left} (visites, liens, essais, messages, questions) dont le délai est fini.")
