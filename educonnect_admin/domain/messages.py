"""The outbox: what waits to leave by mail or SMS, and how each message ended.

A message is put there in the transaction that it tells of; it leaves after the commit, by a
guarded UPDATE that claims it. Whatever is secret or personal in it is sealed, and wiped in
the transaction that records its end (R-5, house rule 7).
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import letters, people  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import ENDLESS, Base, Moment, coded

_WAITING = text("ended_at IS NULL")


class Channel(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    """At least once: a message that may have left is sent again, under the same Message-ID."""
    SMS = "sms"
    """At most once: a code that may have left is never sent again, nor after its end."""


class MessageKind(StrEnum):
    """What a message is for; its template bears the same name."""

    LETTER = "letter"
    """A notification letter, its temporary password included (R-13)."""
    REMINDER = "reminder"
    """That the account exists and how to log in; no password (R-13)."""
    CHILD_ADDED = "child_added"
    """A school has added a child to the account (R-8)."""
    ACTIVATION_CODE = "activation_code"
    """The code of the SMS journey (R-32)."""
    EMAIL_TO_CONFIRM = "email_to_confirm"
    """The link that confirms the address of an activation (R-22, R-23)."""
    EMAIL_CHANGE = "email_change"
    """The link that confirms another address (R-53)."""
    EMAIL_CHANGE_TOLD = "email_change_told"
    """To the former address: another one was asked for (R-53)."""
    IDENTIFIERS = "identifiers"
    """The identifiers that an address is attached to (R-54)."""
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a code, not a secret
    """The link to a new password (R-55)."""
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code, not a secret
    """That the password was changed, to whoever may not have changed it (R-52)."""
    FRANCECONNECT_LINKED = "franceconnect_linked"
    """That FranceConnect now opens the account, to whoever may not have asked (R-41)."""


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    """A worker has it in hand since `claimed_at`; one that died left it so."""
    SENT = "sent"
    FAILED = "failed"
    """Refused for good, tried too often, or too late."""
    CANCELLED = "cancelled"
    """What it tells is no longer true: its letter is over."""


class Message(Base):
    """One message of the outbox.

    Attributes:
        reference: opaque; the `Message-ID` is made of it, the same at every attempt.
        sealed: recipient and values, readable with the key file only; empty once ended.
        due_at: not to be tried before.
        not_after: never to be tried after; what it says would be wrong by then.
        attempts: how often it was claimed.
        claim: what the worker that has it in hand is known by.
        error: the code of the last attempt that failed.
        maybe_double: it may have left before it was sent again.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(ENDLESS, primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[MessageKind] = mapped_column(coded(MessageKind))
    channel: Mapped[Channel] = mapped_column(coded(Channel))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardians.id"))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[MessageState] = mapped_column(coded(MessageState))
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    not_after: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int]
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str | None] = mapped_column(String(64))
    maybe_double: Mapped[bool]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    def __repr__(self) -> str:
        return f"Message(id={self.id}, kind={self.kind!s}, state={self.state!s})"


class Sealer(Protocol):
    """What closes and opens secrets that must wait; only the key file holds the key."""

    def close(self, data: bytes, owner: str) -> bytes:
        """Seal some bytes for their owner (`message:…`)."""
        ...

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Return what was sealed for this owner.

        Raises:
            KeyError, ValueError: it was not, or the key is gone.
        """
        ...


class Postbox(NamedTuple):
    """What it takes to put a message in the outbox."""

    sealer: Sealer
    draw_reference: Callable[[], str]


def owner_of_message(reference: str) -> str:
    """Return the name under which the content of a message is sealed."""
    return f"message:{reference}"
