"""What was corrected at the desk withstands the file, until the file agrees (R-61)."""

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from educonnect_admin.domain.contacts import ADDRESS, EMAIL, GROUPS, MOBILE
from educonnect_admin.domain.people import GuardianCorrection
from educonnect_admin.office.importing.likeness import key
from educonnect_admin.office.importing.plan_pupils import differences
from educonnect_admin.office.importing.roster_plan import (
    Change,
    GuardianDecision,
    GuardianFacts,
    RosterPlan,
)
from educonnect_admin.queries.bulk import update_rows
from educonnect_admin.queries.copying import Row
from educonnect_admin.queries.rosters import KnownGuardian
from educonnect_admin.rosters.problems import KEPT_CORRECTIONS, ProblemCode

SOURCE = "source_"
"""Before the name of a field: what the file said of it, beside what the desk corrected."""

_SOURCES = frozenset(SOURCE + name for group in GROUPS for name in group)
"""Not `source_id`, the number in the school's software, which is the record's own."""

_NAMES = ("civility", "family_name", "usage_name", "given_name", "source_id")
_KEPT = {
    EMAIL: ProblemCode.CORRECTED_EMAIL_KEPT,
    MOBILE: ProblemCode.CORRECTED_MOBILE_KEPT,
    ADDRESS: ProblemCode.CORRECTED_ADDRESS_KEPT,
}


def guardian_changes(record: KnownGuardian, facts: GuardianFacts) -> Iterator[Change]:
    """Yield what a file changes in a record, and in what is remembered of its corrections.

    A group of contacts that was corrected stays while the file says anything else, an old
    value or a third one, which becomes what the file said last. It is forgotten once the
    file agrees. An empty cell says nothing.

    Rules: R-60, R-61.
    """
    yield from _differences(record, facts, _NAMES)
    for group in GROUPS:
        if not _is_corrected(record, group):
            yield from _differences(record, facts, group)
        elif _contradicted(record, facts, group):
            yield from _sources(record, facts, group)
        elif _agrees(record, facts, group):
            yield from _differences(record, facts, group)
            yield from (Change(SOURCE + name, record.sources[name], None) for name in group)


def kept_corrections(record: KnownGuardian, facts: GuardianFacts) -> list[ProblemCode]:
    """Return a remark for each correction that a file contradicts."""
    return [
        _KEPT[group]
        for group in GROUPS
        if _is_corrected(record, group) and _contradicted(record, facts, group)
    ]


def _differences(
    record: KnownGuardian, facts: GuardianFacts, fields: Sequence[str]
) -> Iterator[Change]:
    return differences(*((name, getattr(record, name), getattr(facts, name)) for name in fields))


def _is_corrected(record: KnownGuardian, group: Sequence[str]) -> bool:
    return any(name in record.sources for name in group)


def _contradicted(record: KnownGuardian, facts: GuardianFacts, group: Sequence[str]) -> bool:
    return any(
        not _alike(name, said, getattr(record, name))
        for name in group
        if (said := getattr(facts, name)) is not None
    )


def _agrees(record: KnownGuardian, facts: GuardianFacts, group: Sequence[str]) -> bool:
    """Tell whether a file that contradicts nothing says all that was corrected.

    The country alone may be missing: most files have no column for it. A contact that was
    taken away stays so: an empty cell is no word for «none».
    """
    known = [name for name in group if getattr(record, name) is not None and name != "country"]
    return bool(known) and all(getattr(facts, name) is not None for name in known)


def _sources(record: KnownGuardian, facts: GuardianFacts, group: Sequence[str]) -> Iterator[Change]:
    return differences(
        *((SOURCE + name, record.sources.get(name), getattr(facts, name)) for name in group)
    )


def _alike(name: str, one: str, other: str | None) -> bool:
    if other is None or name in {"mobile", "postcode"}:
        return one == other
    if name == "email":
        return one.casefold() == other.casefold()
    return key(one) == key(other)


def keeps_corrections(plan: RosterPlan) -> bool:
    """Tell whether something that the desk has corrected stands against the files."""
    return any(placed.problem.code in KEPT_CORRECTIONS for placed in plan.problems)


def write_corrections(session: Session, decisions: Sequence[GuardianDecision]) -> None:
    """Write what the files say now of what the desk has corrected, and forget what they settle."""
    said: list[Row] = []
    settled: list[Row] = []
    for decision in decisions:
        for change in decision.changes:
            if change.field not in _SOURCES:
                continue
            row = {
                "guardian_id": decision.guardian_id,
                "field": change.field.removeprefix(SOURCE),
            }
            if change.after is None:
                settled.append({f"its_{name}": value for name, value in row.items()})
            else:
                said.append({**row, "source_value": change.after})
    update_rows(session, GuardianCorrection, said)
    if settled:
        session.connection().execute(
            delete(GuardianCorrection).where(
                GuardianCorrection.guardian_id == bindparam("its_guardian_id"),
                GuardianCorrection.field == bindparam("its_field"),
            ),
            settled,
        )


def own_changes(decision: GuardianDecision) -> list[Change]:
    """Return the changes of the record itself."""
    return [change for change in decision.changes if change.field not in _SOURCES]
