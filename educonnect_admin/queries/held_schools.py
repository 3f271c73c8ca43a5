"""Schools held still while one of their people is changed at the desk."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Enrolment
from educonnect_admin.domain.schools import School


def hold_schools(session: Session, school_ids: Collection[int]) -> None:
    """Hold schools until the transaction ends, in the order of their ids.

    An import compares its files with what the school knows, then writes: what the desk
    changes in between would be lost. To be called first, before accounts and records.
    Whoever only points at the school, as a letter does, is not held up.
    """
    session.execute(
        select(School.id)
        .where(School.id.in_(school_ids))
        .order_by(School.id)
        .with_for_update(key_share=True)
    ).all()


def schools_of_pupil(session: Session, pupil_id: int) -> dict[int, bool]:
    """Return the schools where a pupil is or was, and whether it is enrolled there now."""
    rows = session.execute(
        select(Enrolment.school_id, Enrolment.ended_on.is_(None))
        .where(Enrolment.pupil_id == pupil_id)
        .order_by(Enrolment.school_id)
    )
    schools: dict[int, bool] = {}
    for school_id, is_open in rows:
        schools[school_id] = schools.get(school_id, False) or bool(is_open)
    return schools
