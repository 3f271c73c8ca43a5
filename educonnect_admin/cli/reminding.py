"""`letters remind`: a word to those who are in already, without a password."""

from functools import partial
from typing import TYPE_CHECKING

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import ClassLabel, DryRun, Json, School, filled
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from pathlib import Path

    from educonnect_admin.office.remind_active import Reminded


def register(app: typer.Typer) -> None:
    """Add the command to `letters`."""
    app.command("remind", cls=FrenchCommand)(remind)


def remind(
    context: typer.Context,
    school: School,
    class_label: ClassLabel = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Rappeler par mail, sans mot de passe, aux responsables activés que leur compte existe.

    Seulement à une adresse confirmée, et pas plus d'une fois en 30 jours.
    """
    from educonnect_admin.edge import clock
    from educonnect_admin.messages.press import MessagePress
    from educonnect_admin.office.mail_letter import MailRoom
    from educonnect_admin.office.remind_active import remind_active

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    label = filled(class_label, "--class")
    with desk.office() as services:
        folder = services.mail_room().folder  # refused now if nothing could ever leave
        mail = MailRoom(
            room=services.print_room(clock()),
            postbox=services.postbox,
            templates=MessagePress(services.settings.templates_dir),
        )
        transaction = partial(services.transaction, dry_run=dry_run)
        done = remind_active(mail, transaction, uai=school, class_label=label)
    _tell(speech, done, folder, dry_run=dry_run)


def _tell(speech: Speech, done: "Reminded", folder: "Path | None", *, dry_run: bool) -> None:
    from educonnect_admin.cli.mail_words import folder_sentence

    if dry_run:
        speech.say("Essai : rien n'a été écrit ni envoyé. Seraient faits :")
    speech.say(f"{counted(done.reminded, 'rappel')} à envoyer.")
    for number, why in (
        (done.recently_reminded, "rappelé il y a moins de 30 jours"),
        (done.without_address, "activé sans adresse mail confirmée"),
        (done.bouncing, "dont l'adresse refuse nos messages"),
    ):
        if number:
            speech.say(f"  {counted(number, 'compte laissé', 'comptes laissés')} : {why}.")
    if done.reminded and not dry_run:
        speech.say("Ils partent avec la prochaine tournée (cron), ou tout de suite par :")
        speech.say("  educonnect-admin mail deliver")
    if done.reminded and folder is not None:
        speech.warn(folder_sentence(folder))
    told: dict[str, object] = {
        "reminded": done.reminded,
        "without_address": done.without_address,
        "recently_reminded": done.recently_reminded,
        "bouncing": done.bouncing,
    }
    speech.result({**told, "dry_run": True} if dry_run else told)
