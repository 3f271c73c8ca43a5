"""The questions that wait for a person, with the names needed to answer them."""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

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

_CHUNK = 5_000


class Someone(NamedTuple):
    """A pupil or a guardian whom a question may be about, with what tells them apart.

    A pupil has a class and a birth date; `relatives` are its guardians, or the children of a
    guardian, by name.
    """

    id: int
    given_name: str
    family_name: str
    usage_name: str | None = None
    class_label: str | None = None
    birth_date: date | None = None
    civility: Civility | None = None
    city: str | None = None
    relatives: tuple[str, ...] = ()

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
    """Return the questions that files have raised and that wait, of one school or of all."""
    query = (
        select(ReviewItem, School.uai)
        .join(School, School.id == ReviewItem.school_id)
        .where(ReviewItem.resolved_at.is_(None), ReviewItem.kind != ReviewKind.MERGE_PROPOSAL)
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
        select(
            Pupil.id,
            Pupil.given_name,
            Pupil.family_name,
            Pupil.usage_name,
            SchoolClass.label,
            Pupil.birth_date,
        )
        .outerjoin(Enrolment, (Enrolment.pupil_id == Pupil.id) & Enrolment.ended_on.is_(None))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .order_by(Pupil.id)
    )
    rows = [
        Someone(*row)
        for chunk in _chunks(ids)
        for row in session.execute(query.where(Pupil.id.in_(chunk)))
    ]
    relatives = _relatives(session, ids, Guardianship.pupil_id, Guardian)
    return {one.id: one._replace(relatives=tuple(relatives[one.id])) for one in rows}


def _guardians(session: Session, ids: Collection[int]) -> dict[int, Someone]:
    query = select(
        Guardian.id,
        Guardian.given_name,
        Guardian.family_name,
        Guardian.usage_name,
        Guardian.civility,
        Guardian.city,
    )
    relatives = _relatives(session, ids, Guardianship.guardian_id, Pupil)
    return {
        row.id: Someone(
            *row[:4],
            civility=row.civility,
            city=row.city,
            relatives=tuple(relatives[row.id]),
        )
        for chunk in _chunks(ids)
        for row in session.execute(query.where(Guardian.id.in_(chunk)))
    }


def _relatives(
    session: Session, ids: Collection[int], whose: Any, relative: type[Guardian | Pupil]
) -> dict[int, list[str]]:
    """Return the names of whom people answer for, or of who answers for them, by person."""
    other = Guardianship.pupil_id if relative is Pupil else Guardianship.guardian_id
    query = (
        select(whose, relative.given_name, relative.usage_name, relative.family_name)
        .join(relative, relative.id == other)
        .where(Guardianship.ended_on.is_(None))
        .order_by(whose, relative.family_name, relative.given_name, relative.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for chunk in _chunks(ids):
        for person, given, usage, family in session.execute(query.where(whose.in_(chunk))):
            found[person].append(f"{given} {usage or family}")
    return found


def _chunks(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK)]
