"""How many accounts stand where, for a school, an academy or everybody (R-64)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.domain.schools import School, SchoolClass


class Standing(NamedTuple):
    """How many accounts of one group share a state, a journey and having a live letter."""

    uai: str
    school: str
    class_label: str | None
    state: AccountState
    journey: Journey | None
    has_letter: bool
    accounts: int


def standings_by_class(
    session: Session, schools: ColumnElement[bool], now: datetime
) -> Sequence[Standing]:
    """Count accounts by school and class; an account counts in each class of its children."""
    grouping = (School.uai, School.name, SchoolClass.label)
    query = _accounts_of(session, schools, now, grouping).outerjoin(
        SchoolClass, SchoolClass.id == Enrolment.class_id
    )
    return [Standing._make(row) for row in session.execute(query)]


def standings_by_school(
    session: Session, schools: ColumnElement[bool], now: datetime
) -> Sequence[Standing]:
    """Count accounts by school, each once a school."""
    query = _accounts_of(session, schools, now, (School.uai, School.name))
    return [Standing(row[0], row[1], None, *row[2:]) for row in session.execute(query)]


def standings_overall(
    session: Session, schools: ColumnElement[bool], now: datetime
) -> Sequence[Standing]:
    """Count accounts, each once."""
    query = _accounts_of(session, schools, now, ())
    return [Standing("", "", None, *row) for row in session.execute(query)]


def _accounts_of(
    session: Session, schools: ColumnElement[bool], now: datetime, grouping: tuple[Any, ...]
) -> Select[Any]:
    """Accounts with a child enrolled in these schools, by group, state, journey, letter."""
    has_letter = Letter.id.is_not(None)
    columns = (*grouping, Account.state, Account.journey, has_letter)
    return (
        select(*columns, func.count(Account.id.distinct()))
        .select_from(Account)
        .join(Guardian, Guardian.account_id == Account.id)
        .join(School, School.id == Guardian.school_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(
            Enrolment,
            (Enrolment.pupil_id == Guardianship.pupil_id)
            & (Enrolment.school_id == Guardian.school_id),
        )
        .outerjoin(Letter, and_(Letter.account_id == Account.id, _is_live(session, now)))
        .where(schools, Guardianship.ended_on.is_(None), Enrolment.ended_on.is_(None))
        .group_by(*columns)
        .order_by(*grouping, Account.state)
    )


def _is_live(session: Session, now: datetime) -> ColumnElement[bool]:
    """A letter lives until midnight of its own school: one comparison for each time zone."""
    issuer = aliased(School)
    zones = session.scalars(select(School.time_zone).distinct()).all()
    in_time = [
        and_(
            Letter.last_day >= day_in(zone, now),
            Letter.school_id.in_(select(issuer.id).where(issuer.time_zone == zone)),
        )
        for zone in zones
    ]
    return and_(Letter.ended_at.is_(None), or_(*in_time) if in_time else true())
