"""What a wrong file would do to a whole school, and who must say that it is right (R-60)."""

from collections import Counter
from typing import NamedTuple

from educonnect_admin.domain.errors import (
    MassDeparture,
    MassMove,
    MassUnlinking,
    NothingAccepted,
)
from educonnect_admin.office.importing.roster_plan import RosterPlan, Verdict

FEW = 3
"""Departures, or moves, that need no confirmation, however small the school."""
SHARE = 10
"""Above one in ten, departures must be confirmed (R-60)."""


class Consent(NamedTuple):
    """What somebody has confirmed: that so many left, that so many come from another school."""

    departures: bool = False
    moves: bool = False


NO_CONSENT = Consent()


def is_mass(leaving: int, there: int) -> bool:
    """Tell whether so many departures must be confirmed first (R-60)."""
    return leaving > FEW and leaving * SHARE > there


def refuse_dangers(plan: RosterPlan, consent: Consent) -> None:
    """Stop what a wrong file would do to a whole school (R-60).

    Raises:
        NothingAccepted: every row was refused.
        MassDeparture: too many pupils would leave, and nobody confirmed it.
        MassUnlinking: too many links would end, and nobody confirmed it.
        MassMove: most pupils are another school's, and nobody confirmed it.
    """
    if plan.refused and not plan.accepted:
        raise NothingAccepted(plan.refused)
    if not consent.departures:
        _refuse_departures(plan)
    if not consent.moves:
        _refuse_moves(plan)


def _refuse_departures(plan: RosterPlan) -> None:
    if is_mass(plan.departed.pupils, plan.enrolled):
        raise MassDeparture(plan.departed.pupils, plan.enrolled)
    if is_mass(plan.departed.links, plan.covered_links):
        raise MassUnlinking(plan.departed.links, plan.covered_links)


def _refuse_moves(plan: RosterPlan) -> None:
    """Refuse what is another school's roster, given by mistake: most are enrolled there.

    Of those whom a number lets one recognise; without numbers nobody can tell.
    """
    numbered = sum(pupil.row.ine is not None for pupil in plan.pupils)
    schools = Counter(pupil.from_school for pupil in plan.pupils if pupil.verdict is Verdict.JOINED)
    for uai, moved in schools.most_common(1):
        if uai and moved > FEW and moved * 2 > numbered:
            raise MassMove(moved, len(plan.pupils), uai)
