"""What the desk wants to see of the outbox: what waits, what failed, what may be double."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, undefer

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.messages import Channel, Message, MessageKind, MessageState


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ListedMessage:
    """A message of the outbox; `sealed` is what its address can be read from, if asked for."""

    id: int
    reference: str
    kind: MessageKind
    channel: Channel
    state: MessageState
    identifier: str | None
    created_at: datetime
    due_at: datetime
    attempts: int
    error: str | None
    maybe_double: bool
    ended_at: datetime | None
    sealed: bytes | None

    def __repr__(self) -> str:
        return f"ListedMessage(id={self.id}, state={self.state!s})"


def messages_to_show(
    session: Session, since: datetime, *, failed_only: bool = False, with_sealed: bool = False
) -> Sequence[ListedMessage]:
    """Return what has not ended and, since a moment, what failed or may be double.

    Args:
        session: An open session.
        since: How far back what has ended is shown.
        failed_only: Only what has failed since then.
        with_sealed: Bring the sealed contents too, which not every operator may read.
    """
    recent = Message.ended_at >= since
    failed = and_(recent, Message.state == MessageState.FAILED)
    double = and_(
        recent, Message.maybe_double, Message.state.in_([MessageState.SENT, MessageState.FAILED])
    )
    shown = failed if failed_only else or_(Message.ended_at.is_(None), failed, double)
    rows = session.execute(
        select(Message, Account.identifier)
        .outerjoin(Account, Account.id == Message.account_id)
        .where(shown)
        .order_by(Message.id)
        .options(*([undefer(Message.sealed)] if with_sealed else []))
    )
    return [_listed(message, identifier, with_sealed=with_sealed) for message, identifier in rows]


def _listed(message: Message, identifier: str | None, *, with_sealed: bool) -> ListedMessage:
    return ListedMessage(
        id=message.id,
        reference=message.reference,
        kind=message.kind,
        channel=message.channel,
        state=message.state,
        identifier=identifier,
        created_at=message.created_at,
        due_at=message.due_at,
        attempts=message.attempts,
        error=message.error,
        maybe_double=message.maybe_double,
        ended_at=message.ended_at,
        sealed=message.sealed if with_sealed else None,
    )
