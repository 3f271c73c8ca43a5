"""Options that several commands share, with the same words everywhere."""

from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Un objet JSON sur la sortie standard.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Montrer ce qui serait fait, sans rien écrire.")
]
School = Annotated[
    str, typer.Option("--school", metavar="UAI", help="Numéro UAI de l'école, ex. 0752387M.")
]
ClassLabel = Annotated[
    str | None,
    typer.Option("--class", metavar="CLASSE", help="Une seule classe, par son libellé."),
]


Reason = Annotated[
    str,
    typer.Option(
        "--reason",
        metavar="MOTIF",
        help="Pourquoi : gardé dans le journal, que lit chaque école concernée.",
    ),
]
ReasonToChange = Annotated[
    str | None,
    typer.Option(
        "--reason",
        metavar="MOTIF",
        help="Pourquoi : gardé dans le journal, que lit chaque école concernée. Inutile avec "
        "--dry-run.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ne pas demander confirmation.")]
LONGEST_REASON = 500
LARGEST_NUMBER = 10**18 - 1
"""`domain.numbers.LONGEST_NUMBER` digits, which `--help` does not load: a test compares."""


def tidy_reason(reason: str) -> str:
    """Return the reason of a change, as the trail keeps it.

    Raises:
        ReasonTooLong: it is empty, or longer than the trail takes.
    """
    from educonnect_admin.domain.desk_errors import ReasonTooLong
    from educonnect_admin.domain.names import tidy

    tidied = tidy(reason)
    if not tidied or len(tidied) > LONGEST_REASON:
        raise ReasonTooLong(LONGEST_REASON)
    return tidied


def reason_to_change(reason: str | None, *, dry_run: bool) -> str:
    """Return the reason of a change, tidied; a dry run, which tells no trail, needs none.

    Raises:
        TyperException: there is none, and something is to change (exit 2).
        ReasonTooLong: see `tidy_reason`.
    """
    if reason is None:
        if dry_run:
            return ""
        raise usage_error("Missing option '--reason'.")
    return tidy_reason(reason)


def usage_error(message: str) -> Exception:
    """Return a usage error (exit 2), worded as the library words its own: French comes later."""
    from typer.exceptions import TyperException

    return TyperException(message)


def filled(value: str | None, option: str) -> Any:
    """Return the value of an option; an empty one is a variable somebody forgot to set.

    Raises:
        BadParameter: it is there but empty (exit 2).
    """
    if value is not None and not value.strip():
        raise typer.BadParameter(value, param_hint=option)
    return value


def storable(value: Any) -> Any:
    """Refuse a number that no database holds; the callback of an option.

    Raises:
        BadParameter: it is too large (exit 2).
    """
    if value is not None and abs(value) > LARGEST_NUMBER:
        raise typer.BadParameter(str(value))
    return value


def academy_code(text: str | None) -> str | None:
    """Return the code of the academy that was typed by code or name; else what was typed."""
    from educonnect_admin.domain.academies import academy_called

    found = academy_called(text) if text else None
    return found.code if found else text
