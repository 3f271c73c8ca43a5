"""`guide`: a director who never saw a terminal, led from the exports to the folder of letters.

One module a step. The steps call what the commands call; they add questions, never a rule.
"""

import sys
from functools import partial
from typing import TYPE_CHECKING

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import DONE, REFUSED, REMARKS
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import usage_error

if TYPE_CHECKING:
    from educonnect_admin.cli.guide.person import Person


def register(app: typer.Typer) -> None:
    """Add this command to the tree."""
    app.command("guide", cls=FrenchCommand)(guide)


def guide(context: typer.Context) -> None:
    """Être guidé, une question à la fois, des fichiers de l'école aux courriers à imprimer."""
    from educonnect_admin.cli.guide.keyboard import Keyboard

    if not sys.stdin.isatty():
        raise usage_error("No terminal")
    raise typer.Exit(lead(context.obj, Keyboard()))


def lead(desk: Desk, person: "Person") -> int:
    """Lead somebody through the whole run; return the exit code.

    It is 0, or 4 if something was refused on the way; 3 for somebody who stopped before
    anything was imported or printed.
    """
    from educonnect_admin.cli.guide import farewell, steps
    from educonnect_admin.cli.guide.person import WantsOut
    from educonnect_admin.cli.guide.visit import Answers, Visit
    from educonnect_admin.cli.guide.walk import Walk

    visit = Visit(desk, person)
    try:
        walk = Walk([partial(step, visit) for step in steps.STEPS], person, visit.done)
        answers = walk.run(Answers())
        farewell.tell_finished(visit, answers.school.uai if answers.school else "")
    except (WantsOut, KeyboardInterrupt) as why:
        farewell.tell_stopped(visit)
        if isinstance(why, KeyboardInterrupt):
            raise
        if not visit.has_worked:
            return REFUSED
    finally:
        visit.close()
    return REMARKS if visit.has_remarks else DONE
