"""Where pupils of these names and birth dates are enrolled."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Enrolment, Pupil
from educonnect_admin.domain.schools import School

# Two values each, far under the number of parameters that one statement may carry.
_CHUNK = 2_000


def schools_of_namesakes(
    session: Session, people: Collection[tuple[str, str, date]], *, but: int
) -> Iterator[str]:
    """Yield the UAI of the school of each pupil who is called so and born then.

    Args:
        session: An open session.
        people: Keys of family name and given name, and the birth date.
        but: The number of the school that is not looked into.
    """
    names = sorted({(family, given) for family, given, _ in people})
    for start in range(0, len(names), _CHUNK):
        query = (
            select(Pupil.family_key, Pupil.given_key, Pupil.birth_date, School.uai)
            .join(Enrolment, Enrolment.pupil_id == Pupil.id)
            .join(School, School.id == Enrolment.school_id)
            .where(
                tuple_(Pupil.family_key, Pupil.given_key).in_(names[start : start + _CHUNK]),
                Enrolment.ended_on.is_(None),
                School.id != but,
            )
        )
        for family, given, born, uai in session.execute(query):
            if (family, given, born) in people:
                yield uai
