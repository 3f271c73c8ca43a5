"""Take read rosters into a school: plan, guard, apply, in one transaction (R-60)."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.trail import Author
from educonnect_admin.office.apply_plan import apply_plan
from educonnect_admin.office.plan_roster import plan_roster
from educonnect_admin.office.roster_plan import RosterPlan
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.rosters.rows import Reading


def import_roster(
    session: Session,
    uai: str,
    readings: Sequence[Reading],
    author: Author,
    *,
    accept_departures: bool = False,
    whole_school: bool = False,
) -> RosterPlan:
    """Take files, read beforehand, into a school; importing them again changes nothing.

    The row of the school is locked first, so that two imports of one school follow each
    other and the second compares with what the first left.

    Args:
        session: An open transaction; the caller commits it, or not for a dry run.
        uai: The school's number, as typed.
        readings: The files.
        author: Who asks, and when.
        accept_departures: Somebody has confirmed that so many pupils left.
        whole_school: The files name every class of the school.

    Returns:
        The plan that was applied.

    Raises:
        InvalidUAI, UnknownSchool: there is no such school.
        NothingAccepted, MassDeparture, MassUnlinking: nothing is to be written.
    """
    school = school_by_uai(session, uai, lock=True)
    today = day_in(school.time_zone, author.now)
    plan = plan_roster(session, school, readings, today=today, whole_school=whole_school)
    apply_plan(session, plan, author, accept_departures=accept_departures)
    return plan
