"""`pupils correct-birth-date`: what blocks a parent whose dates are right."""

from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.changing import carry_out
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json, Reason, Yes, filled, tidy_reason

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from educonnect_admin.domain.trail import Author
    from educonnect_admin.office.desk.correct_birth_date import Redated


def register(app: typer.Typer) -> None:
    """Add the command to its group."""
    app.command("correct-birth-date", cls=FrenchCommand)(correct_birth_date)


def correct_birth_date(
    context: typer.Context,
    pupil: Annotated[
        str,
        typer.Argument(metavar="INE_OU_NUMERO", help="L'INE de l'élève, ou son numéro ici."),
    ],
    born: Annotated[
        str, typer.Argument(metavar="DATE", help="La bonne date, ex. 04/03/2011 ou 2011-03-04.")
    ],
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Corriger une date de naissance ; le parent peut réessayer aussitôt.

    La correction résiste aux imports suivants tant que le fichier porte une autre date.
    """
    from educonnect_admin.office.desk import correct_birth_date as office

    desk: Desk = context.obj
    speech, why, typed = desk.speech(json=json), tidy_reason(reason), filled(born, "DATE")

    def act(session: "Session", author: "Author") -> "Redated":
        right = office.typed_birth_date(typed, author)
        return office.correct_birth_date(session, pupil, right, reason=why, author=author)

    done = carry_out(desk, speech, act, _foreseen, yes=yes, dry_run=dry_run)
    speech.say(_said(done, is_done=not dry_run))
    if done.unlikely:
        speech.warn(_UNLIKELY)
    speech.result(
        {
            "pupil": done.pupil_id,
            "changed": done.changed,
            "dry_run": dry_run,
            "unlikely": done.unlikely,
            "may_retry": list(done.may_retry),
        }
    )
    if done.unlikely:
        raise typer.Exit(REMARKS)


_UNLIKELY = "À vérifier : cet âge est peu probable pour un élève."


def _foreseen(one: "Redated") -> str:
    said = _said(one, is_done=False)
    return f"{said}\n{_UNLIKELY}" if one.unlikely else said


def _said(done: "Redated", *, is_done: bool) -> str:
    who = f"{done.name} (élève n° {done.pupil_id})"
    if not done.changed:
        return f"{who} : cette date de naissance est déjà la sienne, rien n'a changé."
    verb = "est corrigée" if is_done else "sera corrigée"
    lines = [f"{who} : la date de naissance {verb}."]
    if done.agrees:
        lines.append("C'est celle du fichier de l'école : il n'y a plus de correction.")
    else:
        lines.append(
            "Elle résiste aux imports suivants ; faites aussi corriger le fichier de l'école."
        )
    if done.may_retry:
        can = "peut réessayer" if is_done else "pourra réessayer"
        if len(done.may_retry) > 1:
            can = can.replace("peut", "peuvent").replace("pourra ", "pourront ")
        lines.append(f"{', '.join(done.may_retry)} {can} tout de suite.")
    return "\n".join(lines)
