"""Options that several commands share, with the same words everywhere."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Un objet JSON sur la sortie standard.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Montrer ce qui serait fait, sans rien écrire.")
]
School = Annotated[
    str, typer.Option("--school", metavar="UAI", help="Numéro UAI de l'école, ex. 0752387M.")
]
ClassLabel = Annotated[
    str | None,
    typer.Option("--class", metavar="CLASSE", help="Une seule classe, par son libellé."),
]
