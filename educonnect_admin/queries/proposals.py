"""The proposals to merge that wait for a person, with the two records as they are now (R-7)."""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import (
    Enrolment,
    Guardian,
    Guardianship,
    Pupil,
    ReviewItem,
    ReviewKind,
)
from educonnect_admin.domain.schools import School, SchoolClass

_ONE, _OTHER = aliased(Guardian), aliased(Guardian)
_CHUNK = 5_000


class ProposedRecord(NamedTuple):
    """One of the two records; `children` as `Léa DUPONT (CM2)`."""

    id: int
    uai: str
    school_name: str
    civility: Civility | None
    family_name: str
    usage_name: str | None
    given_name: str
    identifier: str | None
    state: AccountState | None
    children: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"ProposedRecord(id={self.id})"


class OpenProposal(NamedTuple):
    """A proposal of the queue: two records, a score, the codes and points of the evidence."""

    id: int
    uai: str
    asked_at: datetime
    one: ProposedRecord
    other: ProposedRecord
    score: int
    evidence: tuple[tuple[str, int], ...]

    def __repr__(self) -> str:
        return f"OpenProposal(id={self.id})"


def open_proposals(session: Session, school_id: int | None = None) -> list[OpenProposal]:
    """Return the proposals that wait, the surest first.

    Args:
        session: An open session.
        school_id: Only those about a record of this school, whichever school asked.
    """
    query = (
        select(ReviewItem, School.uai)
        .join(School, School.id == ReviewItem.school_id)
        .join(_ONE, _ONE.id == ReviewItem.guardian_id)
        .join(_OTHER, _OTHER.id == ReviewItem.other_guardian_id)
        .where(ReviewItem.kind == ReviewKind.MERGE_PROPOSAL, ReviewItem.resolved_at.is_(None))
        .order_by(ReviewItem.id)
    )
    if school_id is not None:
        query = query.where(or_(_ONE.school_id == school_id, _OTHER.school_id == school_id))
    found = session.execute(query).all()
    records = _records(
        session, {n or 0 for item, _ in found for n in (item.guardian_id, item.other_guardian_id)}
    )
    # Once a pair: two imports at once may both have asked.
    pairs = {(item.guardian_id, item.other_guardian_id): (item, uai) for item, uai in found[::-1]}
    proposals = [
        _proposal(item, uai, records[one or 0], records[other or 0])
        for (one, other), (item, uai) in pairs.items()
    ]
    return sorted(proposals, key=lambda proposal: (-proposal.score, proposal.id))


def _proposal(
    item: ReviewItem, uai: str, one: ProposedRecord, other: ProposedRecord
) -> OpenProposal:
    details = json.loads(item.details)
    evidence = tuple((code, weight) for code, weight in details["evidence"])
    return OpenProposal(item.id, uai, item.asked_at, one, other, details["score"], evidence)


def _records(session: Session, ids: Collection[int]) -> dict[int, ProposedRecord]:
    ordered = sorted(ids)
    found: dict[int, ProposedRecord] = {}
    for start in range(0, len(ordered), _CHUNK):
        chunk = ordered[start : start + _CHUNK]
        children = _children(session, chunk)
        for row in _rows(session, chunk):
            found[row.id] = ProposedRecord._make((*row, tuple(children[row.id])))
    return found


def _rows(session: Session, ids: Collection[int]) -> Any:
    return session.execute(
        select(
            Guardian.id,
            School.uai,
            School.name,
            Guardian.civility,
            Guardian.family_name,
            Guardian.usage_name,
            Guardian.given_name,
            Account.identifier,
            Account.state,
        )
        .join(School, School.id == Guardian.school_id)
        .outerjoin(Account, Account.id == Guardian.account_id)
        .where(Guardian.id.in_(ids))
    )


def _children(session: Session, ids: Collection[int]) -> dict[int, list[str]]:
    """Return the children by record, with the class of its school."""
    rows: Any = session.execute(
        select(
            Guardian.id, Pupil.given_name, Pupil.usage_name, Pupil.family_name, SchoolClass.label
        )
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .outerjoin(
            Enrolment,
            (Enrolment.pupil_id == Pupil.id)
            & (Enrolment.school_id == Guardian.school_id)
            & Enrolment.ended_on.is_(None),
        )
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Guardian.id.in_(ids), Guardianship.ended_on.is_(None))
        .order_by(Guardian.id, Pupil.family_name, Pupil.given_name, Pupil.id)
    )
    children: dict[int, list[str]] = defaultdict(list)
    for record, given, usage, family, label in rows:
        name = f"{given} {usage or family}"
        children[record].append(f"{name} ({label})" if label else name)
    return children
