"""What ends with an account, whether it is closed or regrouped: letter, messages, sessions."""

from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in, end_of_day
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.messages import Message, MessageState
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.live_letters import (
    LiveLetter,
    cancel_waiting_messages,
    live_letters_of,
)


class Ended(NamedTuple):
    """What was over at once: letters that still lived, messages that had not left."""

    letters: int = 0
    messages: int = 0
    happenings: tuple[Happening, ...] = ()


def end_account(
    session: Session,
    account: Account,
    state: AccountState,
    end: LetterEnd,
    *,
    reason: str | None,
    author: Author,
) -> Ended:
    """End an account, which the caller holds locked, with all that would still let one in.

    Args:
        session: The transaction that holds the account.
        account: Neither closed nor regrouped so far.
        state: What it is from now on.
        end: Why its letter is over.
        reason: Why, for the trail; nobody asks the holder.
        author: Who asks, and when.

    Rules: R-1, R-8, R-11.
    """
    account.finish(state, author.now)
    happenings = _end_letters(session, account.id, end, reason, author)
    live = sum(happening.details["end"] == end for happening in happenings)
    return Ended(live, _cancel_messages(session, account, author), tuple(happenings))


def end_letters_of(
    session: Session, account_id: int, end: LetterEnd, *, author: Author
) -> list[Happening]:
    """End the letter that an account still has, and what waits to bring it (R-11).

    Args:
        session: The transaction that holds the account.
        account_id: Whose letter; it goes on living without it.
        end: Why it is over.
        author: Who acts, and when.

    Returns:
        What the trail is to be told.
    """
    happenings = _end_letters(session, account_id, end, None, author)
    cancel_waiting_messages(
        session, [one.letter_id for one in happenings if one.letter_id], author.now
    )
    return happenings


def _end_letters(
    session: Session, account_id: int, end: LetterEnd, reason: str | None, author: Author
) -> list[Happening]:
    return [
        _end_letter(session, letter, end, reason, author)
        for letter in live_letters_of(session, [account_id])
    ]


def _end_letter(
    session: Session, letter: LiveLetter, end: LetterEnd, reason: str | None, author: Author
) -> Happening:
    """End one letter; one whose last day is past had ended by itself, whatever cron has done."""
    moment = author.now
    if letter.last_day < day_in(letter.time_zone, author.now):
        end, moment = LetterEnd.EXPIRED, end_of_day(letter.time_zone, letter.last_day)
    session.connection().execute(
        update(Letter).where(Letter.id == letter.id).values(ended_at=moment, end=end)
    )
    return Happening(
        TrailKind.LETTER_ENDED,
        school_id=letter.school_id,
        account_id=letter.account_id,
        letter_id=letter.id,
        details={"end": end},
        reason=reason,
    )


def _cancel_messages(session: Session, account: Account, author: Author) -> int:
    """Cancel what waits and wipe it; what a worker has in hand is checked again by the worker."""
    cancelled = session.connection().execute(
        update(Message)
        .where(Message.account_id == account.id, Message.state == MessageState.WAITING)
        .values(state=MessageState.CANCELLED, ended_at=author.now, sealed=None)
    )
    return cancelled.rowcount
