"""The children of an account as its holder sees them: those its records answer for today."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ward:
    """A child in a school; a child of two schools comes once, in the first of them."""

    pupil_id: int
    given_name: str
    surname: str
    birth_date: date
    school_id: int
    school_name: str
    school_city: str | None
    class_label: str | None
    level: str | None

    @property
    def name(self) -> str:
        """Given name and surname."""
        return f"{self.given_name} {self.surname}"

    def __repr__(self) -> str:
        return f"Ward(pupil_id={self.pupil_id})"


def wards_of(session: Session, *account_ids: int) -> list[Ward]:
    """Return the children of accounts: enrolled where a record legally answers for them.

    Sorted by school, then by name; the birth date is a proof and never shown (R-33).
    """
    rows = session.execute(
        select(Pupil, School, SchoolClass.label, Enrolment.level)
        .join(Guardianship, Guardianship.pupil_id == Pupil.id)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .join(
            Enrolment,
            (Enrolment.pupil_id == Pupil.id)
            & (Enrolment.school_id == Guardian.school_id)
            & Enrolment.ended_on.is_(None),
        )
        .join(School, School.id == Enrolment.school_id)
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            Guardian.account_id.in_(account_ids),
            Guardianship.legal,
            Guardianship.ended_on.is_(None),
        )
        .order_by(School.name, School.id, Pupil.family_key, Pupil.given_key, Pupil.id)
    )
    found: dict[int, Ward] = {}
    for pupil, school, label, level in rows:
        found.setdefault(pupil.id, _ward(pupil, school, label, level))
    return list(found.values())


def _ward(pupil: Pupil, school: School, label: str | None, level: str | None) -> Ward:
    return Ward(
        pupil_id=pupil.id,
        given_name=pupil.given_name,
        surname=pupil.usage_name or pupil.family_name,
        birth_date=pupil.birth_date,
        school_id=school.id,
        school_name=school.name,
        school_city=school.city,
        class_label=label,
        level=level,
    )
