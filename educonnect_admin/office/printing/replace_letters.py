"""New letters in the place of old ones, on paper or by e-mail, in one open transaction (R-12)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in, end_of_day, last_day_of_letter
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.accounts import hold_accounts
from educonnect_admin.queries.among import among
from educonnect_admin.queries.bulk import insert_numbered, update_rows
from educonnect_admin.queries.live_letters import (
    LiveLetter,
    cancel_waiting_messages,
    live_letters_of,
    schools_by_account,
)
from educonnect_admin.queries.subjects import Round, Subject, subjects_of_accounts
from educonnect_admin.queries.telling import told_past


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A letter about to be stored: what it shows, its number, its sealed password."""

    subject: Subject
    number: str
    password_hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the letters of one transaction stand in: a class file, or none for an e-mail.

    `created_on` is a day of the issuing school; `reason` what the desk gave for it.
    """

    created_on: date
    file_id: int | None = None
    batch_id: int | None = None
    reason: str | None = field(default=None, repr=False)


class SubjectsChanged(Exception):
    """Some accounts are no longer what the letters show; nothing was stored."""

    def __init__(self, account_ids: frozenset[int]) -> None:
        super().__init__(len(account_ids))
        self.account_ids = account_ids


def hold_subjects(session: Session, order: Round, subjects: Sequence[Subject]) -> None:
    """Lock the accounts, then make sure that each still is what its letter shows.

    Raises:
        SubjectsChanged: some accounts have changed since the draw (activated, regrouped,
            notified by another school, renamed …); the transaction must roll back.
    """
    account_ids = sorted(subject.account_id for subject in subjects)
    hold_accounts(session, account_ids)
    now_true = subjects_of_accounts(session, order, account_ids)
    changed = frozenset(one.account_id for one in subjects if now_true.get(one.account_id) != one)
    if changed:
        raise SubjectsChanged(changed)


def replace_letters(
    session: Session,
    order: Round,
    document: Document,
    letters: Sequence[Sealed],
    author: Author,
) -> tuple[dict[str, int], list[Happening]]:
    """Void the passwords that these accounts hold and store the new ones, at one instant.

    An account that its holder had begun to use, but can't get into any more, goes back to
    notified: its own password and sessions are void too (R-13).

    Args:
        session: The transaction that holds the accounts (`hold_subjects`).
        order: The round that the letters belong to.
        document: What they stand in.
        letters: The new letters.
        author: Who acts, and when.

    Returns:
        The ids of the letters by their numbers, and what to tell the trail.

    Rules: R-12, R-13.
    """
    account_ids = sorted(letter.subject.account_id for letter in letters)
    ended = _end_former_letters(session, account_ids, document, author)
    ids = _insert_letters(session, order, document, letters, author)
    reset = _reset_accounts(session, letters, document, author)
    session.connection().execute(
        update(Account).where(among(Account.id, account_ids)).values(state=AccountState.NOTIFIED)
    )
    return ids, [*ended, *reset, *_issued(order.school_id, document, letters, ids)]


def _end_former_letters(
    session: Session, account_ids: Sequence[int], document: Document, author: Author
) -> list[Happening]:
    """End what these accounts still held: a new document is a new password (R-12).

    The hash of an ended letter stays for 90 days, to answer with advice (R-11). A letter
    whose last day is past had ended by itself, whatever cron has done.
    """
    former = live_letters_of(session, account_ids)
    if not former:
        return []
    ends = {letter.id: _end_of(letter, author) for letter in former}
    update_rows(
        session,
        Letter,
        [{"id": id_, "ended_at": moment, "end": why} for id_, (why, moment) in ends.items()],
    )
    cancel_waiting_messages(session, list(ends), author.now)
    return [
        Happening(
            TrailKind.LETTER_ENDED,
            school_id=letter.school_id,
            account_id=letter.account_id,
            letter_id=letter.id,
            batch_id=document.batch_id,
            details={"end": ends[letter.id][0]},
            reason=document.reason,
        )
        for letter in former
    ]


def _end_of(letter: LiveLetter, author: Author) -> tuple[LetterEnd, datetime]:
    if day_in(letter.time_zone, author.now) <= letter.last_day:
        return LetterEnd.SUPERSEDED, author.now
    return LetterEnd.EXPIRED, end_of_day(letter.time_zone, letter.last_day)


_OWN_PASSWORD = frozenset({AccountState.EMAIL_PENDING, AccountState.ACTIVE})


def _state_to_go_back_to(subject: Subject) -> AccountState:
    """Return what an account is if its new letter turns out never to have existed (R-14).

    Not ACTIVE, nor EMAIL_PENDING: the holder's own password was voided with the letter's
    coming and can't be given back. "Notified, every letter over" is what is then true, and
    leaves every way open: a letter again, SMS, FranceConnect.
    """
    return AccountState.NOTIFIED if subject.state in _OWN_PASSWORD else subject.state


def _insert_letters(
    session: Session,
    order: Round,
    document: Document,
    letters: Sequence[Sealed],
    author: Author,
) -> dict[str, int]:
    rows = [
        {
            "number": letter.number,
            "account_id": letter.subject.account_id,
            "school_id": order.school_id,
            "file_id": document.file_id,
            "guardian_id": letter.subject.guardian_id,
            "carrier_id": letter.subject.carrier.pupil_id,
            "former_state": _state_to_go_back_to(letter.subject),
            "created_at": author.now,
            "last_day": last_day_of_letter(document.created_on),
            "password_hash": letter.password_hash,
        }
        for letter in letters
    ]
    ids = insert_numbered(session, Letter, rows)
    return {letter.number: id_ for letter, id_ in zip(letters, ids, strict=True)}


def _reset_accounts(
    session: Session, letters: Sequence[Sealed], document: Document, author: Author
) -> list[Happening]:
    """Void the holders' own passwords and sessions, and forget what was never confirmed.

    An address that was typed and never confirmed is nobody's: whoever held the former
    letter may have typed it. Without it its link confirms nothing any more.
    """
    former = {
        letter.subject.account_id: letter.subject.state
        for letter in letters
        if letter.subject.state in _OWN_PASSWORD
    }
    if not former:
        return []
    unconfirmed = Account.email_confirmed_at.is_(None)
    session.connection().execute(
        update(Account)
        .where(Account.id.in_(former))
        .values(
            password_hash=None,
            password_set_at=None,
            sessions_void_at=author.now,
            activated_at=None,
            journey=None,
            email=case((unconfirmed, None), else_=Account.email),
            email_bounced_at=case((unconfirmed, None), else_=Account.email_bounced_at),
            pending_email=None,
            pending_email_at=None,
        )
    )
    return [
        Happening(
            TrailKind.ACCOUNT_RESET,
            school_id=school_id,
            account_id=account_id,
            batch_id=document.batch_id,
            details={"former": former[account_id]},
            reason=document.reason,
        )
        for account_id, schools in schools_by_account(session, sorted(former)).items()
        for school_id in told_past(session, account_id, schools)
    ]


def _issued(
    school_id: int, document: Document, letters: Sequence[Sealed], ids: dict[str, int]
) -> list[Happening]:
    return [
        Happening(
            TrailKind.LETTER_ISSUED,
            school_id=school_id,
            account_id=letter.subject.account_id,
            guardian_id=letter.subject.guardian_id,
            letter_id=ids[letter.number],
            batch_id=document.batch_id,
            details={"delivery": "email"} if document.file_id is None else {},
            reason=document.reason,
        )
        for letter in letters
    ]
