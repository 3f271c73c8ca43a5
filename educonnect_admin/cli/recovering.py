"""`letters recover`: finishing what a killed run left, and telling it."""

from typing import TYPE_CHECKING

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.encrypting import Encrypt, asked_protection
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.file_errors import SlipsLocked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from educonnect_admin.office.recover_letters import Recovered
    from educonnect_admin.queries.batches import LeftBehind

WAITING = (
    "{path} : un autre fichier porte ce nom et ne sera pas remplacé, ou le disque ne répond pas. "
    "Les courriers attendent à côté, sous le même nom suivi de .part : déplacez l'autre fichier, "
    "puis lancez educonnect-admin letters recover."
)
REISSUE = "À imprimer de nouveau (letters issue, ou letters resend pour un seul) : "


def register(app: typer.Typer) -> None:
    """Add the command to `letters`."""
    app.command("recover", cls=FrenchCommand)(recover)


def recover(
    context: typer.Context,
    encrypt: Encrypt = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Finir ou retirer ce qu'une impression interrompue a laissé."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.recover_letters import batches_left, recover_letters

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services:
        protection = asked_protection(services, encrypt=encrypt and not dry_run)
        room = services.print_room(clock(), protection)
        if dry_run:
            _tell_left(speech, batches_left(room))
            return
        done = recover_letters(room)
    if done.nothing:
        speech.say("Rien à reprendre : toutes les impressions se sont bien terminées.")
    tell_recovered(speech, done)
    for path in done.waiting:
        speech.warn(WAITING.format(path=path))
    speech.result(
        {
            "published": len(done.published),
            "discarded": done.discarded,
            "voided": len(done.voided),
            "files": [str(path) for path in done.published],
            "to_reissue": done.to_reissue,
            "slips": [str(path) for path in done.slips],
            "waiting": [str(path) for path in done.waiting],
            "stuck": [{"batch": batch, "folder": str(folder)} for batch, folder in done.stuck],
            "locked": [{"batch": batch, "folder": str(folder)} for batch, folder in done.locked],
            "busy": done.busy,
            "elsewhere": [{"batch": batch, "host": host} for batch, host in done.elsewhere],
        }
    )
    if done.to_reissue or done.voided or done.waiting or done.stuck or done.locked:
        raise typer.Exit(REMARKS)


def _tell_left(speech: Speech, left: "Sequence[LeftBehind]") -> None:
    speech.say("Essai : rien n'a été touché.")
    for batch in left:
        speech.show(
            f"Le lot n° {batch.batch_id} de l'école {batch.uai} n'est pas terminé "
            f"(machine «{batch.host}», dossier {batch.folder})."
        )
    if not left:
        speech.say("Rien à reprendre : toutes les impressions se sont bien terminées.")
    batches = [{"batch": one.batch_id, "school": one.uai, "folder": one.folder} for one in left]
    speech.result({"dry_run": True, "batches": batches})


def tell_recovered(speech: Speech, done: "Recovered") -> None:
    """Tell what a recovery did, alone or before an issue."""
    for path in done.published:
        speech.say(f"Repris après une interruption : {path} est complet et ses courriers valables.")
    if done.discarded:
        classes = "1 classe" if done.discarded < 2 else f"{done.discarded} classes"
        speech.say(
            f"Une impression interrompue avait laissé {classes} sans courrier valable : rien n'est "
            "perdu, ces responsables restent à notifier."
        )
    if done.slips:
        slips = counted(len(done.slips), "bordereau", "bordereaux")
        speech.say(f"{slips} d'une impression interrompue : faits, dans {done.slips[0].parent}.")
    _tell_losses(speech, done)


def _tell_losses(speech: Speech, done: "Recovered") -> None:
    for batch, folder in done.stuck:
        speech.warn(
            f"Le lot n° {batch} n'a pas pu être terminé dans {folder} (disque plein ou refusé) : "
            "faites de la place, puis lancez educonnect-admin letters recover."
        )
    for batch, folder in done.locked:
        speech.warn(explain(SlipsLocked(batch, folder))[0])
    for path in done.voided:
        speech.warn(
            f"{path} a disparu ou a été modifié avant d'être publié : ses courriers sont annulés."
        )
    if done.to_reissue:
        speech.warn(REISSUE + ", ".join(done.to_reissue))
    for uai in done.busy:
        speech.warn(f"École {uai} : une impression est en cours, elle n'a pas été touchée.")
    for batch, host in done.elsewhere:
        speech.warn(
            f"Le lot n° {batch} a été commencé sur la machine «{host}» : lancez letters recover "
            "là-bas."
        )
