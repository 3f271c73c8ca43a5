"""The tree of commands and the options that stand before them."""

from pathlib import Path
from typing import Annotated

import typer

from educonnect_admin import __version__
from educonnect_admin.cli import (
    accounts,
    audit,
    data,
    database,
    finding,
    guardians,
    guide,
    keys,
    letters,
    mail,
    operators,
    portal,
    pupils,
    roster,
    schools,
    services,
    showing,
)
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchGroup
from educonnect_admin.homes import at_home

app = typer.Typer(
    cls=FrenchGroup,
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
finding.register(accounts.app, pupils.app)
showing.register(accounts.app, pupils.app)
app.add_typer(operators.app, name="operators")
app.add_typer(schools.app, name="schools")
app.add_typer(roster.app, name="roster")
app.add_typer(accounts.app, name="accounts")
app.add_typer(pupils.app, name="pupils")
app.add_typer(guardians.app, name="guardians")
app.add_typer(letters.app, name="letters")
app.add_typer(mail.app, name="mail")
app.add_typer(audit.app, name="audit")
app.add_typer(services.app, name="services")
app.add_typer(keys.app, name="keys")
app.add_typer(data.app, name="data")
app.add_typer(portal.app, name="portal")


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
