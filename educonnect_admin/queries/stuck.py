"""The accounts of some schools that are not active yet, in the order of the satchels."""

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass

_ON_THE_WAY = (AccountState.NOT_NOTIFIED, AccountState.NOTIFIED, AccountState.EMAIL_PENDING)


class Place(NamedTuple):
    """Where an account is to be chased: by which school, in whose class."""

    account_id: int
    guardian_id: int
    uai: str
    school: str
    time_zone: str
    class_label: str | None


def places_of_inactive_accounts(session: Session, schools: ColumnElement[bool]) -> Iterator[Place]:
    """Yield each account on its way, once: with the eldest child enrolled in these schools.

    In the order of schools, classes and pupils, a thousand rows at a time.

    Args:
        session: A reading session; other statements may run while this one is read.
        schools: A condition on `School`.
    """
    ranked = _children_by_age(schools)
    query = (
        select(*(ranked.c[name] for name in Place._fields))
        .where(ranked.c.place == 1)
        .order_by(
            ranked.c.uai,
            ranked.c.class_label.nulls_last(),
            ranked.c.family_key,
            ranked.c.given_key,
            ranked.c.pupil_id,
            ranked.c.account_id,
        )
    )
    with closing(session.execute(query.execution_options(yield_per=1000))) as rows:
        for row in rows:
            yield Place._make(row)


def _children_by_age(schools: ColumnElement[bool]) -> Subquery:
    """Return a row for each account and child, the eldest in the first school at place 1."""
    eldest_first = func.row_number().over(
        partition_by=Account.id,
        order_by=(School.uai, Pupil.birth_date, Pupil.family_key, Pupil.given_key, Pupil.id),
    )
    return (
        select(
            Account.id.label("account_id"),
            Guardian.id.label("guardian_id"),
            School.uai,
            School.name.label("school"),
            School.time_zone,
            SchoolClass.label.label("class_label"),
            Pupil.family_key,
            Pupil.given_key,
            Pupil.id.label("pupil_id"),
            eldest_first.label("place"),
        )
        .join(Guardian, Guardian.account_id == Account.id)
        .join(School, School.id == Guardian.school_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .join(
            Enrolment,
            (Enrolment.pupil_id == Pupil.id) & (Enrolment.school_id == Guardian.school_id),
        )
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            schools,
            Account.state.in_(_ON_THE_WAY),
            Guardianship.ended_on.is_(None),
            Guardianship.legal.is_(True),
            Enrolment.ended_on.is_(None),
        )
        .subquery()
    )
