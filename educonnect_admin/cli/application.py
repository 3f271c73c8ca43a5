"""The tree of commands and the options that stand before them."""

from pathlib import Path
from typing import Annotated

import typer

from educonnect_admin import __version__
from educonnect_admin.cli import database, guide
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.growing import GrowingGroup
from educonnect_admin.homes import at_home

app = typer.Typer(
    cls=GrowingGroup,
    name="educonnect-admin",
    help="Le bureau d'EduConnect : des fichiers de l'école aux courriers dans les cartables.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    options_metavar="[OPTIONS]",
    context_settings={"help_option_names": ["--help", "-h"]},
)
database.register(app)
guide.register(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"educonnect-admin {__version__}")
        raise typer.Exit


@app.callback()
def _office(
    context: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help="Base de données : le chemin d'un fichier SQLite ou une adresse PostgreSQL "
            "(variable EDUCONNECT_DATABASE_URL).",
        ),
    ] = None,
    operator: Annotated[
        str | None,
        typer.Option(
            "--operator",
            metavar="NOM",
            help="Qui agit, pour le journal (variable EDUCONNECT_OPERATOR ; "
            "par défaut, la session de l'ordinateur).",
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="N'afficher que les erreurs et les résultats.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Afficher la version.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    context.obj = Desk(database=_bare(database), operator=operator, quiet=quiet)


def _bare(database: str | None) -> str | None:
    """Expand the home folder of a bare path; an address stays as it is."""
    if database is None or "://" in database:
        return database
    return str(at_home(Path(database)))
