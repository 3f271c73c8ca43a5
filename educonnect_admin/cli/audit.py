"""`audit …`: who is in, who is stuck, who did what."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli import trail
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import Json
from educonnect_admin.cli.speech import counted, percent

if TYPE_CHECKING:
    from educonnect_admin.office.audit_activations import Figures

app = typer.Typer(
    cls=FrenchGroup, help="Où en sont les activations, qui a fait quoi.", no_args_is_help=True
)
trail.register(app)


class By(StrEnum):
    """The choices of `--by`, as typed."""

    by_class = "class"
    by_school = "school"


@app.command("activations", cls=FrenchCommand)
def activations(
    context: typer.Context,
    school: Annotated[
        str | None, typer.Option("--school", metavar="UAI", help="Une seule école.")
    ] = None,
    academy: Annotated[
        str | None,
        typer.Option("--academy", metavar="CODE", help="Une seule académie, ex. 04 (Bordeaux)."),
    ] = None,
    by: Annotated[
        By, typer.Option("--by", metavar="class|school", help="Une ligne par classe ou par école.")
    ] = By.by_class,
    json: Json = False,
) -> None:
    """Compter les comptes par état, pour une école, une académie ou toutes."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.audit_activations import GroupedBy, audit_activations

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.reading() as session:
        audit = audit_activations(
            session, uai=school, academy=academy, by=GroupedBy(by.value), now=clock()
        )
    speech.table(
        ["École", *([] if by is By.by_school else ["Classe"]), *_HEADINGS],
        [_cells(row, by) for row in audit.rows],
    )
    total = audit.total
    speech.say(
        f"{counted(total.accounts, 'compte')}, dont {counted(total.active, 'activé')} "
        f"({percent(total.rate)}) ; {counted(total.letters, 'courrier')} en cours de validité."
    )
    if by is By.by_class and audit.rows:
        speech.say("Un responsable compte dans chaque classe où il a un enfant.")
    speech.result({**_for_program(total), "rows": [_row(row) for row in audit.rows]})


_HEADINGS = (
    "Comptes", "Non notifiés", "Notifiés", "dont expirés", "Mail à confirmer", "Activés", "Taux",
)  # fmt: skip


def _cells(row: "Figures", by: By) -> list[object]:
    from educonnect_admin.domain.accounts import AccountState as State

    place: list[object] = [row.school]
    if by is By.by_class:
        place.append(row.class_label or "Sans classe")
    return [
        *place,
        row.accounts,
        row.by_state[State.NOT_NOTIFIED],
        row.by_state[State.NOTIFIED],
        row.notification_expired,
        row.by_state[State.EMAIL_PENDING],
        row.by_state[State.ACTIVE],
        percent(row.rate),
    ]


def _for_program(figures: "Figures") -> dict[str, Any]:
    return {
        "accounts": figures.accounts,
        "by_state": {state.value: number for state, number in figures.by_state.items()},
        "by_journey": {journey.value: number for journey, number in figures.by_journey.items()},
        "notification_expired": figures.notification_expired,
        "rate": figures.rate,
        "letters": figures.letters,
    }


def _row(figures: "Figures") -> dict[str, Any]:
    return {
        "school": figures.uai,
        "name": figures.school,
        "class": figures.class_label,
        **_for_program(figures),
    }
