"""The letters that accounts still hold, and what waits to leave with them (R-11, R-12)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Message, MessageState
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.schools import School
from educonnect_admin.queries.among import among


class LiveLetter(NamedTuple):
    """A letter that nothing has ended yet; its last day may be past all the same.

    `school_id` is the school in whose trail its end is told: the one that issued it, or, where
    whoever asks does not see that one, one of the account's that they see (R-65).
    """

    id: int
    account_id: int
    school_id: int
    last_day: date
    time_zone: str


_ISSUING = aliased(School)
_TOLD = func.coalesce(
    select(_ISSUING.id).where(_ISSUING.id == Letter.school_id).scalar_subquery(),
    select(func.min(Guardian.school_id))
    .where(Guardian.account_id == Letter.account_id)
    .scalar_subquery(),
)
# Made once: building one costs as much as running it.
_LIVE = (
    select(Letter.id, Letter.account_id, School.id, Letter.last_day, School.time_zone)
    .join(School, School.id == _TOLD)
    .where(among(Letter.account_id, "account_ids"), Letter.ended_at.is_(None))
    .order_by(Letter.account_id)
)


def live_letters_of(session: Session, account_ids: Sequence[int]) -> list[LiveLetter]:
    """Return the letters that these accounts still hold, whichever school issued them."""
    rows = session.execute(_LIVE, {"account_ids": account_ids})
    return [LiveLetter._make(row) for row in rows]


def cancel_waiting_messages(session: Session, letter_ids: Sequence[int], now: datetime) -> None:
    """Cancel the messages that would still bring letters which are over; wipe what they say.

    One that a worker has in hand is left to it: nobody can call it back.
    """
    session.connection().execute(
        update(Message)
        .where(Message.letter_id.in_(letter_ids), Message.state == MessageState.WAITING)
        .values(state=MessageState.CANCELLED, ended_at=now, sealed=None)
    )


def schools_of_accounts(session: Session, account_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return (account, school) for every school whose records these accounts hold."""
    rows = session.execute(
        select(Guardian.account_id, Guardian.school_id)
        .where(Guardian.account_id.in_(account_ids))
        .distinct()
        .order_by(Guardian.account_id, Guardian.school_id)
    )
    return [(one, school_id) for one, school_id in rows if one is not None]


def schools_by_account(session: Session, account_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return the schools whose records each account holds; none for one without a record."""
    found: dict[int, list[int]] = {account_id: [] for account_id in account_ids}
    for account_id, school_id in schools_of_accounts(session, account_ids):
        found[account_id].append(school_id)
    return found
