"""Questions about schools and classes."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.errors import UnknownClass, UnknownSchool
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.domain.uai import parse_uai

# Made once: it is asked at each class file.
_TIME_ZONE = select(School.time_zone).where(School.id == bindparam("school_id"))


def school_by_uai(session: Session, uai: str, *, lock: bool = False) -> School:
    """Return the school of this UAI, typed as people type it; `lock` holds its row.

    Raises:
        InvalidUAI: it is not the number of any school.
        UnknownSchool: no school bears it here.
    """
    query = select(School).where(School.uai == parse_uai(uai))
    school = session.scalar(query.with_for_update() if lock else query)
    if school is None:
        raise UnknownSchool(parse_uai(uai))
    return school


def class_by_label(session: Session, school: School, label: str) -> SchoolClass:
    """Return the class of a school by its label, however accents and spaces were typed.

    Raises:
        UnknownClass: no class, or several, answer to this label.
    """
    classes = session.scalars(
        select(SchoolClass).where(SchoolClass.school_id == school.id).order_by(SchoolClass.label)
    ).all()
    exact = [known for known in classes if known.label == label]
    alike = exact or [known for known in classes if name_key(known.label) == name_key(label)]
    if len(alike) != 1:
        raise UnknownClass(school.uai, label, tuple(known.label for known in classes))
    return alike[0]


def time_zone_of(session: Session, school_id: int) -> str:
    """Return the time zone of a school, by its id."""
    return session.scalars(_TIME_ZONE, {"school_id": school_id}).one()
