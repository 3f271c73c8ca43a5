"""From what a plan decided to the columns it sets, the comparison keys with the names."""

from collections.abc import Collection, Sequence
from typing import Any

from educonnect_admin.domain.names import name_key
from educonnect_admin.office.importing.roster_plan import Change, GuardianFacts, PupilDecision
from educonnect_admin.rosters.rows import PupilRow

OF_ENROLMENT = {"class_label": "class_id", "level": "level", "source_id": "source_id"}
"""The fields of a pupil that are an enrolment's, with the columns that hold them."""
_NAMES = frozenset({"family_name", "given_name", "usage_name"})


def changed_columns(
    row_id: int | None, changes: Sequence[Change], *, but: Collection[str] = ()
) -> dict[str, Any]:
    """Return the columns of a person that changes set."""
    row: dict[str, Any] = {"id": row_id}
    for change in changes:
        if change.field not in but:
            row[change.field] = change.after
        if change.field in _NAMES:
            row[f"{change.field.removesuffix('_name')}_key"] = _key_or_none(change.after)
    return row


def _key_or_none(name: object) -> str | None:
    return name_key(str(name)) if name else None


def _keys(named: PupilRow | GuardianFacts) -> dict[str, str | None]:
    return {
        "family_key": name_key(named.family_name),
        "given_key": name_key(named.given_name),
        "usage_key": _key_or_none(named.usage_name),
    }


def pupil_row(decision: PupilDecision) -> dict[str, Any]:
    """Return the columns of a new pupil."""
    row = decision.row
    return {
        "ine": row.ine,
        "family_name": row.family_name,
        "usage_name": row.usage_name,
        "given_name": row.given_name,
        "birth_date": row.birth_date,
        **_keys(row),
    }


def guardian_row(school_id: int, facts: GuardianFacts) -> dict[str, Any]:
    """Return the columns of a new record of a guardian."""
    return {
        "school_id": school_id,
        **{name: getattr(facts, name) for name in facts.__slots__},
        **_keys(facts),
    }
