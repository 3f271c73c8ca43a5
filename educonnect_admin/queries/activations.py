"""How many accounts stand where, for a school, an academy or everybody (R-64)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    null,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.activations import EXPIRING_DAYS, GroupedBy, Standing
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Channel, Message, MessageState
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.domain.schools import School, SchoolClass

_NOTHING = null()
_FIGURES = Standing._fields.index("state")
"""The fields before it say which group, those from it on what is counted."""
_PLACES: Mapping[GroupedBy, tuple[Any, ...]] = {
    GroupedBy.CLASS: (Guardian.school_id, Enrolment.class_id),
    GroupedBy.SCHOOL: (Guardian.school_id,),
    GroupedBy.ACADEMY: (School.academy_code,),
}

_ON_POSTGRESQL = text(
    "SELECT set_config(name, value, true) FROM (VALUES ('enable_nestloop', 'off'),"
    " ('enable_mergejoin', 'off'), ('jit', 'off'), ('work_mem', '128MB'),"
    " ('hash_mem_multiplier', '2')) AS settings (name, value)"
)


def read_whole_tables(session: Session) -> None:
    """Let PostgreSQL plan what follows for hundreds of thousands of people at once.

    Where a child's school is compared with the record's, it takes a school's children for a
    few hundred rows in all, and would look up the accounts and letters of each.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ON_POSTGRESQL)


def standings(
    session: Session, schools: ColumnElement[bool], by: GroupedBy, now: datetime
) -> Sequence[Standing]:
    """Count accounts by group, each once a group.

    An account counts in each class, school and academy where it has a child enrolled.

    Args:
        session: An open session.
        schools: A condition on `School`.
        by: What a group is.
        now: The moment: letters live until the midnight of their school.
    """
    counted = _by_group(_held_where(schools, by).subquery(), _facts(session, now))
    return named_standings(session, counted.subquery(), by)


def named_standings(session: Session, counted: Subquery, by: GroupedBy) -> Sequence[Standing]:
    """Put the names of the groups before their counts, once these are made.

    Args:
        session: An open session.
        counted: The number of a school and class, or the code of an academy, then figures.
        by: What a group is.
    """
    return [_standing(row) for row in session.execute(_named(counted, by))]


def _by_group(held: Subquery, facts: Subquery) -> Select[Any]:
    places = [column for column in held.c if column.key not in {"account_id", "turn"}]
    told = [facts.c[name] for name in Standing._fields[_FIGURES:-2]]
    once = func.sum(case((held.c.turn == 1, 1), else_=0))
    return (
        select(*places, *told, func.count().label("accounts"), once.label("once"))
        .join_from(held, facts, facts.c.id == held.c.account_id)
        .group_by(*places, *told)
    )


def _held_where(records: ColumnElement[bool], by: GroupedBy) -> Select[Any]:
    """Return each account once for each group it counts in, with the `turn` of the group.

    Few and narrow columns, schools and classes by number, so that half a million accounts are
    soon told apart; in the order in which they were, so that a turn costs nothing more.
    """
    held = in_schools(records, Guardian.account_id, *_PLACES[by])
    each = held.where(Guardian.account_id.is_not(None)).distinct().subquery()
    account_id, *others = each.c
    turn = func.row_number().over(partition_by=account_id, order_by=others)
    return select(each, turn.label("turn"))


def _named(counted: Subquery, by: GroupedBy) -> Select[Any]:
    figures = [counted.c[name] for name in Standing._fields[_FIGURES:]]
    if by is GroupedBy.ACADEMY:
        return select(counted.c.academy_code, *(_NOTHING,) * 4, *figures)
    label = SchoolClass.label if by is GroupedBy.CLASS else _NOTHING
    query = select(School.academy_code, School.uai, School.name, School.city, label, *figures)
    query = query.join_from(counted, School, School.id == counted.c.school_id)
    if by is GroupedBy.CLASS:
        query = query.outerjoin(SchoolClass, SchoolClass.id == counted.c.class_id)
    return query


def _facts(session: Session, now: datetime) -> Subquery:
    """Return what is counted of each account, once for each."""
    return (
        select(
            Account.id,
            Account.state,
            Account.journey,
            Letter.id.is_not(None).label("has_letter"),
            func.coalesce(_expires_soon(session, now), false()).label("expiring"),
            _bounced().label("bounced"),
        )
        .outerjoin(Letter, and_(Letter.account_id == Account.id, _live_letter(session, now)))
        .subquery()
    )


def _standing(row: Any) -> Standing:
    academy, uai, school, city, label, state, journey, *flags, accounts, once = row
    facts = (academy, uai or "", school or "", city or "", label, state, journey)
    return Standing._make((*facts, *map(bool, flags), accounts, once))


def in_schools(schools: ColumnElement[bool], *columns: Any) -> Select[Any]:
    """Records with a child enrolled in these schools; one row a child."""
    return (
        select(*columns)
        .select_from(Guardian)
        .join(School, School.id == Guardian.school_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(
            Enrolment,
            (Enrolment.pupil_id == Guardianship.pupil_id)
            & (Enrolment.school_id == Guardian.school_id),
        )
        .where(schools, Guardianship.ended_on.is_(None), Enrolment.ended_on.is_(None))
    )


def _days_by_school(session: Session, now: datetime) -> list[tuple[ColumnElement[bool], date]]:
    """Return what picks the letters of each time zone, and the day it is there."""
    issuer = aliased(School)
    zones = session.scalars(select(School.time_zone).distinct()).all()
    return [
        (Letter.school_id.in_(select(issuer.id).where(issuer.time_zone == zone)), day_in(zone, now))
        for zone in sorted(zones)
    ]


def _live_letter(session: Session, now: datetime) -> ColumnElement[bool]:
    """A letter lives until midnight of its own school: one comparison for each time zone."""
    in_time = [
        and_(issued_there, Letter.last_day >= today)
        for issued_there, today in _days_by_school(session, now)
    ]
    return and_(Letter.ended_at.is_(None), or_(*in_time) if in_time else true())


def _expires_soon(session: Session, now: datetime) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(issued_there, Letter.last_day <= today + timedelta(days=EXPIRING_DAYS))
            for issued_there, today in _days_by_school(session, now)
        ),
    )


def _bounced() -> ColumnElement[bool]:
    """Its address refuses our mail, or the last mail that ended could not be delivered."""
    later = aliased(Message)
    delivered_since = exists(later.id).where(
        later.account_id == Message.account_id,
        later.channel == Channel.MAIL,
        later.state == MessageState.SENT,
        later.id > Message.id,
    )
    undelivered = select(Message.account_id).where(
        Message.account_id.is_not(None),
        Message.channel == Channel.MAIL,
        Message.state == MessageState.FAILED,
        ~delivered_since,
    )
    return or_(Account.email_bounced_at.is_not(None), Account.id.in_(undelivered))


def time_zones(session: Session, schools: ColumnElement[bool]) -> Sequence[str]:
    """Return the time zones in which these schools live."""
    return session.scalars(select(School.time_zone).where(schools).distinct()).all()
