"""Calling back what was to leave to an address or mobile that turned out to be wrong (R-14)."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.messages import Channel, Message, MessageKind, MessageState
from educonnect_admin.domain.trail import Author, Happening, TrailKind

_FIELD_OF_CHANNEL = {Channel.MAIL: "email", Channel.SMS: "mobile"}


class Withdrawn(NamedTuple):
    """How many messages wait no more, and what became of the letters they were to bring."""

    messages: int
    happenings: tuple[Happening, ...]


def withdraw_mail(
    session: Session,
    guardian_id: int,
    account: Account | None,
    fields: Collection[str],
    *,
    reason: str,
    author: Author,
) -> Withdrawn:
    """Cancel what has not left to the former address or mobile of a record.

    A letter by mail that waits, or that a worker has in hand, is void with its password:
    either nobody ever gets it, or the wrong person does. Of the rest, what a worker has in
    hand is not tried again after this one time.

    Args:
        session: An open transaction, the account held.
        guardian_id: The record whose contacts are corrected.
        account: The account that holds the record, if there is one.
        fields: The contacts that are corrected.
        reason: Why, for the trail.
        author: Who asks, and when.

    Rules: R-5, R-14.
    """
    channels = [channel for channel, field in _FIELD_OF_CHANNEL.items() if field in fields]
    mine = (Message.guardian_id == guardian_id, Message.channel.in_(channels))
    happenings = tuple(
        _void(letter, account, reason, author)
        for letter in session.scalars(
            select(Letter)
            .join(Message, Message.letter_id == Letter.id)
            .where(
                *mine,
                Message.kind == MessageKind.LETTER,
                Message.state.in_([MessageState.WAITING, MessageState.CLAIMED]),
                Letter.ended_at.is_(None),
            )
            .execution_options(populate_existing=True)
        )
    )
    waiting = session.connection().execute(
        update(Message)
        .where(*mine, Message.state == MessageState.WAITING)
        .values(state=MessageState.CANCELLED, ended_at=author.now, sealed=None)
    )
    session.connection().execute(
        update(Message)
        .where(*mine, Message.state == MessageState.CLAIMED)
        .values(not_after=author.now)
    )
    return Withdrawn(waiting.rowcount, happenings)


def _void(letter: Letter, account: Account | None, reason: str, author: Author) -> Happening:
    letter.ended_at, letter.end, letter.password_hash = author.now, LetterEnd.VOID, None
    if account is not None and account.state is AccountState.NOTIFIED:
        account.state = letter.former_state
    return Happening(
        TrailKind.LETTER_ENDED,
        school_id=letter.school_id,
        account_id=letter.account_id,
        letter_id=letter.id,
        details={"end": LetterEnd.VOID},
        reason=reason,
    )
