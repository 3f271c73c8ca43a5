"""The one transaction that makes the passwords of a class file work (R-14)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import last_day_of_letter
from educonnect_admin.domain.errors import AlreadyRunning
from educonnect_admin.domain.letters import BatchFile, FileState, Letter, LetterEnd
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.batches import move_file
from educonnect_admin.queries.subjects import Round, Subject, subjects_of_accounts
from educonnect_admin.queries.trail import append_to_trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A letter about to be stored: what it shows, its number, its sealed password."""

    subject: Subject
    number: str
    password_hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToStore:
    """A class file whose `.part` is on the disk, complete."""

    file_id: int
    batch_id: int
    uai: str
    created_on: date
    sha256: str


class SubjectsChanged(Exception):
    """Some accounts are no longer what the file shows; nothing was stored."""

    def __init__(self, account_ids: frozenset[int]) -> None:
        super().__init__(len(account_ids))
        self.account_ids = account_ids


def store_letters(
    session: Session,
    order: Round,
    file: FileToStore,
    letters: Sequence[Sealed],
    author: Author,
) -> None:
    """Store the letters of a file, if every account still is what its page shows.

    The accounts are locked, then all that their pages show is read again: an account that
    was activated, regrouped, notified by another school or renamed since the draw makes
    the whole file be made again without it.

    Raises:
        SubjectsChanged: some accounts have changed; the transaction must roll back.
        AlreadyRunning: somebody else has given this file up.
    """
    account_ids = sorted(letter.subject.account_id for letter in letters)
    locked_accounts(session, account_ids)
    now_true = subjects_of_accounts(session, order, account_ids)
    changed = frozenset(
        letter.subject.account_id
        for letter in letters
        if now_true.get(letter.subject.account_id) != letter.subject
    )
    if changed:
        raise SubjectsChanged(changed)
    if not move_file(session, file.file_id, FileState.PLANNED, FileState.COMMITTED):
        raise AlreadyRunning(file.uai)
    _describe_file(session, file, len(letters))
    ended = _end_former_letters(session, account_ids, file, author)
    ids = _insert_letters(session, order, file, letters, author)
    _notify(session, account_ids)
    append_to_trail(
        session, author, [*ended, *_issued(order.school_id, file.batch_id, letters, ids)]
    )


def _describe_file(session: Session, file: FileToStore, letters: int) -> None:
    session.connection().execute(
        update(BatchFile)
        .where(BatchFile.id == file.file_id)
        .values(sha256=file.sha256, letters=letters)
    )


def _end_former_letters(
    session: Session, account_ids: Sequence[int], file: FileToStore, author: Author
) -> list[Happening]:
    """End what these accounts still held: a new document is a new password (R-12).

    The hash of an ended letter stays for 90 days, to answer with advice (R-11).
    """
    former = session.execute(
        select(Letter.id, Letter.account_id, Letter.school_id, Letter.last_day).where(
            Letter.account_id.in_(account_ids), Letter.ended_at.is_(None)
        )
    ).all()
    ends = {
        row.id: LetterEnd.EXPIRED if row.last_day < file.created_on else LetterEnd.SUPERSEDED
        for row in former
    }
    if ends:
        session.connection().execute(
            update(Letter)
            .where(Letter.id == bindparam("letter"))
            .values(ended_at=bindparam("moment"), end=bindparam("why")),
            [{"letter": id_, "moment": author.now, "why": end} for id_, end in ends.items()],
        )
    return [
        Happening(
            TrailKind.LETTER_ENDED,
            school_id=row.school_id,
            account_id=row.account_id,
            letter_id=row.id,
            batch_id=file.batch_id,
            details={"end": ends[row.id]},
        )
        for row in former
    ]


def _insert_letters(
    session: Session,
    order: Round,
    file: FileToStore,
    letters: Sequence[Sealed],
    author: Author,
) -> Sequence[int]:
    rows = [
        {
            "number": letter.number,
            "account_id": letter.subject.account_id,
            "school_id": order.school_id,
            "file_id": file.file_id,
            "guardian_id": letter.subject.guardian_id,
            "carrier_id": letter.subject.carrier.pupil_id,
            "former_state": letter.subject.state,
            "created_at": author.now,
            "last_day": last_day_of_letter(file.created_on),
            "password_hash": letter.password_hash,
        }
        for letter in letters
    ]
    # Met again by number: asking for the ids in order would cost a statement a row.
    ids = dict(
        session.connection().execute(insert(Letter).returning(Letter.number, Letter.id), rows).all()
    )
    return [ids[letter.number] for letter in letters]


def _notify(session: Session, account_ids: Sequence[int]) -> None:
    session.connection().execute(
        update(Account).where(Account.id.in_(account_ids)).values(state=AccountState.NOTIFIED)
    )


def _issued(
    school_id: int, batch_id: int, letters: Sequence[Sealed], ids: Sequence[int]
) -> list[Happening]:
    return [
        Happening(
            TrailKind.LETTER_ISSUED,
            school_id=school_id,
            account_id=letter.subject.account_id,
            guardian_id=letter.subject.guardian_id,
            letter_id=letter_id,
            batch_id=batch_id,
        )
        for letter, letter_id in zip(letters, ids, strict=True)
    ]
