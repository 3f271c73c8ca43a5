"""The birth date of every child: the proof that all journeys ask for (R-6, R-20, R-33)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.reserved_tries import (
    Reserved,
    Subject,
    forget_failures,
    give_back,
    reserve_try,
)
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.wards import Ward


class DatesVerdict(StrEnum):
    """What the dates that were typed are worth."""

    RIGHT = "right"
    WRONG = "wrong"
    """At least one; which one is never said."""
    CLOSED = "closed"
    """Tried too often for a day: nothing is looked at, the helpdesk sees it."""
    NO_CHILD = "no_child"


@dataclass(frozen=True, slots=True)
class DatesJudged:
    """The verdict, and until when the way is closed."""

    verdict: DatesVerdict
    until: datetime | None = None


def judge_dates(
    session: Session,
    means: Means,
    account_id: int,
    wards: Sequence[Ward],
    typed: Mapping[int, date | None],
) -> DatesJudged:
    """Compare what was typed with the birth date of every child.

    A try counts for each child whose date was wrong, whatever the journey. It must be
    remembered: the verdict is returned, never raised (house rule 3).

    Args:
        session: The transaction of the journey.
        means: Of the request.
        account_id: The account that is to be opened.
        wards: Its children.
        typed: What was typed for each, by the child's id.

    Rules: R-6, R-20, R-21, R-33.
    """
    if not wards:
        return DatesJudged(DatesVerdict.NO_CHILD)
    subjects = {ward.pupil_id: _subject(account_id, ward.pupil_id) for ward in wards}
    # In the order of ids: two journeys never wait for each other both ways.
    reserved = {
        pupil_id: reserve_try(session, subjects[pupil_id], means.limits.birth_date, means.now)
        for pupil_id in sorted(subjects)
    }
    closed = [one.locked_until for one in reserved.values() if not one.allowed]
    if closed:
        _count_nothing(session, subjects, reserved)
        return DatesJudged(DatesVerdict.CLOSED, max(until for until in closed if until))
    wrong = {ward.pupil_id for ward in wards if typed.get(ward.pupil_id) != ward.birth_date}
    for pupil_id in sorted(subjects.keys() - wrong):
        forget_failures(session, subjects[pupil_id])
    if not wrong:
        return DatesJudged(DatesVerdict.RIGHT)
    locks = [reserved[pupil_id].locked_until for pupil_id in wrong]
    _tell_locks(session, means, account_id, wards, [p for p in wrong if reserved[p].locked_until])
    until = max((lock for lock in locks if lock), default=None)
    return DatesJudged(DatesVerdict.CLOSED if until else DatesVerdict.WRONG, until)


def _count_nothing(
    session: Session, subjects: Mapping[int, Subject], reserved: Mapping[int, Reserved]
) -> None:
    """Take back the tries of the other children: where one is closed, none is looked at."""
    for pupil_id in sorted(subjects):
        if reserved[pupil_id].allowed:
            give_back(session, subjects[pupil_id])


def _tell_locks(
    session: Session,
    means: Means,
    account_id: int,
    wards: Sequence[Ward],
    locked: Sequence[int],
) -> None:
    append_to_trail(
        session,
        means.author,
        [
            Happening(
                TrailKind.ACCOUNT_LOCKED,
                school_id=ward.school_id,
                account_id=account_id,
                pupil_id=ward.pupil_id,
                details={"tries": "birth_date"},
            )
            for ward in wards
            if ward.pupil_id in locked
        ],
    )


def _subject(account_id: int, pupil_id: int) -> Subject:
    return Subject(
        kind=TryKind.BIRTH_DATE,
        name=f"account:{account_id}/pupil:{pupil_id}",
        account_id=account_id,
        pupil_id=pupil_id,
    )
