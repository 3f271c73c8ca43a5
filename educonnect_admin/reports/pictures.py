"""The funnel and the curve of an audit as plain geometry, for paper and for screens."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from educonnect_admin.domain.activations import Audit, Step
from educonnect_admin.reports.table import STEP_WORDS, Kind, local, written


class Bar(NamedTuple):
    """One step of the funnel; `share` of the first step, from 0 to 1."""

    step: Step
    label: str
    accounts: int
    share: float
    said: str


def funnel_bars(audit: Audit) -> Sequence[Bar]:
    """Return the bars of the funnel, from all accounts to those that are active."""
    total = audit.total
    return [
        Bar(
            step,
            STEP_WORDS[step],
            accounts,
            total.share_of(accounts),
            f"{written(accounts, Kind.NUMBER)} ({written(total.share_of(accounts), Kind.SHARE)})",
        )
        for step, accounts in total.funnel.items()
    ]


class Curve(NamedTuple):
    """Activations over time: points between 0 and 1, upwards, and what stands at the ends."""

    points: Sequence[tuple[float, float]]
    first: date
    last: date
    total: int


def activation_curve(audit: Audit) -> Curve | None:
    """Return the curve from the day before the first activation to the day of the audit.

    Each step is drawn as one: the total stays what it was until somebody activates.
    """
    if not audit.days:
        return None
    begin = audit.days[0].day.toordinal() - 1
    end = max(local(audit).date().toordinal(), audit.days[-1].day.toordinal())
    width, height = end - begin, audit.days[-1].total
    points, level = [(0.0, 0.0)], 0.0
    for one in audit.days:
        x = (one.day.toordinal() - begin) / width
        points.append((x, level))
        level = one.total / height
        points.append((x, level))
    points.append((1.0, level))
    return Curve(points, date.fromordinal(begin), date.fromordinal(end), height)


def funnel_sentence(audit: Audit) -> str:
    """Return the funnel in words, for who does not see it."""
    return " ; ".join(f"{bar.label} : {bar.said}" for bar in funnel_bars(audit)) + "."


def curve_sentence(audit: Audit) -> str:
    """Return the curve in words, for who does not see it."""
    if not audit.days:
        return "Aucune activation n'est encore datée."
    days, busiest = audit.days, max(audit.days, key=lambda one: one.activated)
    return (
        f"Du {days[0].day:%d/%m/%Y} au {days[-1].day:%d/%m/%Y} : "
        f"{written(days[-1].total, Kind.NUMBER)} comptes activés ; le plus en un jour, "
        f"{written(busiest.activated, Kind.NUMBER)}, le {busiest.day:%d/%m/%Y}."
    )
