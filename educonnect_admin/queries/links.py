"""Links sent by mail: found by their token, replaced, ended (R-22, R-53, R-55)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.mail_links import LinkEnd, LinkKind, MailLink
from educonnect_admin.domain.messages import Message, MessageKind, MessageState


def link_of(
    session: Session, token_digests: Sequence[str], *, lock: bool = False
) -> MailLink | None:
    """Return the link of a token, whatever its state.

    Args:
        session: An open session.
        token_digests: The digests of the token under every key.
        lock: Hold its row until the transaction ends.
    """
    query = select(MailLink).where(MailLink.token_digest.in_(token_digests))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def end_links(session: Session, account_id: int, kind: LinkKind, now: datetime) -> int:
    """End the links of a kind that an account still has; return how many there were."""
    ended = session.connection().execute(
        update(MailLink)
        .where(
            MailLink.account_id == account_id, MailLink.kind == kind, MailLink.ended_at.is_(None)
        )
        .values(ended_at=now, end=LinkEnd.REPLACED)
    )
    return ended.rowcount


def cancel_waiting(session: Session, account_id: int, kind: MessageKind, now: datetime) -> None:
    """Cancel the mails of a kind that have not left: what they bring is over."""
    session.connection().execute(
        update(Message)
        .where(
            Message.account_id == account_id,
            Message.kind == kind,
            Message.state == MessageState.WAITING,
        )
        .values(state=MessageState.CANCELLED, ended_at=now, sealed=None)
    )
