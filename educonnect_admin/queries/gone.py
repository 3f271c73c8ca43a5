"""Whom the office has no reason to know any more: no enrolled child, or no school, for 90 days."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import closing_day, day_in
from educonnect_admin.domain.delays import HASH_KEPT
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.people import (
    Enrolment,
    Guardian,
    Guardianship,
    Pupil,
    ReviewItem,
    ReviewKind,
)
from educonnect_admin.domain.schools import School
from educonnect_admin.queries.among import among
from educonnect_admin.queries.leavers import LastChild, last_children, without_child


def accounts_gone(
    session: Session, now: datetime, *, after: int, limit: int
) -> tuple[list[int], int | None]:
    """Return the accounts of a page whose delay is over, and where the next page begins.

    Regrouped accounts go with their principal. What an operator has closed can be opened
    again by an operator for as long as the same delay lasts.

    Rule: R-62.
    """
    page = without_child(session, after=after, limit=limit)
    last = last_children(session, page) if page else {}
    due = [one for one in page if last[one].closes_at <= now]
    closed_lately = set(
        session.scalars(
            select(Account.id).where(
                among(Account.id, due),
                Account.state == AccountState.CLOSED,
                ~Account.closed_without_child,
                Account.ended_at > now - _GRACE,
            )
        )
    )
    return [one for one in due if one not in closed_lately], _next(page, limit)


_GRACE = closing_day(date(2000, 1, 1)) - date(2000, 1, 1)


def records_gone(
    session: Session, now: datetime, *, after: int, limit: int
) -> tuple[list[int], int | None]:
    """Return the records without an account of a page that have had no child here for 90 days.

    A record that a question of the queue waits for stays: the answer may give it a child (R-60).
    """
    here = _links_here().where(Guardianship.guardian_id == Guardian.id).correlate(Guardian)
    asked = select(ReviewItem.id).where(
        ReviewItem.guardian_id == Guardian.id,
        ReviewItem.resolved_at.is_(None),
        ReviewItem.kind != ReviewKind.MERGE_PROPOSAL,
    )
    page = session.scalars(
        select(Guardian.id)
        .where(Guardian.account_id.is_(None), Guardian.id > after, ~here.exists(), ~asked.exists())
        .order_by(Guardian.id)
        .limit(limit)
    ).all()
    last = _last_days(session, page)
    return [one for one in page if _is_over(last[one], now)], _next(page, limit)


def _links_here() -> Select[Any]:
    """Ask for the open links, legal or not, to children who are enrolled in the record's school."""
    return (
        select(Guardianship.pupil_id)
        .join(
            Enrolment,
            (Enrolment.pupil_id == Guardianship.pupil_id)
            & (Enrolment.school_id == Guardian.school_id)
            & Enrolment.ended_on.is_(None),
        )
        .where(Guardianship.ended_on.is_(None))
    )


def release_records_needed(session: Session, account_ids: Sequence[int]) -> None:
    """Take records off accounts that go, where a school still has a child of theirs.

    Who answers for a child without being its legal guardian has no account, but is known.
    """
    here = _links_here().where(Guardianship.guardian_id == Guardian.id).correlate(Guardian)
    session.connection().execute(
        update(Guardian)
        .where(among(Guardian.account_id, account_ids), here.exists())
        .values(account_id=None)
    )


def answers_about(session: Session, pupil_ids: Sequence[int]) -> list[int]:
    """Return the questions of the queue that were answered by some pupils; they bear names."""
    return list(
        session.scalars(
            select(ReviewItem.id).where(
                ReviewItem.kind == ReviewKind.AMBIGUOUS_LINK,
                among(ReviewItem.answer_id, pupil_ids),
            )
        )
    )


def pupils_gone(
    session: Session, now: datetime, *, after: int, limit: int
) -> tuple[list[int], int | None]:
    """Return the pupils of a page who have been in no school for 90 days.

    Whoever carries a letter that lives, or whose password is still recognised (R-11), waits.
    """
    enrolled = select(Enrolment.id).where(
        Enrolment.pupil_id == Pupil.id, Enrolment.ended_on.is_(None)
    )
    carrying = select(Letter.id).where(
        Letter.carrier_id == Pupil.id,
        Letter.ended_at.is_(None) | (Letter.ended_at > now - HASH_KEPT),
    )
    page = session.scalars(
        select(Pupil.id)
        .where(Pupil.id > after, ~enrolled.exists(), ~carrying.exists())
        .order_by(Pupil.id)
        .limit(limit)
    ).all()
    left: dict[int, list[LastChild]] = defaultdict(list)
    rows = session.execute(
        select(Enrolment.pupil_id, Enrolment.ended_on, School.time_zone)
        .join(School, School.id == Enrolment.school_id)
        .where(among(Enrolment.pupil_id, page))
    )
    for pupil_id, day, zone in rows:
        if day is not None:  # an open one, in another school: who has one is not in the page
            left[pupil_id].append(LastChild(day, zone))
    return [one for one in page if _is_over(left[one], now)], _next(page, limit)


def _last_days(session: Session, guardian_ids: Sequence[int]) -> dict[int, list[LastChild]]:
    """Return the days from which on a record has had no child: each departure, each answer."""
    departed = (
        select(Enrolment.pupil_id, Enrolment.school_id, func.max(Enrolment.ended_on).label("day"))
        .group_by(Enrolment.pupil_id, Enrolment.school_id)
        .having(func.count() == func.count(Enrolment.ended_on))
        .subquery()
    )
    rows = session.execute(
        select(
            Guardian.id, School.time_zone, Guardianship.started_on, Guardianship.ended_on,
            departed.c.day,
        )
        .join(School, School.id == Guardian.school_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .outerjoin(
            departed,
            (departed.c.pupil_id == Guardianship.pupil_id)
            & (departed.c.school_id == Guardian.school_id),
        )
        .where(among(Guardian.id, guardian_ids))
    )  # fmt: skip
    found: dict[int, list[LastChild]] = defaultdict(list)
    for guardian_id, zone, started_on, ended_on, departed_on in rows:
        ends = [day for day in (ended_on, departed_on) if day is not None]
        found[guardian_id].append(LastChild(min(ends, default=started_on), zone))
    answered = session.execute(
        select(ReviewItem.guardian_id, ReviewItem.resolved_at, School.time_zone)
        .join(School, School.id == ReviewItem.school_id)
        .where(among(ReviewItem.guardian_id, guardian_ids), ReviewItem.resolved_at.is_not(None))
    )
    for number, moment, zone in answered:
        if number is not None and moment is not None:
            found[number].append(LastChild(day_in(zone, moment), zone))
    return found


def _is_over(last: Sequence[LastChild], now: datetime) -> bool:
    """Tell whether the delay is over after each of some days; nobody's record has no delay."""
    return all(one.closes_at <= now for one in last)


def _next(page: Sequence[int], limit: int) -> int | None:
    return page[-1] if len(page) == limit else None
