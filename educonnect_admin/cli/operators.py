"""`operators …`: who may work at this office, in which role, and how far they see (R-65)."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.changing import carry_out
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import DryRun, Json, Reason, Yes, tidy_reason
from educonnect_admin.cli.roles import CRON, DIRECTOR, HELPDESK, PORTAL, RECTORATE, ROLE_NAMES
from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from collections.abc import Sequence

    from educonnect_admin.office.manage_operators import OperatorLine, OperatorSet

app = typer.Typer(
    cls=FrenchGroup, help="Les opérateurs : qui travaille ici, et voit quoi.", no_args_is_help=True
)


class RoleName(StrEnum):
    """The roles, as typed."""

    DIRECTOR = DIRECTOR
    HELPDESK = HELPDESK
    RECTORATE = RECTORATE
    CRON = CRON
    PORTAL = PORTAL


Name = Annotated[
    str, typer.Argument(metavar="NOM", help="Son nom ; avec PostgreSQL, celui de son rôle.")
]

Schools = Annotated[
    list[str] | None,
    typer.Option("--school", metavar="UAI", help="Une école qu'il voit ; peut être répété."),
]
Academy = Annotated[
    str | None, typer.Option("--academy", metavar="CODE", help="L'académie qu'il voit, ex. 70.")
]


@app.command("list", cls=FrenchCommand)
def list_(context: typer.Context, json: Json = False) -> None:
    """Montrer les opérateurs, leur rôle et ce qu'ils voient."""
    from educonnect_admin.office.manage_operators import list_operators

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.reading() as session:
        lines = list_operators(session)
    _table(speech, lines)
    if not lines:
        speech.say("Aucun opérateur : qui peut ouvrir la base peut tout y faire.")
    speech.result({"operators": [_as_json(line) for line in lines]})


@app.command("add", cls=FrenchCommand)
def add(
    context: typer.Context,
    name: Name,
    role: Annotated[RoleName, typer.Option("--role", metavar="RÔLE", help="Ce qu'il fait.")],
    school: Schools = None,
    academy: Academy = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Il voit toutes les écoles.")
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="MOTIF", help="Pourquoi : gardé dans le journal."),
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Inscrire un opérateur, ou changer le rôle et le périmètre de celui qui porte ce nom.

    Dès qu'il y en a un, un nom inconnu est refusé ; le propriétaire de la base garde tous les
    droits sous le nom de sa session. Avec PostgreSQL, un rôle du même nom est créé sur le
    serveur, sans mot de passe.
    """
    from educonnect_admin.confining import owner_name
    from educonnect_admin.domain.operators import Role
    from educonnect_admin.office.manage_operators import Asked, set_operator

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    why = tidy_reason(reason) if reason is not None else None
    asked = Asked(name, Role(role), school or (), academy, everything)
    done = carry_out(
        desk,
        speech,
        lambda session, author: set_operator(
            session, asked, owner=owner_name(), author=author, reason=why
        ),
        lambda foreseen: _said(foreseen, is_done=False),
        yes=yes,
        dry_run=dry_run,
    )
    _tell(speech, done, dry_run=dry_run)


@app.command("remove", cls=FrenchCommand)
def remove(
    context: typer.Context,
    name: Name,
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Retirer un opérateur : son nom n'ouvre plus rien.

    Avec PostgreSQL, même à qui est déjà connecté. Avec SQLite, une commande déjà lancée sous ce
    nom, ou le portail ouvert, va à son terme s'il voit toutes les écoles : arrêtez-la.
    """
    from educonnect_admin.office.manage_operators import remove_operator

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    done = carry_out(
        desk,
        speech,
        lambda session, author: remove_operator(session, name, author=author, reason=why),
        lambda foreseen: _said(foreseen, is_done=False),
        yes=yes,
        dry_run=dry_run,
    )
    _tell(speech, done, dry_run=dry_run)


_VERBS = {
    "added": ("sera inscrit", "est inscrit"),
    "changed": ("sera changé ainsi", "est changé ainsi"),
    "unchanged": ("est déjà ainsi", "était déjà ainsi"),
    "removed": ("sera retiré", "est retiré"),
}


def _said(done: "OperatorSet", *, is_done: bool) -> str:
    line, verb = done.operator, _VERBS[done.verdict][is_done]
    return f"L'opérateur {line.name} ({ROLE_NAMES[line.role]} : {_scope(line)}) {verb}."


def _tell(speech: Speech, done: "OperatorSet", *, dry_run: bool) -> None:
    speech.say(_said(done, is_done=not dry_run))
    speech.result(
        {
            "operator": _as_json(done.operator),
            "verdict": done.verdict,
            "changed": done.changed,
            "dry_run": dry_run,
        }
    )


def _table(speech: Speech, lines: "Sequence[OperatorLine]") -> None:
    speech.table(
        ["Nom", "Rôle", "Voit"],
        [(line.name, ROLE_NAMES[line.role], _scope(line)) for line in lines],
    )


def _scope(line: "OperatorLine") -> str:
    if line.everything:
        return "toutes les écoles"
    return f"académie {line.academy_code}" if line.academy_code else ", ".join(line.uais)


def _as_json(line: "OperatorLine") -> dict[str, object]:
    return {
        "name": line.name,
        "role": line.role,
        "everything": line.everything,
        "academy": line.academy_code,
        "schools": list(line.uais),
    }
