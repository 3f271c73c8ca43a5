"""`audit …`: who is in, who is stuck, who did what."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli import trail
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import Json, academy_code, filled
from educonnect_admin.cli.recounting import leave_counted
from educonnect_admin.cli.speech import Speech
from educonnect_admin.homes import at_home

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from educonnect_admin.domain.activations import Audit
    from educonnect_admin.edge import Services
    from educonnect_admin.office.export_audit import ExportFormat, Rendered

app = typer.Typer(
    cls=FrenchGroup, help="Où en sont les activations, qui a fait quoi.", no_args_is_help=True
)
trail.register(app)


class By(StrEnum):
    """The choices of `--by`, as typed."""

    by_class = "class"
    by_school = "school"
    by_academy = "academy"


Academy = Annotated[
    str | None,
    typer.Option(
        "--academy",
        metavar="CODE",
        help="Une seule académie, par son code ou son nom, ex. 04 ou Bordeaux.",
        callback=academy_code,
    ),
]
Rows = Annotated[
    By | None,
    typer.Option(
        "--by",
        metavar="class|school|academy",
        help="Une ligne par classe, par école ou par académie. Par défaut, par classe ; avec "
        "--academy, par école.",
    ),
]
Export = Annotated[
    str | None,
    typer.Option(
        "--export",
        metavar="FICHIER",
        help="Écrire aussi le bilan dans un fichier .xlsx, .csv, .pdf ou .html.",
    ),
]


@app.command("activations", cls=FrenchCommand)
def activations(
    context: typer.Context,
    school: Annotated[
        str | None, typer.Option("--school", metavar="UAI", help="Une seule école.")
    ] = None,
    academy: Academy = None,
    by: Rows = None,
    export: Export = None,
    json: Json = False,
) -> None:
    """Compter les comptes par état, pour une école, une académie ou toutes.

    Le classeur porte aussi la liste des parents à relancer, avec la raison.
    """
    from educonnect_admin.domain.activations import GroupedBy
    from educonnect_admin.edge import clock
    from educonnect_admin.office import audit_activations as auditing

    desk: Desk = context.obj
    wanted = _format(filled(export, "--export"))
    school, academy = filled(school, "--school"), filled(academy, "--academy")
    # An academy has tens of thousands of classes.
    usual = By.by_school if academy and not school else By.by_class
    grouped, now = GroupedBy((by or usual).value), clock()
    with desk.office() as services:
        path = _free(export) if export else None
        if school is None:
            leave_counted(services)
        with services.reading() as session:
            audit = auditing.audit_activations(
                session, uai=school, academy=academy, by=grouped, now=now
            )
            rendered = _rendered(session, audit, wanted) if wanted else None
        if path and rendered:
            _write(services, path, audit, rendered)
    _tell(desk.speech(json=json), audit, path, rendered)


def _tell(speech: Speech, audit: "Audit", path: Path | None, rendered: "Rendered | None") -> None:
    from educonnect_admin.cli.audit_report import audit_for_program, tell_audit

    tell_audit(speech, audit)
    result = audit_for_program(audit)
    if path and rendered:
        speech.say(f"Bilan écrit dans {path}")
        if rendered.chased and audit.uai:
            speech.say("La feuille «À relancer» porte des noms : gardez ce fichier à l'abri.")
        result["export"] = {
            "path": str(path), "format": rendered.format.value, "chased": rendered.chased,
        }  # fmt: skip
    speech.result(result)


def _format(export: str | None) -> "ExportFormat | None":
    if export is None:
        return None
    # Lazily: what renders is heavy, and most audits are only looked at.
    from educonnect_admin.office.export_audit import ExportFormat

    suffix = Path(export).suffix.lower()
    known = {f".{one.value}": one for one in ExportFormat}
    if suffix not in known:
        choices = ", ".join(known)
        raise typer.BadParameter(f"'{suffix}' is not one of {choices}", param_hint="--export")
    return known[suffix]


def _free(export: str) -> Path:
    from educonnect_admin.office.written_files import free_path

    return free_path(at_home(Path(export)))


def _rendered(session: "Session", audit: "Audit", wanted: "ExportFormat") -> "Rendered":
    from educonnect_admin.office.export_audit import render_audit

    return render_audit(session, audit, wanted)


def _write(services: "Services", path: Path, audit: "Audit", rendered: "Rendered") -> None:
    """The trail tells it before the file has its name: nothing leaves untold."""
    from educonnect_admin.office.export_audit import keep_aside, tell_export
    from educonnect_admin.office.written_files import publish

    keep_aside(path, rendered)
    with services.transaction() as session:
        tell_export(session, services.author(audit.at), audit, rendered)
    publish(path)
