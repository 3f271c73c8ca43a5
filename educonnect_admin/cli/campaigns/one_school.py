"""The command that settles what is wrong in one school of a campaign of imports."""

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from educonnect_admin.campaigns.orders import ImportOfSchool
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.cli.refusals.dangers import Danger, consent_to
from educonnect_admin.domain.campaigns import Figure
from educonnect_admin.domain.errors import NothingAccepted


def commands_of(
    outcomes: Iterable[Outcome], orders: Iterable[ImportOfSchool], workbooks: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the command for each school that has one, by UAI.

    Args:
        outcomes: How schools came out.
        orders: What was to be done.
        workbooks: Where the refused rows of a school were written, by UAI.
    """
    by_uai = {order.uai: order for order in orders}
    return {
        outcome.uai: command
        for outcome in outcomes
        if outcome.uai in by_uai
        and (command := _command(outcome, by_uai[outcome.uai], workbooks.get(outcome.uai)))
    }


def _command(outcome: Outcome, order: ImportOfSchool, workbook: str | None) -> str:
    if isinstance(outcome.error, Danger):
        return _typed(order, consent_to(outcome.error))
    if workbook is not None:
        words = ("educonnect-admin", "roster", "import", shown(Path(workbook)))
        return shlex.join([*words, "--school", order.uai])
    if has_refused(outcome):
        return _typed(order, "--rejects", f"{order.uai}-lignes-refusees.xlsx")
    return ""


def has_refused(outcome: Outcome) -> bool:
    """Tell whether rows of a school were refused, some or all."""
    if isinstance(outcome.error, NothingAccepted):
        return True
    return outcome.error is None and outcome.figures.get(Figure.REFUSED, 0) > 0


def _typed(order: ImportOfSchool, *options: str) -> str:
    whole = ("--whole-school",) if order.whole_school else ()
    files = (shown(path) for path in order.files)
    words = ("educonnect-admin", "roster", "import", *files, "--school", order.uai)
    return shlex.join([*words, *whole, *options])


def shown(path: Path) -> str:
    """Return a path as somebody would type it who stands where this command was typed."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
