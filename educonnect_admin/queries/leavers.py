"""Accounts without an enrolled child: whose they are, since when, which ones come back (R-62)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import ENDED, Account, AccountState
from educonnect_admin.domain.calendar import closing_day, day_in, end_of_day
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import TrailEntry, TrailKind

_OFFICE_TIME_ZONE = "Europe/Paris"
"""Whose calendar counts for an account that no school knows."""


class LastChild(NamedTuple):
    """The last day on which an account had a child, by the calendar of a school."""

    day: date
    time_zone: str

    @property
    def closes_on(self) -> date:
        """The day from which the account is closed."""
        return closing_day(self.day)

    @property
    def closes_at(self) -> datetime:
        """The midnight, there, with which that day begins."""
        return end_of_day(self.time_zone, self.closes_on - timedelta(days=1))


_WARD: tuple[Any, ...] = (Guardian.account_id, Guardian.id, Guardianship.pupil_id)


def _wards() -> Select[Any]:
    """Ask for the enrolled children whom a record legally answers for, in its own school."""
    return (
        select(*_WARD)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(
            Enrolment,
            (Enrolment.pupil_id == Guardianship.pupil_id)
            & (Enrolment.school_id == Guardian.school_id)
            & Enrolment.ended_on.is_(None),
        )
        .where(Guardianship.legal, Guardianship.ended_on.is_(None))
    )


def _lives_without_child() -> ColumnElement[bool]:
    mine = _wards().where(Guardian.account_id == Account.id).correlate(Account)
    return Account.state.not_in(ENDED) & ~mine.exists()


def without_child(session: Session, *, after: int, limit: int) -> list[int]:
    """Return a page of the accounts that have no child, over or not, the regrouped ones apart.

    Args:
        session: An open session.
        after: Accounts up to this one are known.
        limit: How many at most.
    """
    mine = _wards().where(Guardian.account_id == Account.id).correlate(Account)
    query = select(Account.id).where(
        Account.state != AccountState.REGROUPED, Account.id > after, ~mine.exists()
    )
    return list(session.scalars(query.order_by(Account.id).limit(limit)))


def _first_school() -> ColumnElement[int | None]:
    """Return the lowest number of the schools that have a record in an account."""
    return (
        select(func.min(Guardian.school_id))
        .where(Guardian.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )


def schools_of_leavers(session: Session) -> list[int | None]:
    """Return the schools under which the accounts without a child are looked through.

    Each account stands under one school only; None stands for those that no school knows.
    """
    first = _first_school()
    rows = session.scalars(select(first).where(_lives_without_child()).distinct())
    return sorted(rows, key=lambda school_id: school_id or 0)


def leavers_of_school(
    session: Session, school_id: int | None, *, shared: bool, after: int, limit: int
) -> list[int]:
    """Return a page of the accounts that are not over and have no child, in their order.

    Args:
        session: An open session.
        school_id: The school that has records in them; None for accounts without a record.
        shared: Those too that stand under another school (`schools_of_leavers`).
        after: Accounts up to this one are known.
        limit: How many at most.
    """
    query = select(Account.id).where(_lives_without_child(), Account.id > after)
    if school_id is None:
        query = query.where(_first_school().is_(None))
    else:
        # From the school's records: to look through all accounts for each takes minutes.
        query = query.join(Guardian, Guardian.account_id == Account.id)
        query = query.where(Guardian.school_id == school_id).group_by(Account.id)
        if not shared:
            query = query.where(_first_school() == school_id)
    return list(session.scalars(query.order_by(Account.id).limit(limit)))


def still_without_child(session: Session, account_ids: Sequence[int]) -> list[int]:
    """Return which of some accounts are not over and have no child, in their order."""
    return list(
        session.scalars(
            select(Account.id)
            .where(Account.id.in_(account_ids), _lives_without_child())
            .order_by(Account.id)
        )
    )


def last_children(session: Session, account_ids: Sequence[int]) -> dict[int, LastChild]:
    """Return since when accounts without a child have none, by account, in six statements.

    The latest of: the day on which each child left, be it the school or the guardian's care;
    a link that was changed, for it may have been a legal one; a closing or a regrouping that
    was undone, for somebody wanted the account to live; its creation.

    Args:
        session: An open session.
        account_ids: Accounts without a child; at most a page of them.
    """
    zones = _time_zones(session, account_ids)
    found: dict[int, LastChild] = {}
    for account_id, last in (*_days(session, account_ids), *_moments(session, account_ids, zones)):
        known = found.setdefault(account_id, last)
        if last.closes_at > known.closes_at:
            found[account_id] = last
    return found


def day_of_closing(session: Session, account_id: int, now: datetime) -> date | None:
    """Return the day on which an account is to be closed if no child returns; not a past one.

    None if it is over, or has a child.
    """
    if not still_without_child(session, [account_id]):
        return None
    last = last_children(session, [account_id])[account_id]
    return max(last.closes_on, day_in(last.time_zone, now))


def _time_zones(session: Session, account_ids: Sequence[int]) -> dict[int | None, str]:
    """Return the time zone of the first school that knows each account."""
    rows = session.execute(
        select(Guardian.account_id, School.time_zone)
        .join(School, School.id == Guardian.school_id)
        .where(Guardian.account_id.in_(account_ids))
        .order_by(Guardian.id.desc())
    )
    return dict(rows.all())


def _days(session: Session, account_ids: Sequence[int]) -> Iterator[tuple[int, LastChild]]:
    """Yield the day on which each child of an account left, one way or the other."""
    links: Any = session.execute(
        select(
            Guardian.account_id,
            Guardian.school_id,
            School.time_zone,
            Guardianship.pupil_id,
            Guardianship.started_on,
            Guardianship.ended_on,
        )
        .join(School, School.id == Guardian.school_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .where(Guardian.account_id.in_(account_ids), Guardianship.legal)
    ).all()
    left = _departures(session, {link.school_id for link in links}, account_ids)
    for link in links:
        days = (link.ended_on, left.get((link.pupil_id, link.school_id)))
        ends = [day for day in days if day is not None]
        yield link.account_id, LastChild(min(ends, default=link.started_on), link.time_zone)


def _departures(
    session: Session, school_ids: Collection[int], account_ids: Sequence[int]
) -> dict[tuple[int, int], date]:
    """Return when pupils of some accounts left schools where they are no more, by both ids.

    Each school is read through once: an index by pupil holds who is there, not who was.
    """
    pupils = (
        select(Guardianship.pupil_id)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(Guardian.account_id.in_(account_ids))
    )
    rows: Any = session.execute(
        select(Enrolment.pupil_id, Enrolment.school_id, func.max(Enrolment.ended_on))
        .where(Enrolment.school_id.in_(school_ids), Enrolment.pupil_id.in_(pupils))
        .group_by(Enrolment.pupil_id, Enrolment.school_id)
        .having(func.count() == func.count(Enrolment.ended_on))
    )
    return {(pupil_id, school_id): day for pupil_id, school_id, day in rows}


_WANTED_TO_LIVE = (TrailKind.ACCOUNT_REOPENED, TrailKind.REGROUPING_UNDONE)


def _moments(
    session: Session, account_ids: Sequence[int], zones: dict[int | None, str]
) -> Iterator[tuple[int, LastChild]]:
    """Yield the moments from which the delay begins anew, as days of the first school."""
    queries: Any = (
        select(Account.id, Account.created_at).where(Account.id.in_(account_ids)),
        select(TrailEntry.account_id, TrailEntry.happened_at).where(
            TrailEntry.account_id.in_(account_ids), TrailEntry.kind.in_(_WANTED_TO_LIVE)
        ),
        select(Guardian.account_id, TrailEntry.happened_at)
        .join(TrailEntry, TrailEntry.guardian_id == Guardian.id)
        .where(Guardian.account_id.in_(account_ids), TrailEntry.kind == TrailKind.LINK_CHANGED),
    )
    for query in queries:
        for account_id, moment in session.execute(query):
            zone = zones.get(account_id, _OFFICE_TIME_ZONE)
            yield account_id, LastChild(day_in(zone, moment), zone)


class Returned(NamedTuple):
    """A child whose account was closed because there was none."""

    account_id: int
    guardian_id: int
    pupil_id: int


def returned_children(session: Session, school_id: int) -> list[Returned]:
    """Return the enrolled children of a school whose account was closed for want of a child."""
    rows = session.execute(
        _wards()
        .join(Account, Account.id == Guardian.account_id)
        .where(
            Guardian.school_id == school_id,
            Account.state == AccountState.CLOSED,
            Account.closed_without_child,
        )
        .order_by(Guardian.account_id, Guardian.id, Guardianship.pupil_id)
    )
    return [Returned._make(row) for row in rows]
