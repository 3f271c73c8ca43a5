"""On which days the accounts of some schools were activated (R-64)."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, select, tuple_
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.domain.schools import School


def activations_by_day(
    session: Session, schools: ColumnElement[bool], time_zone: str
) -> list[tuple[date, int]]:
    """Return how many accounts that are active today were activated on each day.

    The database counts by ten minutes, so that the days can be those of any time zone.
    """
    # From the active accounts on: in September they are few beside all the others.
    active = (
        select(Account.id, Account.activated_at)
        .join_from(Account, Guardian, Guardian.account_id == Account.id)
        .join(School, School.id == Guardian.school_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .where(schools, Account.state == AccountState.ACTIVE, Guardianship.ended_on.is_(None))
        .where(tuple_(Guardianship.pupil_id, Guardian.school_id).in_(_enrolled()))
        .distinct()
        .subquery()
    )
    moment: Any = cast(active.c.activated_at, Text)
    if session.get_bind().dialect.name == "postgresql":
        moment = func.to_char(func.timezone("UTC", active.c.activated_at), "YYYY-MM-DD HH24:MI")
    slot = func.substr(moment, 1, len("2026-11-23 17:3")).label("slot")
    days: Counter[date] = Counter()
    for minutes, number in session.execute(select(slot, func.count()).group_by(slot)):
        if minutes is not None:
            moment = datetime.fromisoformat(f"{minutes}0").replace(tzinfo=UTC)
            days[day_in(time_zone, moment)] += number
    return sorted(days.items())


def _enrolled() -> Select[Any]:
    """Return pupils and the schools where they are now."""
    return select(Enrolment.pupil_id, Enrolment.school_id).where(Enrolment.ended_on.is_(None))
