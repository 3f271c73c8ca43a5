"""Make a plan to be applied later, and apply it: exactly that one, or none (R-60)."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from educonnect_admin.domain.errors import BadPlan, PlanOutdated
from educonnect_admin.domain.trail import Author
from educonnect_admin.office.apply_plan import apply_plan
from educonnect_admin.office.import_roster import plan_import
from educonnect_admin.office.importing.announce_children import Announcer
from educonnect_admin.office.importing.dangers import Consent
from educonnect_admin.office.importing.plan_file import KeptPlan, open_plan, plan_sha256
from educonnect_admin.office.importing.roster_plan import RosterPlan, Verdict
from educonnect_admin.queries.roster_basis import roster_basis
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.rosters.rows import Reading

MAX_BYTES = 2_000_000_000
_FRESH = frozenset({Verdict.NEW, Verdict.JOINED})


def make_plan(
    session: Session,
    uai: str,
    readings: Sequence[Reading],
    author: Author,
    *,
    whole_school: bool = False,
) -> KeptPlan:
    """Plan an import, and note what the database said then; nothing is written.

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
    plan = plan_import(session, uai, readings, author, whole_school=whole_school)
    school = school_by_uai(session, uai)
    return KeptPlan(
        school=school.uai,
        basis=roster_basis(session, school.id, _newcomers(plan)),
        sha256=plan_sha256(plan),
        plan=plan,
    )


def read_plan(path: Path, author: Author) -> KeptPlan:
    """Read the file of a plan.

    Raises:
        BadPlan: it can't be read, or is not a plan that this office wrote.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
    except (OSError, ValueError):
        raise BadPlan(path, "unreadable") from None
    return open_plan(path, content, author)


def apply_kept_plan(
    session: Session,
    kept: KeptPlan,
    author: Author,
    consent: Consent,
    *,
    announcer: Announcer | None = None,
) -> int:
    """Do what a kept plan says, in the transaction that holds the school.

    Args:
        session: An open transaction.
        kept: What `read_plan` returned.
        author: Who asks, and when.
        consent: What somebody has confirmed.
        announcer: As in `apply_plan`.

    Returns:
        How many accounts the children who are back have opened again.

    Raises:
        UnknownSchool: it is not known any more.
        PlanOutdated: the database no longer is what the plan was compared with.
        NothingAccepted, MassDeparture, MassUnlinking, MassMove: nothing is to be written.
    """
    school = school_by_uai(session, kept.school, lock=True)
    basis = roster_basis(session, school.id, _newcomers(kept.plan))
    if school.id != kept.plan.school_id or basis != kept.basis:
        raise PlanOutdated(kept.school)
    return apply_plan(session, kept.plan, author, consent, announcer=announcer)


def _newcomers(plan: RosterPlan) -> list[str]:
    return sorted({one.row.ine for one in plan.pupils if one.row.ine and one.verdict in _FRESH})
