"""What a plan was compared with, as one digest: another one says that the database moved on."""

import hashlib
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import (
    Enrolment,
    Guardian,
    GuardianCorrection,
    Guardianship,
    Pupil,
    ReviewItem,
    ReviewKind,
)
from educonnect_admin.domain.schools import SchoolClass
from educonnect_admin.queries.rosters import pupils_by_ine

_PAGE = 5_000
_PUPILS = select(
    Pupil.id, Pupil.ine, Pupil.family_name, Pupil.usage_name, Pupil.given_name,
    Pupil.birth_date, Pupil.source_birth_date, Enrolment.id, Enrolment.ended_on,
    Enrolment.class_id, Enrolment.level, Enrolment.source_id,
).join(Enrolment, Enrolment.pupil_id == Pupil.id)  # fmt: skip
_RECORDS = select(
    Guardian.id, Guardian.civility, Guardian.family_name, Guardian.usage_name,
    Guardian.given_name, Guardian.email, Guardian.mobile, Guardian.street, Guardian.postcode,
    Guardian.city, Guardian.country, Guardian.source_id, Guardian.account_id.is_(None),
)  # fmt: skip
_LINKS = select(
    Guardianship.guardian_id, Guardianship.pupil_id, Guardianship.ended_on, Guardianship.legal,
    Guardianship.kinship,
)  # fmt: skip
_CORRECTIONS = select(
    GuardianCorrection.guardian_id, GuardianCorrection.field, GuardianCorrection.source_value
)
_QUESTIONS = select(
    ReviewItem.id, ReviewItem.subject, ReviewItem.guardian_id, ReviewItem.resolved_at.is_(None),
    ReviewItem.resolution, ReviewItem.answer_id,
)  # fmt: skip


def roster_basis(session: Session, school_id: int, ines: Collection[str]) -> str:
    """Return the digest of all that decides what an import of a school means.

    That an account was activated or a letter printed meanwhile changes nothing to a plan;
    that a record has got an account does: it is somebody's from then on.

    Args:
        session: An open transaction.
        school_id: The school.
        ines: The numbers of the newcomers, who may be known elsewhere.
    """
    found = hashlib.sha256()
    for query in _queries(school_id):
        for page in session.execute(query).partitions(_PAGE):
            found.update(repr([tuple(row) for row in page]).encode())
        found.update(b"\n")
    for ine, known in sorted(pupils_by_ine(session, ines).items()):
        found.update(repr((ine, [tuple(pupil) for pupil in known])).encode())
    return found.hexdigest()


def _queries(school_id: int) -> Iterator[Any]:
    """Yield the questions whose answers a comparison goes by, each in an order of its own."""
    here = Guardian.school_id == school_id
    yield (_PUPILS.where(Enrolment.school_id == school_id).order_by(Enrolment.id))
    yield _RECORDS.where(here).order_by(Guardian.id)
    yield (
        _LINKS.join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(here)
        .order_by(Guardianship.guardian_id, Guardianship.pupil_id)
    )
    yield (
        _CORRECTIONS.join(Guardian, Guardian.id == GuardianCorrection.guardian_id)
        .where(here)
        .order_by(GuardianCorrection.guardian_id, GuardianCorrection.field)
    )
    yield (
        select(SchoolClass.id, SchoolClass.label)
        .where(SchoolClass.school_id == school_id)
        .order_by(SchoolClass.id)
    )
    yield (
        _QUESTIONS.where(ReviewItem.school_id == school_id)
        .where(ReviewItem.kind != ReviewKind.MERGE_PROPOSAL)
        .order_by(ReviewItem.id)
    )
