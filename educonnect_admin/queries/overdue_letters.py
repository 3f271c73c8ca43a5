"""Letters that are over by the clock of their school, and hashes kept long enough (R-11)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.schools import School


class SchoolClock(NamedTuple):
    """A school, and the day it is there."""

    id: int
    time_zone: str
    today: date


def schools_with_overdue_letters(
    session: Session, now: datetime, school_id: int | None
) -> list[SchoolClock]:
    """Return the schools that have letters whose last day is past, and not ended yet.

    Args:
        session: An open session.
        now: The moment.
        school_id: Look at this school only.
    """
    zones = session.scalars(select(School.time_zone).distinct())
    overdue = or_(
        false(),
        *(
            and_(School.time_zone == zone, Letter.last_day < day_in(zone, now))
            for zone in sorted(zones)
        ),
    )
    query = (
        select(School.id, School.time_zone)
        .join(Letter, Letter.school_id == School.id)
        .where(Letter.ended_at.is_(None), overdue)
        .distinct()
        .order_by(School.id)
    )
    if school_id is not None:
        query = query.where(School.id == school_id)
    return [SchoolClock(id_, zone, day_in(zone, now)) for id_, zone in session.execute(query)]


class Overdue(NamedTuple):
    """A letter whose last day is past."""

    letter_id: int
    account_id: int
    last_day: date


def overdue_letters(
    session: Session, school: SchoolClock, *, after: int, limit: int
) -> list[Overdue]:
    """Return a page of the letters of a school that are over, in the order of their ids."""
    rows = session.execute(
        select(Letter.id, Letter.account_id, Letter.last_day)
        .where(
            Letter.school_id == school.id,
            Letter.ended_at.is_(None),
            Letter.last_day < school.today,
            Letter.id > after,
        )
        .order_by(Letter.id)
        .limit(limit)
    )
    return [Overdue._make(row) for row in rows]


def end_letters(session: Session, letter_ids: Sequence[int], ended_at: datetime) -> set[int]:
    """End letters as expired; those that somebody else has ended are not returned."""
    return set(
        session.scalars(
            update(Letter)
            .where(Letter.id.in_(letter_ids), Letter.ended_at.is_(None))
            .values(ended_at=ended_at, end=LetterEnd.EXPIRED)
            .returning(Letter.id)
            .execution_options(synchronize_session=False)
        )
    )


def schools_with_old_hashes(
    session: Session, before: datetime, school_id: int | None
) -> Iterator[int]:
    """Give the schools that hold hashes of letters ended by a moment."""
    query = (
        select(Letter.school_id)
        .where(*_hashed_and_ended(before))
        .distinct()
        .order_by(Letter.school_id)
    )
    if school_id is not None:
        query = query.where(Letter.school_id == school_id)
    yield from session.scalars(query).all()


def old_hashes(
    session: Session, school_id: int, before: datetime, *, after: int, limit: int
) -> list[int]:
    """Return a page of the letters whose hash has been kept long enough, and lock them."""
    return list(
        session.scalars(
            select(Letter.id)
            .where(Letter.school_id == school_id, *_hashed_and_ended(before), Letter.id > after)
            .order_by(Letter.id)
            .limit(limit)
            .with_for_update()
        )
    )


def _hashed_and_ended(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Letter.password_hash.is_not(None),
        Letter.ended_at.is_not(None),
        Letter.ended_at <= before,
    )


def clear_hashes(session: Session, letter_ids: Sequence[int]) -> int:
    """Clear the hashes of letters, and return how many had one."""
    done = session.connection().execute(
        update(Letter)
        .where(Letter.id.in_(letter_ids), Letter.password_hash.is_not(None))
        .values(password_hash=None)
    )
    return done.rowcount
