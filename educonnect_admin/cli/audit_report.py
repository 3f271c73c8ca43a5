"""What is said of an audit: a table with bars on a terminal, plain columns in a pipe, JSON."""

import sys
from collections.abc import Callable, Mapping
from shutil import get_terminal_size
from typing import Any

from educonnect_admin.cli.speech import Speech, counted, percent
from educonnect_admin.domain.accounts import AccountState as State
from educonnect_admin.domain.activations import Audit, Figures, GroupedBy
from educonnect_admin.reports.table import academy_name

_BLOCKS = " ▏▎▍▌▋▊▉█"
_BAR = 8
_WIDE = 100

_SHORT = ("Comptes", "Non\nnotif.", "Notif.", "dont\nexp.", "Mail à\nconf.", "Activés", "Taux")
_LONG = (
    "Comptes", "Non\nnotifiés", "Notifiés", "dont\nexpirés", "Mail à\nconfirmer", "Activés", "Taux",
)  # fmt: skip
_LEGEND = (
    "Non notif. : sans courrier ; notif. : notifiés et non activés ; dont exp. : courrier expiré ; "
    "mail à conf. : adresse mail non confirmée."
)
_PLACES = {GroupedBy.CLASS: "Classe", GroupedBy.SCHOOL: "École", GroupedBy.ACADEMY: "Académie"}


def tell_audit(speech: Speech, audit: Audit) -> None:
    """Show the rows, then the whole, where every account counts once."""
    if not speech.json and audit.rows:
        if sys.stdout.isatty():
            _draw(audit)
            if get_terminal_size().columns < _WIDE:
                speech.say(_LEGEND)
        else:
            _tell_plainly(speech, audit)
    total = audit.total
    speech.say(
        f"{counted(total.accounts, 'compte')}, dont {counted(total.active, 'activé')} "
        f"({percent(total.rate)}) ; {counted(total.letters, 'courrier')} en cours de validité"
        + _troubles(total)
    )
    if sum(row.accounts for row in audit.rows) != total.accounts:
        speech.say(f"Un responsable compte dans chaque {_WHERE[audit.by]} où il a un enfant.")


_WHERE = {GroupedBy.CLASS: "classe", GroupedBy.SCHOOL: "école", GroupedBy.ACADEMY: "académie"}


def _troubles(total: Figures) -> str:
    said = []
    if total.expiring:
        said.append(f"{total.expiring} expirent sous 15 jours")
    if total.notification_expired:
        said.append(f"{counted(total.notification_expired, 'notification')} à refaire")
    if total.bounced:
        said.append(f"{counted(total.bounced, 'compte')} dont le mail est refusé")
    return "".join(f" ; {one}" for one in said) + "."


def _numbers(row: Figures) -> list[int]:
    return [
        row.accounts,
        row.by_state[State.NOT_NOTIFIED],
        row.by_state[State.NOTIFIED],
        row.notification_expired,
        row.by_state[State.EMAIL_PENDING],
        row.active,
    ]


def _tell_plainly(speech: Speech, audit: Audit) -> None:
    by = audit.by
    whose = _whose(audit)
    headings = list(whose) if by is GroupedBy.SCHOOL else [*whose, _PLACES[by]]
    headings += [heading.replace("\n", " ") for heading in _LONG]
    rows = [
        [
            *(_SCHOOL_CELLS[heading](row) for heading in whose),
            *([] if by is GroupedBy.SCHOOL else [_name(row, by)]),
            *_numbers(row),
            percent(row.rate),
        ]
        for row in audit.rows
    ]
    speech.table(headings, rows)


_SCHOOL_CELLS: Mapping[str, Callable[[Figures], str]] = {
    "UAI": lambda row: row.uai,
    "École": lambda row: row.school,
    "Ville": lambda row: row.town,
}


def _whose(audit: Audit) -> list[str]:
    """Return the columns that tell a school: several may bear one name."""
    if audit.by is GroupedBy.ACADEMY:
        return []
    is_one = audit.by is GroupedBy.CLASS and len({row.uai for row in audit.rows}) < 2
    return ["École"] if is_one else list(_SCHOOL_CELLS)


def _told_apart(row: Figures) -> str:
    return f"{row.school} ({', '.join(filter(None, (row.uai, row.town)))})"


def _name(row: Figures, by: GroupedBy) -> str:
    if by is GroupedBy.CLASS:
        return row.class_label or "Sans classe"
    return row.school if by is GroupedBy.SCHOOL else academy_name(row.academy)


def bar(share: float, width: int = _BAR) -> str:
    """Return a share as a bar of block signs, an eighth of a sign at the finest.

    What is not nothing shows, and what is not all is not full.
    """
    eighths = round(share * width * 8)
    if 0 < share < 1:
        eighths = min(max(eighths, 1), width * 8 - 1)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_BLOCKS[rest] if rest else "")).ljust(width, "·")


def _draw(audit: Audit) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    wide = get_terminal_size().columns >= _WIDE
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_footer=True, pad_edge=False)
    table.add_column(_PLACES[audit.by], footer="Total", overflow="fold", ratio=None)
    footers = [*map(str, _numbers(audit.total)), _rate(audit.total)]
    for heading, footer in zip(_LONG if wide else _SHORT, footers, strict=True):
        table.add_column(heading, footer=footer, justify="right", no_wrap=True)
    several = audit.by is GroupedBy.CLASS and len({row.uai for row in audit.rows}) > 1
    last = None
    for row in audit.rows:
        if several and row.uai != last:
            table.add_section()
            table.add_row(Text(_told_apart(row), style="bold"))
            last = row.uai
        # Text, not markup: a class with brackets stays a class.
        told = _told_apart(row) if audit.by is GroupedBy.SCHOOL else _name(row, audit.by)
        name = Text(("  " if several else "") + told)
        table.add_row(name, *map(str, _numbers(row)), _rate(row))
    Console().print(table)


def _rate(row: Figures) -> str:
    return f"{bar(row.rate)} {percent(row.rate):>5}"


def audit_for_program(audit: Audit) -> dict[str, Any]:
    """Return an audit as JSON holds it; `rate` from 0 to 1, days in ISO."""
    return {
        **_for_program(audit.total),
        "funnel": {step.value: number for step, number in audit.total.funnel.items()},
        "by": audit.by.value,
        "school": audit.uai,
        "academy": audit.academy,
        "at": audit.at.isoformat(),
        "time_zone": audit.time_zone,
        "activations": [
            {"day": one.day.isoformat(), "accounts": one.activated, "total": one.total}
            for one in audit.days
        ],
        "undated": audit.undated,
        "rows": [
            {
                "academy": row.academy,
                "school": row.uai or None,
                "name": row.school or academy_name(row.academy),
                "city": row.town or None,
                "class": row.class_label,
                **_for_program(row),
            }
            for row in audit.rows
        ],
    }


def _for_program(figures: Figures) -> dict[str, Any]:
    return {
        "accounts": figures.accounts,
        "by_state": {state.value: number for state, number in figures.by_state.items()},
        "by_journey": {journey.value: number for journey, number in figures.by_journey.items()},
        "notification_expired": figures.notification_expired,
        "rate": figures.rate,
        "letters": figures.letters,
        "letters_expiring": figures.expiring,
        "bounced": figures.bounced,
    }
