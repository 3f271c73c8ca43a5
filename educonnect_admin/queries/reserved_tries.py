"""Trying within limits: a try is counted before it is made, by whichever server (R-6).

Counting afterwards would let a thousand tries in parallel all pass before the first failure is
written. A try that turns out well is given back.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import Executable, Table, bindparam, case, delete, or_, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.setbacks import TryCount, TryKind
from educonnect_admin.domain.throttling import Limit
from educonnect_admin.queries.upsert import insert_for


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
    while True:
        counted = _counted_again(session, subject, limit, now)
        if counted is not None:
            return counted
        if _is_first(session, subject, limit, now):
            return Reserved(allowed=True, failures=1, locked_until=limit.locked_until(1, now, now))
        locked = session.execute(_LOOK, _of(subject)).one_or_none()
        if locked is not None and locked.locked_until is not None and now < locked.locked_until:
            return Reserved(
                allowed=False, failures=locked.failures, locked_until=locked.locked_until
            )
        # Another one was the first, in this very moment; or was, and is forgotten already.


def locked_until(session: Session, subject: Subject, now: datetime) -> datetime | None:
    """Return until when nothing may be tried, without counting anything."""
    count = session.scalar(
        select(TryCount).where(TryCount.kind == subject.kind, TryCount.subject == subject.name)
    )
    return count.locked_until if count is not None and count.is_locked(now) else None


def forget_failures(session: Session, subject: Subject) -> None:
    """Let the count fall to 0: it turned out well (R-6)."""
    session.execute(_FORGET, _of(subject))


def give_back(session: Session, subject: Subject) -> None:
    """Take back one try of a count that others share, with the lock that it brought."""
    session.execute(_GIVE_BACK, _of(subject))


def _of(subject: Subject) -> dict[str, object]:
    return {"of_kind": subject.kind, "of_name": subject.name}


def _counted_again(
    session: Session, subject: Subject, limit: Limit, now: datetime
) -> Reserved | None:
    """Count a further try and hold the row; None where it is locked, or not counted yet."""
    count = session.execute(
        _COUNT_AGAIN, {**_of(subject), "now": now, "over": now - limit.window}
    ).one_or_none()
    if count is None:
        return None
    until = limit.locked_until(count.failures, count.first_at, now)
    if until is not None:
        session.execute(_LOCK, {**_of(subject), "until": until})
    return Reserved(allowed=True, failures=count.failures, locked_until=until)


def _is_first(session: Session, subject: Subject, limit: Limit, now: datetime) -> bool:
    """Count the first try of a subject, unless somebody was quicker."""
    made = session.execute(
        _first_try(session.get_bind().dialect.name),
        {
            "kind": subject.kind,
            "subject": subject.name,
            "account_id": subject.account_id,
            "pupil_id": subject.pupil_id,
            "failures": 1,
            "first_at": now,
            "last_at": now,
            "locked_until": limit.locked_until(1, now, now),
        },
    )
    return made.first() is not None


# Made once: every log-in runs them several times, and building one costs more than running it.
_COUNTS = cast("Table", TryCount.__table__)
_THIS = (_COUNTS.c.kind == bindparam("of_kind")) & (_COUNTS.c.subject == bindparam("of_name"))
_NOW = bindparam("now", type_=_COUNTS.c.last_at.type)
_OVER = _COUNTS.c.first_at <= bindparam("over", type_=_COUNTS.c.first_at.type)
_LOOK = select(_COUNTS.c.failures, _COUNTS.c.locked_until).where(_THIS)
_FORGET = delete(_COUNTS).where(_THIS)
_GIVE_BACK = (
    update(_COUNTS)
    .where(_THIS, _COUNTS.c.failures > 0)
    .values(failures=_COUNTS.c.failures - 1, locked_until=None)
)
_COUNT_AGAIN = (
    update(_COUNTS)
    .where(_THIS, or_(_COUNTS.c.locked_until.is_(None), _COUNTS.c.locked_until <= _NOW))
    .values(
        failures=case((_OVER, 1), else_=_COUNTS.c.failures + 1),
        first_at=case((_OVER, _NOW), else_=_COUNTS.c.first_at),
        last_at=_NOW,
        locked_until=None,
    )
    .returning(_COUNTS.c.failures, _COUNTS.c.first_at)
)
_LOCK = (
    update(_COUNTS)
    .where(_THIS)
    .values(locked_until=bindparam("until", type_=_COUNTS.c.locked_until.type))
)


@cache
def _first_try(dialect: str) -> Executable:
    add = insert_for(dialect, _COUNTS)
    return add.on_conflict_do_nothing(index_elements=["kind", "subject"]).returning(_COUNTS.c.id)
