"""`accounts …`: opening accounts."""

from typing import TYPE_CHECKING

import typer

from educonnect_admin.cli import account_changes, explaining, finding, leaving, regrouping, showing
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import ClassLabel, DryRun, Json, School, filled
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.office.generate_accounts import Generated

app = typer.Typer(cls=FrenchGroup, help="Les comptes des responsables.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    # With one command only, Typer would drop the name of the group.
    """Les comptes des responsables."""


account_changes.register(app)
explaining.register(app)
regrouping.register(app)
leaving.register(app)


@app.command("generate", cls=FrenchCommand)
def generate(
    context: typer.Context,
    school: School,
    class_label: ClassLabel = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Ouvrir un compte à chaque responsable légal qui n'en a pas. Peut être répété."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.generate_accounts import generate_accounts
    from educonnect_admin.queries.schools import class_by_label, school_by_uai

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.transaction(dry_run=dry_run) as session:
        found = school_by_uai(session, school, lock=True)
        wanted = filled(class_label, "--class")
        only = class_by_label(session, found, wanted) if wanted else None
        done = generate_accounts(
            session,
            found,
            class_id=only.id if only else None,
            stem_digest=services.keyring.stem_digest,
            author=services.author(clock()),
        )
    _tell(speech, done, school, dry_run=dry_run)
    speech.result(
        {
            "created": done.created,
            "existing": done.existing,
            "joined": done.joined,
            "reopened": done.reopened,
            "dry_run": dry_run,
        }
    )


app.command("find", cls=FrenchCommand)(finding.find_account)
app.command("show", cls=FrenchCommand)(showing.account)


def _tell(speech: Speech, done: "Generated", school: str, *, dry_run: bool) -> None:
    if dry_run:
        speech.say("Essai : rien n'a été écrit.")
        speech.say(f"{counted(done.created, 'compte')} à ouvrir, {done.existing} déjà là.")
    else:
        opened = "compte ouvert" if done.created < 2 else "comptes ouverts"
        speech.say(f"{done.created} {opened}, {done.existing} déjà là.")
    if done.joined:
        have = "a" if done.joined < 2 else "ont"
        speech.say(
            f"{counted(done.joined, 'responsable')} {have} déjà un compte par une autre école "
            "(mêmes nom, prénom, adresse mail et mobile) : leurs enfants y sont réunis."
        )
    if done.reopened:
        again = "compte rouvert" if done.reopened < 2 else "comptes rouverts"
        speech.say(f"{done.reopened} {again} parmi eux : un enfant est de nouveau inscrit.")
    if done.created or done.existing or done.joined:
        following = f"letters issue --school {school} --output courriers"
    else:
        speech.say("Aucun responsable d'élève inscrit n'est connu : importez les deux fichiers.")
        following = f"roster import ELEVES RESPONSABLES --school {school}"
    speech.say(f"Ensuite : educonnect-admin {following}")
