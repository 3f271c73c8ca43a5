"""The task of a campaign of imports: the files of one school."""

from collections.abc import Mapping

from educonnect_admin.campaigns.attempt import attempted
from educonnect_admin.campaigns.orders import ImportOfSchool
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.row_notes import is_doubled, notes_of, reasons_of
from educonnect_admin.campaigns.workplace import workplace
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.campaigns import Figure
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.apply_plan import apply_plan
from educonnect_admin.office.import_roster import plan_import
from educonnect_admin.office.importing.keep_corrections import keeps_corrections
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.office.repeated_import import recall_import, remember_import
from educonnect_admin.rosters.digests import digest_of_files
from educonnect_admin.rosters.read import read_files
from educonnect_admin.rosters.rows import FileKind, Reading


def import_school(order: ImportOfSchool) -> Outcome:
    """Import the files of a school; every error is in the outcome."""
    return attempted(order, lambda: _import(order))


def _import(order: ImportOfSchool) -> Outcome:
    services = workplace(order.bearings)
    request = _request(order)
    if known := last_plan(services, order, request):
        unread = {Figure.ROWS: 0, Figure.UNCHANGED: 1}
        return _outcome(order, known, {**figures_of(known), **unread})
    today = day_in("Europe/Paris", clock())
    readings = read_files(order.files, today=today, columns=order.columns)
    plan = _carried_out(services, order, readings, request)
    return _outcome(order, plan, figures_of(plan))


def _outcome(order: ImportOfSchool, plan: RosterPlan, figures: Mapping[Figure, int]) -> Outcome:
    return Outcome(
        uai=order.uai,
        figures=figures,
        notes=notes_of(plan),
        reasons=reasons_of(plan),
        is_doubled=is_doubled(plan),
    )


def _request(order: ImportOfSchool) -> str | None:
    return digest_of_files(order.files, order.uai, order.whole_school, order.columns)


def last_plan(
    services: Services, order: ImportOfSchool, request: str | None = None
) -> RosterPlan | None:
    """Return what importing these files says that were imported last; else nothing.

    Args:
        services: The office.
        order: The school and its files.
        request: Their digest, where it is known already.
    """
    request = request or _request(order)
    if request is None:
        return None
    with services.reading() as session:
        return recall_import(session, order.uai, request, services.import_sealer)


def _carried_out(
    services: Services, order: ImportOfSchool, readings: list[Reading], request: str | None
) -> RosterPlan:
    author = services.author(clock())
    with services.transaction(dry_run=order.dry_run) as session:
        plan = plan_import(session, order.uai, readings, author, whole_school=order.whole_school)
        apply_plan(session, plan, author, order.consent, announcer=services.announcer)
        if request and not order.dry_run:
            remember_import(session, plan, request, services.import_sealer, author.now)
    return plan


def planned_again(services: Services, order: ImportOfSchool, readings: list[Reading]) -> RosterPlan:
    """Return what importing these files would say now; nothing is written."""
    author = services.author(clock())
    with services.transaction(dry_run=True) as session:
        return plan_import(session, order.uai, readings, author, whole_school=order.whole_school)


def figures_of(plan: RosterPlan) -> dict[Figure, int]:
    """Return what a report counts of an import."""
    return {
        Figure.ROWS: sum(file.rows for file in plan.files),
        Figure.PUPILS_NEW: plan.new.pupils,
        Figure.PUPILS_CHANGED: plan.changed.pupils,
        Figure.PUPILS_DEPARTED: plan.departed.pupils,
        Figure.GUARDIANS_NEW: plan.new.guardians,
        Figure.GUARDIANS_CHANGED: plan.changed.guardians,
        Figure.GUARDIANS_DEPARTED: plan.departed.guardians,
        Figure.REFUSED: plan.refused,
        Figure.KEPT: int(keeps_corrections(plan)),
        Figure.NO_PUPILS_FILE: int(all(file.kind is FileKind.GUARDIANS for file in plan.files)),
        Figure.AMBIGUOUS: len(plan.open_questions),
        Figure.ROW_REMARKS: plan.remarks,
    }
