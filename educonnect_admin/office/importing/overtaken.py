"""Two schools that bring in one child at the same moment: the second one looks again (R-7)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.errors import PlanOutdated
from educonnect_admin.domain.schools import School
from educonnect_admin.office.importing.match_pupils import identities, known_identities
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.queries.rosters import pupils_by_ine
from educonnect_admin.queries.turns import NEIGHBOURS, wait_for_turn


def refuse_overtaken(session: Session, plan: RosterPlan, pupil_ids: Sequence[int]) -> None:
    """Refuse to bring in a child whom another school has brought in since the plan was made.

    Each would be right by what it saw, and the child would be there twice. From here to the end
    of the transaction no other school compares its people with those of its neighbours.

    Args:
        session: The transaction that has written the pupils.
        plan: What is being applied.
        pupil_ids: The pupil of each decision of the plan, in its order.

    Raises:
        PlanOutdated: the import is to be planned again.
    """
    wait_for_turn(session, NEIGHBOURS)
    mine = {
        decision.row.ine: (decision.row, pupil_id)
        for decision, pupil_id in zip(plan.pupils, pupil_ids, strict=True)
        if decision.pupil_id is None and decision.row.ine
    }
    for ine, pupils in pupils_by_ine(session, mine.keys()).items():
        row, mine_id = mine[ine]
        same = set(identities(row))
        # Whoever was there before was looked at: with the same names it would have been met.
        if any(one.id != mine_id and not same.isdisjoint(known_identities(one)) for one in pupils):
            uai = session.scalars(select(School.uai).where(School.id == plan.school_id)).one()
            raise PlanOutdated(uai)
