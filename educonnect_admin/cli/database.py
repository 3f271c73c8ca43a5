"""`init` and `database …`: making the office and keeping it up to date."""

import typer

from educonnect_admin.cli.desk import CHEAP_HASHING_WARNING, Desk
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import Json

group = typer.Typer(cls=FrenchGroup, help="La base de données.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the tree."""
    app.command("init", cls=FrenchCommand)(init)
    app.add_typer(group, name="database")


def init(context: typer.Context, json: Json = False) -> None:
    """Créer le bureau : la base de données et son fichier de clé. Peut être répété."""
    _open(context.obj, json=json, done="Le bureau est prêt.")


@group.command("upgrade", cls=FrenchCommand)
def upgrade(context: typer.Context, json: Json = False) -> None:
    """Mettre la base au niveau de cette version du programme."""
    _open(context.obj, json=json, done="La base est à jour.")


def _open(desk: Desk, *, json: bool, done: str) -> None:
    from educonnect_admin.edge import clock, open_office

    speech = desk.speech(json=json)
    services = open_office(desk.settings(), clock())
    address = services.engine.url.render_as_string(hide_password=True)
    version, key = services.schema_version(), services.keyring.path
    services.close()
    if services.settings.hashing != "owasp":
        speech.warn(CHEAP_HASHING_WARNING)
    speech.say(done)
    speech.say(f"  Base de données : {address}")
    speech.say(f"  Fichier de clé  : {key}")
    speech.say("  Gardez une copie du fichier de clé ailleurs que celle de la base : sans lui,")
    speech.say("  plus aucun mot de passe ne peut être vérifié.")
    speech.say('Ensuite : educonnect-admin schools add UAI "Nom de l\'école"')
    speech.result({"database": address, "schema": version, "key_file": str(key)})
