"""The questions that wait for a person, with the names needed to answer them."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Enrolment, Guardian, Pupil, ReviewItem, ReviewKind
from educonnect_admin.domain.schools import School, SchoolClass

_CHUNK = 5_000


class Someone(NamedTuple):
    """A pupil or a guardian whom a question may be about; a pupil has a class."""

    id: int
    given_name: str
    family_name: str
    class_label: str | None = None

    def __repr__(self) -> str:
        return f"Someone(id={self.id})"


class OpenQuestion(NamedTuple):
    """A question of the queue; `guardian` and `children` are as the file wrote them."""

    id: int
    uai: str
    kind: ReviewKind
    asked_at: datetime
    guardian_id: int | None
    guardian: dict[str, Any]
    children: list[dict[str, Any]]
    candidates: list[Someone]
    refused_row: bool

    def __repr__(self) -> str:
        return f"OpenQuestion(id={self.id})"


def open_questions(session: Session, school_id: int | None = None) -> list[OpenQuestion]:
    """Return the questions that wait, the oldest first, of one school or of all."""
    query = (
        select(ReviewItem, School.uai)
        .join(School, School.id == ReviewItem.school_id)
        .where(ReviewItem.resolved_at.is_(None))
        .order_by(School.uai, ReviewItem.id)
    )
    if school_id is not None:
        query = query.where(ReviewItem.school_id == school_id)
    found = [(item, uai, json.loads(item.details)) for item, uai in session.execute(query)]
    pupils = _pupils(session, _candidates(found, wants_guardians=False))
    guardians = _guardians(session, _candidates(found, wants_guardians=True))
    return [
        OpenQuestion(
            item.id,
            uai,
            item.kind,
            item.asked_at,
            item.guardian_id,
            details["guardian"],
            details["children"],
            [
                known[n]
                for known in [guardians if _is_about_guardians(item) else pupils]
                for n in details["candidates"]
                if n in known
            ],
            details["refused_row"],
        )
        for item, uai, details in found
    ]


def _is_about_guardians(item: ReviewItem) -> bool:
    return item.kind is ReviewKind.AMBIGUOUS_GUARDIAN


def _candidates(
    found: list[tuple[ReviewItem, str, dict[str, Any]]], *, wants_guardians: bool
) -> set[int]:
    return {
        candidate
        for item, _, details in found
        if _is_about_guardians(item) is wants_guardians
        for candidate in details["candidates"]
    }


def _pupils(session: Session, ids: Collection[int]) -> dict[int, Someone]:
    query = (
        select(Pupil.id, Pupil.given_name, Pupil.family_name, SchoolClass.label)
        .outerjoin(Enrolment, (Enrolment.pupil_id == Pupil.id) & Enrolment.ended_on.is_(None))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .order_by(Pupil.id)
    )
    return {
        row[0]: Someone._make(row)
        for chunk in _chunks(ids)
        for row in session.execute(query.where(Pupil.id.in_(chunk)))
    }


def _guardians(session: Session, ids: Collection[int]) -> dict[int, Someone]:
    query = select(Guardian.id, Guardian.given_name, Guardian.family_name)
    return {
        row[0]: Someone._make((*row, None))
        for chunk in _chunks(ids)
        for row in session.execute(query.where(Guardian.id.in_(chunk)))
    }


def _chunks(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK)]
