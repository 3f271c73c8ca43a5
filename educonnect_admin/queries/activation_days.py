"""On which days the accounts of some schools were activated (R-64)."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.people import Guardian
from educonnect_admin.queries.activations import in_schools


def activations_by_day(
    session: Session, schools: ColumnElement[bool], time_zone: str
) -> list[tuple[date, int]]:
    """Return how many accounts that are active today were activated on each day.

    The database counts by ten minutes, so that the days can be those of any time zone.
    """
    moment: Any = cast(Account.activated_at, Text)
    if session.get_bind().dialect.name == "postgresql":
        moment = func.to_char(func.timezone("UTC", Account.activated_at), "YYYY-MM-DD HH24:MI")
    minutes = func.substr(moment, 1, len("2026-11-23 17:3")).label("moment")
    # From the active accounts on: in September they are few beside all the others.
    active = (
        in_schools(schools, Account.id, minutes)
        .join(Account, Account.id == Guardian.account_id)
        .where(Account.state == AccountState.ACTIVE, Account.activated_at.is_not(None))
        .distinct()
        .subquery()
    )
    query = select(active.c.moment, func.count()).group_by(active.c.moment)
    days: Counter[date] = Counter()
    for minutes, number in session.execute(query):
        days[day_in(time_zone, datetime.fromisoformat(f"{minutes}0").replace(tzinfo=UTC))] += number
    return sorted(days.items())
