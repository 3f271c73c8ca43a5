"""`audit …`."""

import typer

from educonnect_admin.cli.french import FrenchGroup

app = typer.Typer(cls=FrenchGroup, help="audit", no_args_is_help=True)
