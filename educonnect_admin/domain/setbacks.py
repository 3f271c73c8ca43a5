"""What went wrong for a parent, kept where the desk can see it (R-6, R-31, R-54)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import accounts, people  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import ENDLESS, Base, Moment, coded


class TryKind(StrEnum):
    """What is being tried; each kind has its own limits (R-6)."""

    LOG_IN = "log_in"
    BIRTH_DATE = "birth_date"
    """One count for each child and account, whatever the journey."""
    DEVICE = "device"
    """Wrong passwords from one browser that has logged in before (R-9)."""
    ADDRESS = "address"
    """Wrong passwords from one network address."""
    GUESS = "guess"
    """Names, identifiers and e-mail addresses tried from one network address (R-30, R-54)."""
    MOBILE_HOUR = "mobile_hour"
    MOBILE_DAY = "mobile_day"
    """Codes sent to one mobile."""
    SMS_HOUR = "sms_hour"
    SMS_DAY = "sms_day"
    """Codes sent by the whole service: the guard of what it costs."""
    MAIL = "mail"
    """Mails that one account had sent by clicking."""


class TryCount(Base):
    """How often one thing was tried in vain, and until when it is locked (R-6).

    `subject` names what is counted, without telling who: `account:12` for a log-in,
    `account:12/pupil:7` for a birth date, a keyed digest for an address or a mobile.
    A lock is a fact with an end, beside the state of the account (R-1). Only log-ins, known
    browsers and birth dates, which the desk is told of, bear the account's id.
    """

    __tablename__ = "try_counts"
    __table_args__ = (Index("uq_try_counts_subject", "kind", "subject", unique=True),)

    id: Mapped[int] = mapped_column(ENDLESS, primary_key=True)
    kind: Mapped[TryKind] = mapped_column(coded(TryKind))
    subject: Mapped[str] = mapped_column(String(100))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupils.id"))
    failures: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)

    def __init__(
        self,
        *,
        kind: TryKind,
        subject: str,
        first_at: datetime,
        account_id: int | None = None,
        pupil_id: int | None = None,
    ) -> None:
        self.kind = kind
        self.subject = subject
        self.account_id = account_id
        self.pupil_id = pupil_id
        self.failures = 0
        self.first_at = self.last_at = first_at

    def is_locked(self, now: datetime) -> bool:
        """Tell whether nothing is even looked at for now."""
        return self.locked_until is not None and now < self.locked_until

    def __repr__(self) -> str:
        return f"TryCount(id={self.id}, kind={self.kind!s})"


class SetbackKind(StrEnum):
    """A dead end of a journey that the desk should hear of."""

    MOBILE_UNKNOWN = "mobile_unknown"
    """The names are known, the mobile typed is not the one that the school has (R-31)."""
    HOMONYMS = "homonyms"
    """Several people answer to the names and the mobile typed (R-31)."""


class Setback(Base):
    """One dead end, at a moment, for an account: codes and ids, never what was typed."""

    __tablename__ = "setbacks"

    id: Mapped[int] = mapped_column(ENDLESS, primary_key=True)
    kind: Mapped[SetbackKind] = mapped_column(coded(SetbackKind))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    happened_at: Mapped[datetime] = mapped_column(Moment)

    def __init__(self, *, kind: SetbackKind, account_id: int, happened_at: datetime) -> None:
        self.kind = kind
        self.account_id = account_id
        self.happened_at = happened_at
