"""Trying within limits: a try is counted before it is made, by whichever server (R-6).

Counting afterwards would let a thousand tries in parallel all pass before the first failure is
written. A try that turns out well is given back.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.setbacks import TryCount, TryKind
from educonnect_admin.domain.throttling import Limit
from educonnect_admin.queries.upsert import insert_or


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is counted: its kind, a name that tells nobody who it is, what the desk may see."""

    kind: TryKind
    name: str
    account_id: int | None = None
    pupil_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """Whether something may be tried now.

    Attributes:
        allowed: it may, and counts already.
        failures: how often it failed, this time included.
        locked_until: until when it may not, now or from now on.
    """

    allowed: bool
    failures: int
    locked_until: datetime | None


def reserve_try(session: Session, subject: Subject, limit: Limit, now: datetime) -> Reserved:
    """Count a try as failed before it is made, unless nothing may be tried now.

    Args:
        session: An open transaction; it holds the count until its end, so it should be short.
        subject: What is counted.
        limit: Its limit.
        now: The moment.

    Rule: R-6.
    """
    at_first = Reserved(allowed=True, failures=1, locked_until=limit.locked_until(1, now, now))
    while (count := _held(session, subject)) is None:
        if _is_first(session, subject, at_first, now):
            return at_first
        # Another one was the first, in this very moment; or was, and is forgotten already.
    if count.is_locked(now):
        return Reserved(allowed=False, failures=count.failures, locked_until=count.locked_until)
    if now - count.first_at >= limit.window:
        count.failures, count.first_at = 0, now
    count.failures += 1
    count.last_at = now
    count.locked_until = limit.locked_until(count.failures, count.first_at, now)
    return Reserved(allowed=True, failures=count.failures, locked_until=count.locked_until)


def locked_until(session: Session, subject: Subject, now: datetime) -> datetime | None:
    """Return until when nothing may be tried, without counting anything."""
    count = session.scalar(
        select(TryCount).where(TryCount.kind == subject.kind, TryCount.subject == subject.name)
    )
    return count.locked_until if count is not None and count.is_locked(now) else None


def forget_failures(session: Session, subject: Subject) -> None:
    """Let the count fall to 0: it turned out well (R-6)."""
    session.execute(
        delete(TryCount)
        .where(TryCount.kind == subject.kind, TryCount.subject == subject.name)
        .execution_options(synchronize_session="fetch")
    )


def give_back(session: Session, subject: Subject) -> None:
    """Take back one try of a count that others share, with the lock that it brought."""
    session.execute(
        update(TryCount)
        .where(
            TryCount.kind == subject.kind,
            TryCount.subject == subject.name,
            TryCount.failures > 0,
        )
        .values(failures=TryCount.failures - 1, locked_until=None)
        .execution_options(synchronize_session=False)
    )


def _held(session: Session, subject: Subject) -> TryCount | None:
    """Return the count of a subject, its row held; None where nothing is counted yet."""
    return session.scalar(
        select(TryCount)
        .where(TryCount.kind == subject.kind, TryCount.subject == subject.name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _is_first(session: Session, subject: Subject, reserved: Reserved, now: datetime) -> bool:
    """Count the first try of a subject, unless somebody was quicker."""
    made = session.execute(
        insert_or(session, TryCount)
        .values(
            kind=subject.kind,
            subject=subject.name,
            account_id=subject.account_id,
            pupil_id=subject.pupil_id,
            failures=reserved.failures,
            first_at=now,
            last_at=now,
            locked_until=reserved.locked_until,
        )
        .on_conflict_do_nothing(index_elements=["kind", "subject"])
        .returning(TryCount.id)
    )
    return made.first() is not None
