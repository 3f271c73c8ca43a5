"""Showing a change before it is made, and asking (cli.md: every change at the desk)."""

import sys

import typer

from educonnect_admin.cli.exit_codes import REFUSED
from educonnect_admin.cli.speech import Speech


def is_asked(speech: Speech, *, yes: bool) -> bool:
    """Tell whether somebody sits there who is to agree: a program is never asked."""
    return not (yes or speech.json) and sys.stdin.isatty()


def agree(speech: Speech, shown: str, *, yes: bool) -> None:
    """Show what is about to change; on a terminal, go on only if the person says so.

    Programs are not asked: what has no terminal can't answer.

    Raises:
        Exit: the person said no; nothing was changed (3).
    """
    if not is_asked(speech, yes=yes):
        return
    # Who sends the answer into a pipe still reads the question.
    unseen = not sys.stdout.isatty()
    (speech.warn if unseen else speech.show)(shown)
    typer.echo("Continuer ? [o/N] ", nl=False, err=unseen)
    if sys.stdin.readline().strip().lower() not in {"o", "oui"}:
        speech.say("Rien n'a été changé.")
        raise typer.Exit(REFUSED)
