"""`services …`: what the portal offers each child, by level."""

from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.changing import REHEARSED, carry_out
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import DryRun, Json, Reason, Yes, tidy_reason
from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from collections.abc import Sequence

    from educonnect_admin.office.set_services import ServiceLine, ServiceSet

app = typer.Typer(
    cls=FrenchGroup, help="Les services en ligne que montre le portail.", no_args_is_help=True
)

Code = Annotated[
    str,
    typer.Argument(metavar="CODE", help="Le nom court du service, sans espace, ex. livret."),
]
_HOW = 'educonnect-admin services add livret "Livret Scolaire" https://… --levels CP..3e'


@app.command("list", cls=FrenchCommand)
def list_(context: typer.Context, json: Json = False) -> None:
    """Montrer les services du portail et les niveaux auxquels ils sont ouverts."""
    from educonnect_admin.office.set_services import list_services

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.reading() as session:
        lines = list_services(session)
    _table(speech, lines)
    if not lines:
        speech.say(f"Aucun service : le portail n'en montre à personne. Pour en ajouter : {_HOW}")
    speech.result({"services": [_as_json(line) for line in lines]})


@app.command("add", cls=FrenchCommand)
def add(
    context: typer.Context,
    code: Code,
    label: Annotated[
        str, typer.Argument(metavar="LIBELLÉ", help="Ce que lisent les parents, entre guillemets.")
    ],
    url: Annotated[
        str, typer.Argument(metavar="ADRESSE", help="Son adresse, qui commence par https://.")
    ],
    levels: Annotated[
        str | None,
        typer.Option(
            "--levels",
            metavar="NIVEAUX",
            help="À qui il est ouvert, ex. CP..3e, ou un seul niveau ; sans cela, à tous.",
        ),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="MOTIF", help="Pourquoi : gardé dans le journal."),
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Ajouter un service au portail, ou changer celui qui porte ce code. Peut être répété."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.set_services import ServiceFacts, list_services, set_service

    desk: Desk = context.obj
    why = tidy_reason(reason) if reason is not None else None
    facts = ServiceFacts(code, label, url, levels)
    with desk.office() as services, services.transaction(dry_run=dry_run) as session:
        done = set_service(session, facts, author=services.author(clock()), reason=why)
        session.flush()  # the list below asks the database
        lines = list_services(session)
    speech = desk.speech(json=json)
    if dry_run:
        speech.say(REHEARSED)
    _tell(speech, done, lines, dry_run=dry_run)


@app.command("remove", cls=FrenchCommand)
def remove(
    context: typer.Context,
    code: Code,
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Retirer un service du portail."""
    from educonnect_admin.office.set_services import list_services, remove_service

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    done = carry_out(
        desk,
        speech,
        lambda session, author: remove_service(session, code, author=author, reason=why),
        lambda foreseen: f"Le service «{foreseen.service.title}» ne sera plus sur le portail.",
        yes=yes,
        dry_run=dry_run,
    )
    with desk.office() as services, services.reading() as session:
        lines = list_services(session)
    _tell(speech, done, lines, dry_run=dry_run)


_SAID = {
    "added": "Le service «{title}» {is_now} sur le portail.",
    "changed": "Le service «{title}» {is_now} ainsi sur le portail.",
    "unchanged": "Le service «{title}» était déjà ainsi : rien à changer.",
    "removed": "Le service «{title}» {is_now} plus sur le portail.",
}


def _tell(
    speech: Speech, done: "ServiceSet", lines: "Sequence[ServiceLine]", *, dry_run: bool
) -> None:
    _table(speech, lines)
    verbs = ("ne sera", "n'est") if done.verdict == "removed" else ("sera", "est")
    said = _SAID[done.verdict]
    speech.say(said.format(title=done.service.title, is_now=verbs[0] if dry_run else verbs[1]))
    speech.result(
        {
            "services": [_as_json(line) for line in lines],
            "service": _as_json(done.service),
            "verdict": done.verdict,
            "changed": done.changed,
            "dry_run": dry_run,
        }
    )


def _table(speech: Speech, lines: "Sequence[ServiceLine]") -> None:
    speech.table(
        ["Code", "Libellé", "Niveaux", "Adresse"],
        [(line.code, line.label, _levels(line), line.url) for line in lines],
    )


def _levels(line: "ServiceLine") -> str:
    if line.first_level is None or line.last_level is None:
        return "tous"
    return " à ".join(dict.fromkeys((line.first_level, line.last_level)))


def _as_json(line: "ServiceLine") -> dict[str, object]:
    return line._asdict()
