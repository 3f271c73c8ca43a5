"""Take read rosters into a school: plan, guard, apply, in one transaction (R-60)."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.errors import FileOfAnotherSchool
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import Author
from educonnect_admin.office.apply_plan import apply_plan
from educonnect_admin.office.importing.announce_children import Announcer
from educonnect_admin.office.importing.dangers import Consent
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.office.plan_roster import plan_roster
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.rosters.rows import Reading


def plan_import(
    session: Session,
    uai: str,
    readings: Sequence[Reading],
    author: Author,
    *,
    whole_school: bool = False,
) -> RosterPlan:
    """Lock a school and plan an import of files, read beforehand; nothing is written yet.

    The row of the school stays locked until the transaction ends, so that two imports of
    one school follow each other and the second compares with what the first left.

    Args:
        session: An open transaction.
        uai: The school's number, as typed.
        readings: The files.
        author: Who asks, and when.
        whole_school: The files name every class of the school.

    Raises:
        InvalidUAI, UnknownSchool: there is no such school.
        FileOfAnotherSchool: a file says that it is another school's.
    """
    school = school_by_uai(session, uai, lock=True)
    refuse_other_schools(school, readings)
    today = day_in(school.time_zone, author.now)
    return plan_roster(session, school, readings, today=today, whole_school=whole_school)


def refuse_other_schools(school: School, readings: Sequence[Reading]) -> None:
    """Refuse a file that names another school than the one it was given for.

    Raises:
        FileOfAnotherSchool: SIECLE writes the school's number into its files.
    """
    for reading in readings:
        if reading.school and reading.school.upper() != school.uai:
            raise FileOfAnotherSchool(reading.path, reading.school.upper(), school.uai)


def import_roster(
    session: Session,
    uai: str,
    readings: Sequence[Reading],
    author: Author,
    *,
    accept_departures: bool = False,
    accept_moves: bool = False,
    whole_school: bool = False,
    announcer: Announcer | None = None,
) -> RosterPlan:
    """Take files into a school, as `plan_import` plans it; a second time changes nothing.

    Args:
        session: An open transaction; the caller commits it, or not for a dry run.
        uai: The school's number, as typed.
        readings: The files.
        author: Who asks, and when.
        accept_departures: Somebody has confirmed that so many pupils left.
        accept_moves: Somebody has confirmed that so many pupils come from another school.
        whole_school: The files name every class of the school.
        announcer: What writes to the holders of active accounts who gain a child (R-8).

    Returns:
        The plan that was applied.

    Raises:
        InvalidUAI, UnknownSchool: there is no such school.
        FileOfAnotherSchool: a file says that it is another school's.
        NothingAccepted, MassDeparture, MassUnlinking, MassMove: nothing is to be written.
    """
    plan = plan_import(session, uai, readings, author, whole_school=whole_school)
    consent = Consent(departures=accept_departures, moves=accept_moves)
    apply_plan(session, plan, author, consent, announcer=announcer)
    return plan
