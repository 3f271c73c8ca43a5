"""`roster template`: an empty workbook to fill in, for a school without an export."""

from typing import Annotated

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import Json


def register(roster: typer.Typer) -> None:
    """Add the command to the group."""
    roster.command("template", cls=FrenchCommand)(template)


def template(
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(metavar="FICHIER.xlsx", help="Le classeur à créer ; jamais remplacé."),
    ],
    json: Json = False,
) -> None:
    """Créer un classeur vide à remplir, avec ses explications : élèves et responsables."""
    from educonnect_admin.cli.template_words import template_bytes
    from educonnect_admin.cli.workbook_files import free_workbook
    from educonnect_admin.office.written_files import write_file

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    path = free_workbook(file, "FICHIER.xlsx")
    write_file(path, template_bytes())
    speech.say(f"Classeur à remplir : {path}")
    speech.say("  Sa première feuille dit comment. Les colonnes marquées * sont obligatoires.")
    speech.say(f"Ensuite : educonnect-admin roster import {path.name} --school UAI --dry-run")
    speech.result({"path": str(path)})
