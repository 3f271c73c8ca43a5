"""Accounts: what a guardian logs in with, and the state it is in (R-1)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.base import Base, Moment, coded
from educonnect_admin.domain.identifiers import LONGEST

_LINKED = text("franceconnect_digest IS NOT NULL AND ended_at IS NULL")
_WAS_LINKED = text("franceconnect_digest IS NOT NULL")


class AccountState(StrEnum):
    """The states of R-1, in the order of a life."""

    NOT_NOTIFIED = "not_notified"
    NOTIFIED = "notified"
    EMAIL_PENDING = "email_pending"
    ACTIVE = "active"
    REGROUPED = "regrouped"
    CLOSED = "closed"


ENDED = frozenset({AccountState.CLOSED, AccountState.REGROUPED})
"""The states of an account that is over: no record may join it, no letter is made for it."""


class Journey(StrEnum):
    """The way by which an account was activated."""

    LETTER = "letter"
    SMS = "sms"
    FRANCECONNECT = "franceconnect"


class Account(Base):
    """A guardian's account; it holds one or more records of the same person (R-8).

    Attributes:
        email: the address the holder gave; it counts once `email_confirmed_at` is set (R-22).
        pending_email: another address, asked for since `pending_email_at`, until its link is
            followed; every mail goes to `email` until then (R-53).
        email_bounced_at: since when the mail server of `email` refuses our messages.
        password_hash: the holder's own password, hashed and sealed (R-5).
        sessions_void_at: sessions begun before this moment are over.
        former_state: what an ended account goes back to if the end is undone (R-1, R-8).
        ended_at: when it was closed or regrouped.
        closed_without_child: it was closed because no child of its holder was left; the
            return of one opens it again (R-62), which an operator's closing never does.
        franceconnect_digest: a keyed digest of who the holder is to FranceConnect (R-41); one
            living account at most bears it.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        Index("ix_accounts_email", func.lower("email")),
        Index(
            "uq_accounts_franceconnect",
            "franceconnect_digest",
            unique=True,
            sqlite_where=_LINKED,
            postgresql_where=_LINKED,
        ),
        Index(
            "ix_accounts_franceconnect",
            "franceconnect_digest",
            sqlite_where=_WAS_LINKED,
            postgresql_where=_WAS_LINKED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(LONGEST), unique=True)
    state: Mapped[AccountState] = mapped_column(coded(AccountState))
    created_at: Mapped[datetime] = mapped_column(Moment)
    journey: Mapped[Journey | None] = mapped_column(coded(Journey))
    activated_at: Mapped[datetime | None] = mapped_column(Moment)
    email: Mapped[str | None] = mapped_column(String(254))
    email_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    email_bounced_at: Mapped[datetime | None] = mapped_column(Moment)
    pending_email: Mapped[str | None] = mapped_column(String(254))
    pending_email_at: Mapped[datetime | None] = mapped_column(Moment)
    password_hash: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    password_set_at: Mapped[datetime | None] = mapped_column(Moment)
    last_login_at: Mapped[datetime | None] = mapped_column(Moment)
    sessions_void_at: Mapped[datetime | None] = mapped_column(Moment)
    former_state: Mapped[AccountState | None] = mapped_column(coded(AccountState))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_without_child: Mapped[bool] = mapped_column(server_default=false())
    franceconnect_digest: Mapped[str | None] = mapped_column(String(64))
    franceconnect_at: Mapped[datetime | None] = mapped_column(Moment)

    def __init__(self, *, identifier: str, created_at: datetime) -> None:
        self.identifier = identifier
        self.created_at = created_at
        self.state = AccountState.NOT_NOTIFIED
        self.closed_without_child = False

    @property
    def is_ended(self) -> bool:
        """Whether it is closed or regrouped: final, save by an operator's undo (R-1)."""
        return self.state in ENDED

    @property
    def confirmed_email(self) -> str | None:
        """The address that was confirmed by its link, if any."""
        return self.email if self.email_confirmed_at is not None else None

    def finish(self, state: AccountState, now: datetime) -> None:
        """Close or regroup it: its sessions are over, what it was is remembered (R-1, R-8)."""
        self.former_state, self.state = self.state, state
        self.ended_at = self.sessions_void_at = now

    def finish_without_child(self, now: datetime) -> None:
        """Close it because no child is left; the return of one opens it again (R-62)."""
        self.finish(AccountState.CLOSED, now)
        self.closed_without_child = True

    @property
    def may_return(self) -> bool:
        """Whether the return of a child opens it again: nobody has closed it (R-62)."""
        return self.state is AccountState.CLOSED and self.closed_without_child

    def resume(self) -> None:
        """Undo its end: it is what it was, its letters and sessions apart (R-1, R-8)."""
        self.state = self.former_state or AccountState.NOT_NOTIFIED
        self.former_state = self.ended_at = None
        self.closed_without_child = False

    def __repr__(self) -> str:
        return f"Account(id={self.id}, state={self.state!s})"


class IdentifierSeries(Base):
    """How far the homonyms of one name have been numbered, for ever (R-2).

    The name itself is not here, only its keyed digest: the number survives the purge of
    the last person who bore the name, and tells nobody who that was.
    """

    __tablename__ = "identifier_series"

    stem_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    highest: Mapped[int]

    def __init__(self, *, stem_digest: str, highest: int) -> None:
        self.stem_digest = stem_digest
        self.highest = highest
