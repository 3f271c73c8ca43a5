"""`data …`: what is known of people, given to them or removed."""

import typer

from educonnect_admin.cli import exporting, purging
from educonnect_admin.cli.french import FrenchGroup

app = typer.Typer(
    cls=FrenchGroup,
    help="Les données des personnes : les remettre, les effacer.",
    no_args_is_help=True,
)
exporting.register(app)
purging.register(app)
