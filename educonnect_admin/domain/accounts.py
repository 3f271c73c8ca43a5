"""Accounts: what a guardian logs in with, and the state it is in (R-1)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.base import Base, Moment, coded
from educonnect_admin.domain.identifiers import LONGEST


class AccountState(StrEnum):
    """The states of R-1, in the order of a life."""

    NOT_NOTIFIED = "not_notified"
    NOTIFIED = "notified"
    EMAIL_PENDING = "email_pending"
    ACTIVE = "active"
    REGROUPED = "regrouped"
    CLOSED = "closed"


class Journey(StrEnum):
    """The way by which an account was activated."""

    LETTER = "letter"
    SMS = "sms"
    FRANCECONNECT = "franceconnect"


class Account(Base):
    """A guardian's account; it holds one or more records of the same person (R-8)."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(LONGEST), unique=True)
    state: Mapped[AccountState] = mapped_column(coded(AccountState))
    created_at: Mapped[datetime] = mapped_column(Moment)
    journey: Mapped[Journey | None] = mapped_column(coded(Journey))
    activated_at: Mapped[datetime | None] = mapped_column(Moment)

    def __init__(self, *, identifier: str, created_at: datetime) -> None:
        self.identifier = identifier
        self.created_at = created_at
        self.state = AccountState.NOT_NOTIFIED

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
