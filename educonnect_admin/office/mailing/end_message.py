"""What became of a message, written down in one short transaction (R-5, R-14)."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.messages import Channel, MessageKind, MessageState
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.gateways.outcomes import Fate, Outcome, refuses_the_address
from educonnect_admin.office.mailing.mail_room import DELAYS, UNTIL_MENDED
from educonnect_admin.office.mailing.prepare_message import BAD_TEMPLATE
from educonnect_admin.queries.accounts import locked_accounts, schools_of_account
from educonnect_admin.queries.outbox_claims import Waiting, settle_message
from educonnect_admin.queries.trail import append_to_trail


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """A message that this worker has claimed.

    Attributes:
        seen: what it was when it was claimed.
        token: what the claim is known by.
        to: where it goes, once it has been opened.
    """

    seen: Waiting
    token: str
    to: str | None = field(default=None, repr=False)

    @property
    def attempts(self) -> int:
        """How often it was claimed, this time included."""
        return self.seen.attempts + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How an attempt ended.

    Attributes:
        state: WAITING if it will be tried again.
        error: the code of the reason, if it was not sent.
        maybe_double: it may have left more than once or, if it has failed, once.
        voided: its letter was taken back with it: the password never left.
    """

    message_id: int
    kind: MessageKind
    state: MessageState
    error: str | None
    maybe_double: bool
    voided: bool = False
    identifier: str | None = field(default=None, repr=False)


def record_outcome(
    session: Session, author: Author, in_hand: InHand, outcome: Outcome
) -> Ended | None:
    """Write what became of a message; nothing if somebody else has it in hand by now.

    A mail that did not leave, or may not have, is tried again after a growing delay; an SMS
    that may have left never is. What could not be composed was not tried: the attempt does
    not count. What has ended keeps no content (R-5).
    """
    accounts = locked_accounts(session, [in_hand.seen.account_id or 0])
    account = accounts[0] if accounts else None
    ended = _judged(in_hand, outcome)
    now = author.now
    change: dict[str, object] = {"ended_at": now, "sealed": None}
    if outcome.code == BAD_TEMPLATE:
        change = {"due_at": now + UNTIL_MENDED, "attempts": in_hand.seen.attempts}
    elif ended.state is MessageState.WAITING:
        change = {"due_at": now + DELAYS[in_hand.attempts - 1]}
    if not settle_message(
        session,
        in_hand.seen.id,
        in_hand.token,
        state=ended.state,
        error=ended.error,
        maybe_double=ended.maybe_double,
        **change,
    ):
        return None
    return _consequences(session, author, in_hand, ended, account)


def _judged(in_hand: InHand, outcome: Outcome) -> Ended:
    unknown = outcome.fate is Fate.UNKNOWN
    mail = in_hand.seen.channel is Channel.MAIL
    match outcome.fate:
        case Fate.SENT:
            state = MessageState.SENT
        case Fate.REFUSED:
            state = MessageState.FAILED
        case _ if outcome.code == BAD_TEMPLATE:
            state = MessageState.WAITING
        case _ if in_hand.attempts > len(DELAYS) or (unknown and not mail):
            state = MessageState.FAILED
        case _:
            state = MessageState.WAITING
    return Ended(
        message_id=in_hand.seen.id,
        kind=in_hand.seen.kind,
        state=state,
        error=outcome.code,
        maybe_double=in_hand.seen.maybe_double or (unknown and mail),
    )


def cancel_message(session: Session, author: Author, in_hand: InHand, error: str) -> Ended | None:
    """End a message unsent, and tell the trail: what it tells is no longer true."""
    if not settle_message(
        session,
        in_hand.seen.id,
        in_hand.token,
        state=MessageState.CANCELLED,
        error=error,
        ended_at=author.now,
        sealed=None,
    ):
        return None
    ended = Ended(
        message_id=in_hand.seen.id,
        kind=in_hand.seen.kind,
        state=MessageState.CANCELLED,
        error=error,
        maybe_double=in_hand.seen.maybe_double,
    )
    append_to_trail(session, author, _told(session, in_hand.seen, ended))
    return ended


