"""`pupils …`: finding a pupil, and mending what the school's file says wrong of it."""

import typer

from educonnect_admin.cli import correcting, finding, showing
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup

app = typer.Typer(cls=FrenchGroup, help="Les élèves.", no_args_is_help=True)
correcting.register(app)
app.command("find", cls=FrenchCommand)(finding.find_pupil)
app.command("show", cls=FrenchCommand)(showing.pupil)


@app.callback()
def _group() -> None:
    # With one command only, Typer would drop the name of the group.
    """Les élèves."""
