"""Letters and the batches they are printed in (R-10 to R-14)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import people, schools  # noqa: F401 - where its keys lead
from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.base import Base, Moment, coded
from educonnect_admin.domain.calendar import last_day_of_letter

_LIVE = text("ended_at IS NULL")
_HASHED = text("ended_at IS NOT NULL AND password_hash IS NOT NULL")
NUMBER_LENGTH = 12


class LetterEnd(StrEnum):
    """Why a letter is over (R-11)."""

    EXPIRED = "expired"
    USED = "used"
    SUPERSEDED = "superseded"
    REGROUPED = "regrouped"
    CLOSED = "closed"
    VOID = "void"
    """Its file was lost before anybody could read it (R-14)."""


class Letter(Base):
    """A notification letter: one document, one temporary password, three months (R-11).

    `number` is opaque, printed and carried by the QR code. `password_hash` is an argon2id
    hash sealed with a key that is not in the database (R-5). `former_state` is what the
    account goes back to if the document turns out never to have existed. `file_id` is the
    PDF it stands in; a letter that was sent by e-mail has none (R-13).
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index(
            "uq_letters_live_account",
            "account_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_letters_file", "file_id"),
        Index("ix_letters_overdue", "last_day", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(
            "ix_letters_hashed",
            "ended_at",
            sqlite_where=_HASHED,
            postgresql_where=_HASHED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("batch_files.id"))
    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"))
    carrier_id: Mapped[int] = mapped_column(ForeignKey("pupils.id"))
    former_state: Mapped[AccountState] = mapped_column(coded(AccountState))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_day: Mapped[date]
    password_hash: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    end: Mapped[LetterEnd | None] = mapped_column(coded(LetterEnd))

    def __init__(
        self,
        *,
        number: str,
        account_id: int,
        school_id: int,
        guardian_id: int,
        carrier_id: int,
        former_state: AccountState,
        created_at: datetime,
        created_on: date,
        password_hash: bytes,
    ) -> None:
        self.number = number
        self.account_id = account_id
        self.school_id = school_id
        self.guardian_id = guardian_id
        self.carrier_id = carrier_id
        self.former_state = former_state
        self.created_at = created_at
        self.last_day = last_day_of_letter(created_on)
        self.password_hash = password_hash

    def is_live(self, today: date) -> bool:
        """Tell whether the temporary password works, whatever cron has done (R-11).

        Args:
            today: the day in the time zone of the school that issued the letter.
        """
        return self.ended_at is None and today <= self.last_day

    def __repr__(self) -> str:
        return f"Letter(id={self.id})"


class Who(StrEnum):
    """Whose letters a batch makes, or who is written to."""

    NEW = "new"
    """Accounts never notified."""
    EXPIRED = "expired"
    """Notified accounts whose letters are all over."""
    PENDING = "pending"
    """Accounts whose e-mail was never confirmed."""
    RESEND = "resend"
    """One account, named: any that may hold a letter (R-13)."""
    REMIND = "remind"
    """Active accounts with a confirmed e-mail: no letter, at most a reminder (R-13)."""


class BatchState(StrEnum):
    """Where a batch stands; a running one without its lock was killed."""

    RUNNING = "running"
    FINISHED = "finished"


class Batch(Base):
    """One run of printing, for one school; its id is the number on files and slips."""

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
    who: Mapped[Who] = mapped_column(coded(Who))
    operator: Mapped[str] = mapped_column(String(100))
    state: Mapped[BatchState] = mapped_column(coded(BatchState))
    started_at: Mapped[datetime] = mapped_column(Moment)
    host: Mapped[str] = mapped_column(String(255))
    folder: Mapped[str] = mapped_column(Text)

    def __init__(
        self,
        *,
        school_id: int,
        who: Who,
        operator: str,
        started_at: datetime,
        host: str,
        folder: str,
    ) -> None:
        self.school_id = school_id
        self.who = who
        self.operator = operator
        self.state = BatchState.RUNNING
        self.started_at = started_at
        self.host = host
        self.folder = folder


class FileState(StrEnum):
    """Where one class file stands (R-14)."""

    PLANNED = "planned"
    """Maybe a `.part` on the disk; no password of it is accepted."""
    COMMITTED = "committed"
    """Its passwords are accepted; the `.part` waits for its name."""
    PUBLISHED = "published"
    DISCARDED = "discarded"
    """Given up before its passwords were accepted."""
    VOID = "void"
    """Lost or altered after its passwords were accepted; they no longer are."""


class BatchFile(Base):
    """One PDF of a batch: the letters of one class, published whole or not at all."""

    __tablename__ = "batch_files"
    __table_args__ = (UniqueConstraint("batch_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_classes.id"))
    name: Mapped[str] = mapped_column(String(100))
    state: Mapped[FileState] = mapped_column(coded(FileState), index=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    letters: Mapped[int]

    def __init__(self, *, batch_id: int, class_id: int | None, name: str) -> None:
        self.batch_id = batch_id
        self.class_id = class_id
        self.name = name
        self.state = FileState.PLANNED
        self.letters = 0
