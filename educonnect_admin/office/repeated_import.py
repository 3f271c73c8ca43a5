"""The same files again onto the same school: nothing would change, so nothing is read (R-60).

Reading and comparing is most of what an import costs, and every night a rectorate imports
files that are those of the night before. What the school imported last is known by the digest
of the files and of how they were taken; that nobody has touched the school since, by the
digest of all that a comparison would look at. Only where both are the same is the comparison
left out; what was refused or remarked is then said again, as it was.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from educonnect_admin.domain.imports import LastImport, owner_of_import
from educonnect_admin.domain.messages import Sealer
from educonnect_admin.office.importing.plan_figures import Settled
from educonnect_admin.office.importing.plan_file import plan_bytes, plan_of
from educonnect_admin.office.importing.roster_plan import RosterPlan, Standing
from educonnect_admin.queries.roster_basis import roster_basis
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.rosters.problems import ProblemCode

_CHANGES_BY_ITSELF = frozenset({ProblemCode.FUTURE_BIRTH_DATE})
"""What is refused today and may be right tomorrow: such files are read again."""


def recall_import(session: Session, uai: str, request: str, sealer: Sealer) -> RosterPlan | None:
    """Return what importing some files again would say, if they are what was imported last.

    Args:
        session: An open session; reading is enough.
        uai: The school's number, as typed.
        request: The digest of the files and of how they are to be taken.
        sealer: What closed the report, and opens it.

    Raises:
        InvalidUAI, UnknownSchool: there is no such school.
    """
    school = school_by_uai(session, uai)
    last = session.get(LastImport, school.id)
    if last is None or last.request != request:
        return None
    if roster_basis(session, school.id, ()) != last.basis:
        return None
    try:
        return plan_of(sealer.open(last.sealed, owner_of_import(school.id)))
    except (KeyError, ValueError):
        # Its key is gone, or it is a report of another version: the files are there to read.
        return None


def remember_import(
    session: Session, plan: RosterPlan, request: str, sealer: Sealer, now: datetime
) -> None:
    """Keep what has just been imported, in the transaction that did it.

    Args:
        session: The transaction, all of the import written.
        plan: What was applied.
        request: The digest of the files and of how they were taken.
        sealer: What closes the report.
        now: The moment.
    """
    if any(placed.problem.code in _CHANGES_BY_ITSELF for placed in plan.problems):
        return
    session.flush()  # the digest is to see what this import wrote
    last = session.get(LastImport, plan.school_id) or LastImport(school_id=plan.school_id)
    last.request = request
    last.basis = roster_basis(session, plan.school_id, ())
    last.sealed = sealer.close(plan_bytes(repeated(plan)), owner_of_import(plan.school_id))
    last.imported_at = now
    session.add(last)


def repeated(plan: RosterPlan) -> RosterPlan:
    """Return what a plan says once it is applied and made again: everybody is as they are."""
    before = plan.settled or Settled()
    links = plan.unchanged.links + plan.new.links + plan.changed.links
    asked = (Standing.NEW, Standing.REOPENED)
    return replace(
        plan,
        classes=(),
        pupils=(),
        departures=(),
        guardians=(),
        links=(),
        answered=(),
        questions=tuple(
            replace(one, standing=Standing.OPEN) if one.standing in asked else one
            for one in plan.questions
        ),
        unchanged_links=links,
        departed_guardians=0,
        settled=Settled(
            pupils=before.pupils + len(plan.pupils),
            guardians=before.guardians + len(plan.guardians),
            rows=plan.accepted,
        ),
    )
