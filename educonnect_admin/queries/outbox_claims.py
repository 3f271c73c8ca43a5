"""Taking messages out of the outbox: whose turn it is, whose hands they are in.

One row changed means that it is mine: two workers never have the same message in hand,
whatever database they share. What is known of a message is a snapshot; every later step is
guarded by the token of the claim.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Channel, Message, MessageKind, MessageState
from educonnect_admin.domain.schools import School


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Waiting:
    """A message that has not ended, as it is before somebody claims it.

    Attributes:
        taken_over: another worker had it in hand for too long: it died, maybe after sending.
        letter_over: the letter it brings is over: used, superseded, past its last day.
        account_over: its account was closed or regrouped while a worker had it in hand.
    """

    id: int
    reference: str
    kind: MessageKind
    channel: Channel
    account_id: int | None
    school_id: int | None
    letter_id: int | None
    sealed: bytes | None
    created_at: datetime
    not_after: datetime | None
    attempts: int
    claim: str | None
    maybe_double: bool
    taken_over: bool
    letter_over: bool
    account_over: bool

    def __repr__(self) -> str:
        return f"Waiting(id={self.id}, kind={self.kind!s})"


def due_messages(
    session: Session,
    now: datetime,
    dead_since: datetime,
    *,
    channels: Collection[Channel],
    only_ids: Collection[int] | None = None,
    limit: int | None = None,
) -> list[tuple[int, Channel]]:
    """Return the ids and channels of the messages whose turn it is, the longest waiting first.

    Args:
        session: An open session.
        now: The moment.
        dead_since: A worker that claimed a message before this moment is dead.
        channels: What can leave at all; what is past its hour ends, whatever it was to leave by.
        only_ids: Only some; these are taken from nobody's hands, even dead ones.
        limit: At most so many.
    """
    turn = and_(Message.state == MessageState.WAITING, Message.due_at <= now)
    if only_ids is None:
        turn = or_(turn, _dead(dead_since))
    else:
        turn = and_(turn, Message.id.in_(only_ids))
    rows = session.execute(
        select(Message.id, Message.channel)
        .where(
            Message.ended_at.is_(None),
            or_(Message.channel.in_(channels), Message.not_after <= now),
            turn,
        )
        .order_by(Message.due_at, Message.id)
        .limit(limit)
    )
    return [(message_id, channel) for message_id, channel in rows]


def _dead(since: datetime) -> ColumnElement[bool]:
    return and_(Message.state == MessageState.CLAIMED, Message.claimed_at <= since)


def look_at_message(
    session: Session, message_id: int, now: datetime, dead_since: datetime
) -> Waiting | None:
    """Return a message whose turn it still is; nothing if it has ended or is in good hands."""
    turn = or_(
        and_(Message.state == MessageState.WAITING, Message.due_at <= now), _dead(dead_since)
    )
    row = session.execute(
        select(Message, Letter.ended_at, Letter.last_day, School.time_zone, Account.state)
        .outerjoin(Account, Account.id == Message.account_id)
        .outerjoin(Letter, Letter.id == Message.letter_id)
        .outerjoin(School, School.id == Letter.school_id)
        .where(Message.id == message_id, Message.ended_at.is_(None), turn)
        .options(undefer(Message.sealed))
    ).one_or_none()
    if row is None:
        return None
    message, ended_at, last_day, time_zone, state = row
    return _snapshot(
        message,
        letter_over=_is_over(ended_at, last_day, time_zone, now),
        account_over=state in {AccountState.CLOSED, AccountState.REGROUPED},
    )


def _is_over(
    ended_at: datetime | None, last_day: date | None, time_zone: str | None, now: datetime
) -> bool:
    if last_day is None or time_zone is None:
        return False  # it brings no letter
    return ended_at is not None or day_in(time_zone, now) > last_day


def _snapshot(message: Message, *, letter_over: bool, account_over: bool) -> Waiting:
    taken_over = message.state is MessageState.CLAIMED
    return Waiting(
        id=message.id,
        reference=message.reference,
        kind=message.kind,
        channel=message.channel,
        account_id=message.account_id,
        school_id=message.school_id,
        letter_id=message.letter_id,
        sealed=message.sealed,
        created_at=message.created_at,
        not_after=message.not_after,
        attempts=message.attempts,
        claim=message.claim,
        maybe_double=message.maybe_double or (taken_over and message.channel is Channel.MAIL),
        taken_over=taken_over,
        letter_over=letter_over,
        account_over=account_over,
    )


def claim_message(session: Session, seen: Waiting, token: str, now: datetime) -> bool:
    """Take a message in hand, if it still is as it was seen; False if somebody was faster."""
    before = MessageState.CLAIMED if seen.taken_over else MessageState.WAITING
    done = session.connection().execute(
        update(Message)
        .where(
            Message.id == seen.id,
            Message.state == before,
            Message.claim.is_not_distinct_from(seen.claim),
            # Nobody had it in hand in between either: that attempt may have left.
            Message.attempts == seen.attempts,
        )
        .values(
            state=MessageState.CLAIMED,
            claim=token,
            claimed_at=now,
            attempts=Message.attempts + 1,
            maybe_double=seen.maybe_double,
        )
    )
    return done.rowcount == 1


def settle_message(session: Session, message_id: int, token: str, **values: Any) -> bool:
    """Write what became of a message in hand; False if the claim is no longer ours."""
    done = session.connection().execute(
        update(Message)
        .where(
            Message.id == message_id,
            Message.state == MessageState.CLAIMED,
            Message.claim == token,
        )
        .values(claim=None, claimed_at=None, **values)
    )
    return done.rowcount == 1


def count_waiting(session: Session) -> int:
    """Return how many messages have not ended."""
    return session.scalars(
        select(func.count()).select_from(Message).where(Message.ended_at.is_(None))
    ).one()
