"""The command that settles what one school of a campaign of imports is stopped by."""

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from educonnect_admin.campaigns.orders import ImportOfSchool
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.cli.refusals.dangers import Danger, consent_to


def commands_of(outcomes: Iterable[Outcome], orders: Iterable[ImportOfSchool]) -> Mapping[str, str]:
    """Return the command for each school that has one, by UAI."""
    by_uai = {order.uai: order for order in orders}
    return {
        outcome.uai: command
        for outcome in outcomes
        if outcome.uai in by_uai and (command := _command(outcome, by_uai[outcome.uai]))
    }


def _command(outcome: Outcome, order: ImportOfSchool) -> str:
    if isinstance(outcome.error, Danger):
        return _typed(order, consent_to(outcome.error))
    return ""


def _typed(order: ImportOfSchool, *options: str) -> str:
    whole = ("--whole-school",) if order.whole_school else ()
    files = (_shown(path) for path in order.files)
    words = ("educonnect-admin", "roster", "import", *files, "--school", order.uai)
    return shlex.join([*words, *whole, *options])


def _shown(path: Path) -> str:
    """Return a path as somebody would type it who stands where this command was typed."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
