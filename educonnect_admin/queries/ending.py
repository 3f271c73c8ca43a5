"""What ends with an account, whether it is closed or regrouped: letter, messages, sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, update
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
    return end_what_lets_in(session, [account.id], end, reason=reason, author=author)


def end_what_lets_in(
    session: Session,
    account_ids: Sequence[int],
    end: LetterEnd,
    *,
    reason: str | None,
    author: Author,
) -> Ended:
    """End the letters and messages of accounts that are over, in a few statements.

    Args:
        session: The transaction that holds the accounts.
        account_ids: At most a page of them: each statement names them all.
        end: Why their letters are over.
        reason: Why, for the trail.
        author: Who asks, and when.

    Rules: R-8, R-11.
    """
    happenings = _end_letters(session, account_ids, end, reason, author)
    live = sum(happening.details["end"] == end for happening in happenings)
    return Ended(live, _cancel_messages(session, account_ids, author), tuple(happenings))


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
    happenings = _end_letters(session, [account_id], end, None, author)
    cancel_waiting_messages(
        session, [one.letter_id for one in happenings if one.letter_id], author.now
    )
    return happenings


def _end_letters(
    session: Session,
    account_ids: Sequence[int],
    end: LetterEnd,
    reason: str | None,
    author: Author,
) -> list[Happening]:
    letters = live_letters_of(session, account_ids)
    ends = [_end_of(letter, end, author.now) for letter in letters]
    if letters:
        session.connection().execute(
            _END_LETTER,
            [
                {"its_id": letter.id, "new_end": how, "new_moment": moment}
                for letter, (how, moment) in zip(letters, ends, strict=True)
            ],
        )
    return [
        Happening(
            TrailKind.LETTER_ENDED,
            school_id=letter.school_id,
            account_id=letter.account_id,
            letter_id=letter.id,
            details={"end": how},
            reason=reason,
        )
        for letter, (how, _) in zip(letters, ends, strict=True)
    ]


_END_LETTER = (
    update(Letter)
    .where(Letter.id == bindparam("its_id"))
    .values(ended_at=bindparam("new_moment"), end=bindparam("new_end"))
)


def _end_of(letter: LiveLetter, end: LetterEnd, now: datetime) -> tuple[LetterEnd, datetime]:
    """Return how and when a letter ends: past its last day it had, whatever cron has done."""
    if letter.last_day < day_in(letter.time_zone, now):
        return LetterEnd.EXPIRED, end_of_day(letter.time_zone, letter.last_day)
    return end, now


def _cancel_messages(session: Session, account_ids: Sequence[int], author: Author) -> int:
    """Cancel what waits and wipe it; what a worker has in hand is checked again by the worker."""
    cancelled = session.connection().execute(
        update(Message)
        .where(Message.account_id.in_(account_ids), Message.state == MessageState.WAITING)
        .values(state=MessageState.CANCELLED, ended_at=author.now, sealed=None)
    )
    return cancelled.rowcount
