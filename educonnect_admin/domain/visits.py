"""Visits to the portal: who is behind a browser, since when, and how far their journey is.

The browser holds a token, the database its keyed digest. A visit is begun anew at each log-in
(its token rotates), is over after twenty minutes without a request (three quarters of an hour
on the way to an account, where nothing is open yet), and ends everywhere when
the account says so (`sessions_void_at`).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import accounts, letters  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import ENDLESS, Base, Moment, coded
from educonnect_admin.domain.delays import IDLE, LONGEST_VISIT, ON_THE_WAY

TOUCHED_EVERY = timedelta(minutes=1)
"""How stale `seen_at` may be: writing it at each page would make every reading a write."""


class Entry(StrEnum):
    """How the visitor came in; what is open to them depends on it."""

    TEMPORARY = "temporary"
    """By a letter's password: nothing is open but the activation (R-20)."""
    PASSWORD = "password"  # noqa: S105 - a code, not a secret
    SMS = "sms"
    """At the end of the registration by SMS (R-34)."""
    FRANCECONNECT = "franceconnect"
    """Identifier and password are neither shown nor changed (R-42)."""


class StoredVisit(Base):
    """One browser, from its first step of a journey to its log-out.

    Attributes:
        account_id: whose account is open; nobody's on the way to it.
        entry: how it was opened.
        letter_id: the letter whose password opened it, if it was one.
        sealed: what the journeys must remember from page to page, readable with the key file
            only.
    """

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(ENDLESS, primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    entry: Mapped[Entry | None] = mapped_column(coded(Entry))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    began_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment, index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    def __init__(self, *, token_digest: str, began_at: datetime) -> None:
        self.token_digest = token_digest
        self.began_at = self.seen_at = began_at

    def is_over(self, now: datetime) -> bool:
        """Tell whether it was left alone for too long, or has lasted too long."""
        idle = ON_THE_WAY if self.account_id is None else IDLE
        return now - self.seen_at > idle or now - self.began_at > LONGEST_VISIT

    def __repr__(self) -> str:
        return f"StoredVisit(id={self.id})"
