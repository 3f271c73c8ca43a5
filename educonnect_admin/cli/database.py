"""`init` and `database …`: making the office and keeping it up to date."""

from typing import TYPE_CHECKING

import typer

from educonnect_admin.cli import backing_up, recounting
from educonnect_admin.cli.desk import CHEAP_HASHING_WARNING, Desk
from educonnect_admin.cli.exit_codes import REFUSED, REMARKS
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import DryRun, Json
from educonnect_admin.process_secrets import hide_memory

if TYPE_CHECKING:
    from educonnect_admin.edge import Services

group = typer.Typer(cls=FrenchGroup, help="La base de données.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the tree."""
    app.command("init", cls=FrenchCommand)(init)
    backing_up.register(group)
    recounting.register(group)
    app.add_typer(group, name="database")


def init(context: typer.Context, dry_run: DryRun = False, json: Json = False) -> None:
    """Créer le bureau : la base de données et son fichier de clé. Peut être répété."""
    if dry_run:
        _foresee(context.obj, json=json)
    else:
        _open(context.obj, json=json, done="Le bureau est prêt.")


@group.command("upgrade", cls=FrenchCommand)
def upgrade(context: typer.Context, dry_run: DryRun = False, json: Json = False) -> None:
    """Mettre la base au niveau de cette version du programme."""
    if dry_run:
        _foresee(context.obj, json=json, must_exist=True)
    else:
        _open(context.obj, json=json, done="La base est à jour.", must_exist=True)


@group.command("check", cls=FrenchCommand)
def check(context: typer.Context, json: Json = False) -> None:
    """Vérifier que la base va bien : rien n'est changé.

    Code 0 : tout va bien ; 4 : à regarder ; 3 : quelque chose est cassé, à réparer d'abord.
    """
    from educonnect_admin.check_database import check_database
    from educonnect_admin.cli.check_words import finding_sentence
    from educonnect_admin.edge import clock

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    health = check_database(desk.settings(), clock())
    for finding in sorted(health.findings, key=lambda one: not one.is_broken):
        kind = "CASSÉ" if finding.is_broken else "À regarder"
        speech.warn(f"{kind} : {finding_sentence(finding)}")
    if not health.findings:
        speech.say(f"La base va bien (version {health.schema}).")
    speech.result(
        {
            "schema": health.schema,
            "ok": not health.findings,
            "findings": [{**one._asdict(), "broken": one.is_broken} for one in health.findings],
        }
    )
    if health.findings:
        raise typer.Exit(REFUSED if health.is_broken else REMARKS)


def _foresee(desk: Desk, *, json: bool, must_exist: bool = False) -> None:
    from educonnect_admin.opening import foresee_office

    speech = desk.speech(json=json)
    found, expected = foresee_office(desk.settings(), must_exist=must_exist)
    speech.say("Essai : rien n'a été écrit.")
    if found == expected:
        speech.say(f"La base est déjà à la version {expected} : il n'y a rien à faire.")
    else:
        speech.say(f"La base passerait de la version {found or 'aucune'} à la version {expected}.")
    speech.result({"dry_run": True, "schema": found, "would_become": expected})


def _open(desk: Desk, *, json: bool, done: str, must_exist: bool = False) -> None:
    from educonnect_admin.edge import clock
    from educonnect_admin.opening import open_office

    hide_memory()
    speech = desk.speech(json=json)
    services = open_office(desk.settings(), clock(), must_exist=must_exist)
    address = _address(services)
    version, key = services.schema_version(), services.keyring.path
    is_file = services.engine.dialect.name == "sqlite"
    services.close()
    if services.settings.hashing != "owasp":
        speech.warn(CHEAP_HASHING_WARNING)
    speech.say(done)
    speech.say(f"  Base de données : {address}")
    speech.say(f"  Fichier de clé  : {key}")
    speech.say(
        "Gardez une copie du fichier de clé ailleurs que celle de la base : sans lui, plus aucun "
        "mot de passe ne peut être vérifié."
    )
    # PostgreSQL is an academy's, whose schools come in a list.
    add = 'schools add UAI "Nom de l\'école"'
    speech.say(f"Ensuite : educonnect-admin {add if is_file else 'schools import FICHIER'}")
    speech.result({"database": address, "schema": version, "key_file": str(key)})


def _address(services: "Services") -> str:
    """Return the address as it was typed, without password; of a file, the whole path."""
    from educonnect_admin.databases import shown

    if services.engine.dialect.name == "sqlite":
        return services.engine.url.render_as_string()
    return shown(services.settings.database_url)
