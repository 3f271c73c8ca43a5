"""One import, from the files read to the database: planned, told if it is refused, applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from educonnect_admin.cli.rejects import Returning
    from educonnect_admin.edge import Services
    from educonnect_admin.office.importing.dangers import Consent
    from educonnect_admin.office.importing.roster_plan import RosterPlan
    from educonnect_admin.rosters.rows import Reading


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be imported, where, and what somebody has confirmed."""

    school: str
    readings: "Sequence[Reading]"
    consent: "Consent"
    request: str | None = None
    """The digest of the files and of how they are taken, to know them again."""
    whole_school: bool = False
    dry_run: bool = False


def recall(services: "Services", uai: str, request: str | None) -> "RosterPlan | None":
    """Return what an import says that is the last one of its school, made again; else nothing."""
    from educonnect_admin.office.repeated_import import recall_import

    if request is None:
        return None
    with services.reading() as session:
        return recall_import(session, uai, request, services.import_sealer)


def carry_out_import(
    services: "Services", speech: Speech, task: Task, returning: "Returning"
) -> "tuple[RosterPlan, int]":
    """Plan and apply an import in one transaction; what would be refused is told first.

    Returns:
        What was applied, and how many accounts it opened again.

    Raises:
        PlanOutdated: another school keeps bringing in the same child at the same moment.
    """
    from educonnect_admin.domain.errors import PlanOutdated

    try:
        return _carry_out(services, speech, task, returning)
    except PlanOutdated:
        # Both were planned before either was written: now the other one is seen.
        return _carry_out(services, speech, task, returning)


def _carry_out(
    services: "Services", speech: Speech, task: Task, returning: "Returning"
) -> "tuple[RosterPlan, int]":
    from educonnect_admin.cli.import_report import tell_refusal
    from educonnect_admin.domain.errors import EduConnectError
    from educonnect_admin.edge import clock
    from educonnect_admin.office.apply_plan import apply_plan
    from educonnect_admin.office.import_roster import plan_import
    from educonnect_admin.office.repeated_import import remember_import

    author = services.author(clock())
    with returning.anyhow(speech), services.transaction(dry_run=task.dry_run) as session:
        plan = plan_import(
            session, task.school, task.readings, author, whole_school=task.whole_school
        )
        returning.gather(plan, task.readings)
        try:
            reopened = apply_plan(session, plan, author, task.consent, announcer=services.announcer)
        except EduConnectError:
            tell_refusal(speech, plan)
            raise
        if task.request and not task.dry_run:
            remember_import(session, plan, task.request, services.import_sealer, author.now)
    return plan, reopened
