"""The schools of the office, one line each."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Enrolment
from educonnect_admin.domain.schools import School


class SchoolLine(NamedTuple):
    """A school and how many pupils are enrolled there."""

    uai: str
    name: str
    kind: str | None
    city: str | None
    academy_code: str
    email: str | None
    phone: str | None
    time_zone: str
    pupils: int

    def __repr__(self) -> str:
        return f"SchoolLine(uai={self.uai!r})"


def school_lines(session: Session, uais: Collection[str] | None = None) -> list[SchoolLine]:
    """Return every school, by number; or some of them."""
    enrolled = (
        select(func.count())
        .where(Enrolment.school_id == School.id, Enrolment.ended_on.is_(None))
        .scalar_subquery()
    )
    query = select(
        School.uai,
        School.name,
        School.kind,
        School.city,
        School.academy_code,
        School.email,
        School.phone,
        School.time_zone,
        enrolled,
    ).order_by(School.uai)
    lines = [SchoolLine._make(row) for row in session.execute(query)]
    return lines if uais is None else [line for line in lines if line.uai in uais]