def release_message(session: Session, in_hand: InHand) -> None:
    """Give a message back untried: nothing could be sent at all."""
    settle_message(
        session,
        in_hand.seen.id,
        in_hand.token,
        state=MessageState.WAITING,
        attempts=in_hand.seen.attempts,
    )


def _consequences(
    session: Session, author: Author, in_hand: InHand, ended: Ended, account: Account | None
) -> Ended:
    """Mark what the account's address is worth, take a lost letter back, tell the trail."""
    if account is not None:
        _mark_address(account, in_hand.to, ended, author.now)
    if ended.state is MessageState.WAITING:
        return _named(ended, account, voided=False)
    happenings = _told(session, in_hand.seen, ended)
    letter = None
    if ended.state is MessageState.FAILED and not ended.maybe_double:
        letter = _lost_letter(session, in_hand.seen)
    if letter is not None:
        happenings.append(_take_back(letter, account, author.now))
    session.flush()  # the trail is written by plain statements, and last
    append_to_trail(session, author, happenings)
    return _named(ended, account, voided=letter is not None)


def _named(ended: Ended, account: Account | None, *, voided: bool) -> Ended:
    return Ended(
        message_id=ended.message_id,
        kind=ended.kind,
        state=ended.state,
        error=ended.error,
        maybe_double=ended.maybe_double,
        voided=voided,
        identifier=account.identifier if account else None,
    )


def _mark_address(account: Account, to: str | None, ended: Ended, now: datetime) -> None:
    if to is None or account.email is None or to.lower() != account.email.lower():
        return
    if ended.state is MessageState.SENT:
        account.email_bounced_at = None
    elif refuses_the_address(ended.error):
        account.email_bounced_at = now


def _lost_letter(session: Session, seen: Waiting) -> Letter | None:
    """Return the letter that a message has failed to bring, if it still lives."""
    if seen.kind is not MessageKind.LETTER or seen.letter_id is None:
        return None
    return session.scalar(
        select(Letter)
        .where(Letter.id == seen.letter_id, Letter.ended_at.is_(None))
        .execution_options(populate_existing=True)
    )


def _take_back(letter: Letter, account: Account | None, now: datetime) -> Happening:
    """Void a letter that nobody ever got: nothing works that is lost (R-14)."""
    letter.ended_at, letter.end, letter.password_hash = now, LetterEnd.VOID, None
    if account is not None and account.state is AccountState.NOTIFIED:
        account.state = letter.former_state
    return Happening(
        TrailKind.LETTER_ENDED,
        school_id=letter.school_id,
        account_id=letter.account_id,
        letter_id=letter.id,
        details={"end": LetterEnd.VOID},
    )


_KINDS = {
    MessageState.SENT: TrailKind.MESSAGE_SENT,
    MessageState.CANCELLED: TrailKind.MESSAGE_CANCELLED,
}


def _told(session: Session, seen: Waiting, ended: Ended) -> list[Happening]:
    """Tell every school whose records the account holds."""
    schools: list[int | None] = []
    if seen.account_id is not None:
        schools += schools_of_account(session, seen.account_id)
    sent = ended.state is MessageState.SENT
    kind = _KINDS.get(ended.state, TrailKind.MESSAGE_FAILED)
    details: dict[str, str | int] = {"message": seen.id, "kind": seen.kind}
    if ended.error and not sent:
        details["error"] = ended.error
    if ended.maybe_double:
        details["maybe_double"] = 1
    return [
        Happening(
            kind,
            school_id=school_id,
            account_id=seen.account_id,
            letter_id=seen.letter_id,
            details=details,
        )
        for school_id in schools or [seen.school_id]
    ]
