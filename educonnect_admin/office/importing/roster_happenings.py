"""What the trail is told of an import: ids, codes and counts, never a name or a date (R-63)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.importing.roster_plan import (
    Change,
    Known,
    LinkDecision,
    LinkVerdict,
    Ref,
    RosterPlan,
    Verdict,
)

_SHA_SHOWN = 12
_OF_PUPIL = {
    Verdict.CHANGED: TrailKind.PUPIL_CHANGED,
    Verdict.RETURNED: TrailKind.PUPIL_RETURNED,
}

_OF_LINK = {
    LinkVerdict.CHANGED: TrailKind.LINK_CHANGED,
    LinkVerdict.ENDED: TrailKind.LINK_ENDED,
}

Find = Callable[[Ref], int]


def happenings(
    plan: RosterPlan, pupil: Find, guardian: Find, active: Mapping[int, int]
) -> Iterator[Happening]:
    """Yield the entries of an import that changes something: itself, then each change.

    Args:
        plan: What was applied.
        pupil: Gives the id of a pupil of the plan.
        guardian: Gives the id of a guardian of the plan.
        active: The accounts that are active, by record.

    Rules: R-8, R-63.
    """
    yield Happening(TrailKind.ROSTER_IMPORTED, school_id=plan.school_id, details=_counts(plan))
    yield from _of_pupils(plan)
    for decision in plan.guardians:
        if decision.verdict is Verdict.CHANGED:
            yield Happening(
                TrailKind.GUARDIAN_CHANGED,
                school_id=plan.school_id,
                guardian_id=decision.guardian_id,
                details=_fields(decision.changes),
            )
    yield from _of_links(plan, pupil, guardian, active)


def is_gained(link: LinkDecision) -> bool:
    """Tell whether the holder of an account sees a child from now on (R-8)."""
    return link.legal and link.verdict is not LinkVerdict.ENDED


def _of_pupils(plan: RosterPlan) -> Iterator[Happening]:
    for decision in plan.pupils:
        if decision.verdict in _OF_PUPIL:
            yield Happening(
                _OF_PUPIL[decision.verdict],
                school_id=plan.school_id,
                pupil_id=decision.pupil_id,
                details=_fields(decision.changes),
            )
    for departure in plan.departures:
        yield Happening(TrailKind.PUPIL_LEFT, school_id=plan.school_id, pupil_id=departure.pupil_id)


def _of_links(
    plan: RosterPlan, pupil: Find, guardian: Find, active: Mapping[int, int]
) -> Iterator[Happening]:
    """Yield links that end or change, and the children whom an active account gains (R-8)."""
    for link in plan.links:
        account = active.get(link.guardian.id) if isinstance(link.guardian, Known) else None
        if link.verdict in _OF_LINK or (account is not None and is_gained(link)):
            yield Happening(
                _OF_LINK.get(link.verdict, TrailKind.LINK_ADDED),
                school_id=plan.school_id,
                account_id=account,
                guardian_id=guardian(link.guardian),
                pupil_id=pupil(link.pupil),
                details=_bond(link) if link.verdict is LinkVerdict.CHANGED else {},
            )


def _bond(link: LinkDecision) -> dict[str, str | int]:
    kinship = {"kinship": link.kinship} if link.kinship else {}
    return {"legal": "yes" if link.legal else "no", **kinship}


def _fields(changes: Sequence[Change]) -> dict[str, str]:
    return {"fields": ",".join(change.field for change in changes)} if changes else {}


def _counts(plan: RosterPlan) -> dict[str, str | int]:
    heads = {
        "new": plan.new,
        "changed": plan.changed,
        "unchanged": plan.unchanged,
        "departed": plan.departed,
    }
    return {
        "files": ",".join(file.sha256[:_SHA_SHOWN] for file in plan.files),
        **{
            f"{name}_{what}": getattr(counted, what)
            for name, counted in heads.items()
            for what in ("pupils", "guardians", "links")
        },
        "ambiguous": len(plan.open_questions),
        "refused": plan.refused,
        "remarks": plan.remarks,
    }
