"""Figures of accounts that PostgreSQL keeps by school, and counts again where it must (R-64).

Triggers mark the schools that a change touches; what is marked is counted when it is asked, so
that the figures are always those of the moment. Migration 0008 makes the functions; each gives
only what hangs on schools that whoever asks sees (R-65).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    case,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.activations import COMMON_ZONE, EXPIRING_DAYS, GroupedBy, Standing
from educonnect_admin.domain.schools import School
from educonnect_admin.queries.activations import named_standings

_STANDINGS = func.seen_standings().table_valued(
    column("part", BigInteger),
    column("school_id", Integer),
    column("state", Account.state.type),
    column("journey", Account.journey.type),
    column("letter_last_day", Date),
    column("letter_time_zone", String),
    column("bounced", Boolean),
    column("accounts", BigInteger),
)
"""An account of two schools is in two rows of one `part`."""
_DAYS = func.seen_days().table_valued(
    column("part", BigInteger),
    column("school_id", Integer),
    column("day", Date),
    column("common_day", Date),
    column("accounts", BigInteger),
)
_PLACES: Mapping[GroupedBy, tuple[str, ColumnElement[Any]]] = {
    GroupedBy.SCHOOL: ("school_id", School.__table__.c.id),
    GroupedBy.ACADEMY: ("academy_code", School.__table__.c.academy_code),
}


def keeps_figures(session: Session) -> bool:
    """Tell whether this database keeps figures: a file is counted in no time."""
    return session.get_bind().dialect.name == "postgresql"


def recount(session: Session, *, every: bool = False) -> int:
    """Count the schools again that something has touched, and keep their figures.

    Nothing happens while somebody else does it, or where nothing may be written.

    Args:
        session: A transaction on PostgreSQL, which sees what is committed when each statement
            begins.
        every: Whether to count all schools, touched or not.

    Returns:
        How many schools were counted.
    """
    return session.scalar(select(func.recount_schools(every))) or 0


def kept_standings(
    session: Session, schools: ColumnElement[bool], by: GroupedBy, now: datetime
) -> Sequence[Standing]:
    """Return what `standings` counts, from the figures that are kept.

    Args:
        session: An open session on PostgreSQL.
        schools: A condition on `School`.
        by: School or academy.
        now: The moment: letters live until the midnight of their school.
    """
    name, _ = _PLACES[by]
    each = _turned(schools, by).subquery()
    row = each.c
    today = cast(func.timezone(row.letter_time_zone, now), Date)
    has_letter = func.coalesce(row.letter_last_day >= today, False)
    expiring = has_letter & (row.letter_last_day <= today + timedelta(days=EXPIRING_DAYS))
    told = (
        row[name],
        row.state,
        row.journey,
        has_letter.label("has_letter"),
        expiring.label("expiring"),
        row.bounced,
    )
    once = case((row.turn == 1, row.accounts), else_=0)
    sums = (_whole(row.accounts, "accounts"), _whole(once, "once"))
    counted = select(*told, *sums).group_by(*told).subquery()
    return named_standings(session, counted, by)


def _turned(schools: ColumnElement[bool], by: GroupedBy) -> Select[Any]:
    """Return the parts once for each group they count in, with the `turn` of the group."""
    name, place = _PLACES[by]
    part, *facts = (one for one in _STANDINGS.c if one.key != "school_id")
    turn = func.row_number().over(partition_by=part, order_by=place).label("turn")
    query = select(part, place.label(name), *facts, turn).join_from(
        _STANDINGS, School, School.id == _STANDINGS.c.school_id
    )
    return query.where(schools).group_by(part, place, *facts)


def _whole(numbers: ColumnElement[Any], name: str) -> ColumnElement[int]:
    return cast(func.sum(numbers), BigInteger).label(name)


def kept_days(
    session: Session, schools: ColumnElement[bool], time_zone: str
) -> list[tuple[date, int]]:
    """Return how many accounts that are active today were activated on each day.

    Args:
        session: An open session on PostgreSQL.
        schools: A condition on `School`.
        time_zone: The one in which all these schools live, or the common one.
    """
    # A part counts once, in whichever of its schools: asked in one zone, they say one day.
    day = _DAYS.c.common_day if time_zone == COMMON_ZONE else _DAYS.c.day
    parts = (
        select(_DAYS.c.part, func.min(day).label("day"), func.min(_DAYS.c.accounts).label("number"))
        .join_from(_DAYS, School, School.id == _DAYS.c.school_id)
        .where(schools)
        .group_by(_DAYS.c.part)
        .subquery()
    )
    query = select(parts.c.day, _whole(parts.c.number, "number")).group_by(parts.c.day)
    return [(when, number) for when, number in session.execute(query.order_by(parts.c.day))]
