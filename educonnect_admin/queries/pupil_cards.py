"""What a search shows of the pupils it found: birth date, school, class and level."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Enrolment, Pupil
from educonnect_admin.domain.schools import School, SchoolClass


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PupilCard:
    """A pupil as the desk sees it; `uai` and what follows are empty once it has left."""

    id: int
    ine: str | None
    family_name: str
    usage_name: str | None
    given_name: str
    birth_date: date
    uai: str | None
    school: str | None
    class_label: str | None
    level: str | None

    def __repr__(self) -> str:
        return f"PupilCard(id={self.id})"


def pupil_cards(session: Session, ids: Collection[int]) -> dict[int, PupilCard]:
    """Return pupils by their ids; of two schools at once, the one last entered."""
    rows = session.execute(
        select(
            Pupil.id, Pupil.ine, Pupil.family_name, Pupil.usage_name, Pupil.given_name,
            Pupil.birth_date, School.uai, School.name.label("school"),
            SchoolClass.label.label("class_label"), Enrolment.level,
        )
        .outerjoin(Enrolment, (Enrolment.pupil_id == Pupil.id) & Enrolment.ended_on.is_(None))
        .outerjoin(School, School.id == Enrolment.school_id)
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Pupil.id.in_(list(ids)))
        .order_by(Enrolment.started_on, Enrolment.id)
    )  # fmt: skip
    return {row["id"]: PupilCard(**row) for row in rows.mappings()}
