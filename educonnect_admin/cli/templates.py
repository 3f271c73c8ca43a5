"""`letters check-templates` and `letters preview`: an office's own letters, tried safely."""

from pathlib import Path
from typing import Annotated

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REFUSED
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import Json
from educonnect_admin.cli.speech import counted


def register(app: typer.Typer) -> None:
    """Add these commands to `letters`."""
    app.command("check-templates", cls=FrenchCommand)(check_templates)
    app.command("preview", cls=FrenchCommand)(preview)


def check_templates(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DOSSIER]",
            help="Vos modèles ; par défaut EDUCONNECT_TEMPLATES_DIR, sinon les nôtres.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Vérifier des modèles de courrier et de message sur des personnes inventées."""
    desk: Desk = context.obj
    speech = desk.speech(json=json)
    sentences, problems = _tried(folder or desk.settings().templates_dir)
    for sentence in sentences:
        speech.warn(sentence)
    if not problems:
        speech.say("Les modèles sont bons. Pour voir le résultat : letters preview essai.pdf")
    speech.result({"ok": not problems, "problems": problems})
    if problems:
        speech.warn(f"{counted(len(problems), 'défaut')} : ces modèles ne serviront pas.")
        raise typer.Exit(REFUSED)


def _tried(folder: Path | None) -> tuple[list[str], list[dict[str, object]]]:
    """Return every problem of letters and messages, in words and as JSON has it."""
    from educonnect_admin.cli.letter_words import template_sentence
    from educonnect_admin.cli.mail_words import template_problem
    from educonnect_admin.letters import checking
    from educonnect_admin.messages.checking import check_messages

    letters, messages = checking.check_templates(folder), check_messages(folder)
    found = [
        *((one.template, one.line, one.reason, one.what) for one in letters),
        *((f"mail/{one.template}", one.line, one.why, None) for one in messages),
    ]
    return (
        [*map(template_sentence, letters), *map(template_problem, messages)],
        [dict(zip(("file", "line", "reason", "what"), one, strict=True)) for one in found],
    )


def preview(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="FICHIER.pdf", help="Le PDF à écrire.")],
    folder: Annotated[
        Path | None,
        typer.Option("--templates", metavar="DOSSIER", help="Vos modèles.", exists=True),
    ] = None,
    json: Json = False,
) -> None:
    """Écrire des courriers d'essai, marqués SPÉCIMEN, pour les regarder avant d'imprimer."""
    from educonnect_admin.letters import checking
    from educonnect_admin.office.printing.letter_folder import (
        prepare_folder,
        publish_part,
        remove_part,
        write_part,
    )

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    content = checking.preview(folder or desk.settings().templates_dir)
    path = prepare_folder(output.parent) / output.name
    write_part(path, content)
    try:
        publish_part(path)
    finally:
        remove_part(path)
    speech.say(f"Courriers d'essai : {path}")
    speech.result({"path": str(path)})
