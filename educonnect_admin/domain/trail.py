"""The trail: who did what to whom, when and why; append-only and chained (R-63)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.base import ENDLESS, Base, Moment, coded

OFFICE_CHAIN = 0
"""The chain of what belongs to no school; every school has its own, under its id."""

FIRST_DIGEST = "0" * 64
HOLDER = "portail"
"""Who acts at the portal: the holder of the account that the entry names."""


class TrailKind(StrEnum):
    """What an entry tells."""

    OFFICE_OPENED = "office.opened"
    KEY_TURNED = "office.key_turned"
    """A new key seals from now on, and everything that could be was sealed anew (R-5)."""
    KEYS_RETIRED = "office.keys_retired"
    """Older keys were forgotten: nothing needed them any more (R-5)."""
    SCHOOL_ADDED = "school.added"
    SCHOOL_CHANGED = "school.changed"
    ROSTER_IMPORTED = "roster.imported"
    PUPIL_CHANGED = "pupil.changed"
    PUPIL_LEFT = "pupil.left"
    PUPIL_RETURNED = "pupil.returned"
    GUARDIAN_CHANGED = "guardian.changed"
    LINK_ADDED = "link.added"
    LINK_CHANGED = "link.changed"
    """Its kinship, or whether it is a legal one."""
    LINK_ENDED = "link.ended"
    QUESTION_ANSWERED = "review.answered"
    ACCOUNT_OPENED = "account.opened"
    RECORD_JOINED = "account.record_joined"
    LETTER_ISSUED = "letter.issued"
    LETTER_ENDED = "letter.ended"
    BATCH_STARTED = "batch.started"
    BATCH_FINISHED = "batch.finished"
    FILE_DISCARDED = "batch.file_discarded"
    FILE_VOIDED = "batch.file_voided"
    FILE_CONDEMNED = "batch.file_condemned"
    """A file of letters, or a slip, is about to be destroyed: told first, lest a crash hide it."""
    FILE_SHREDDED = "batch.file_shredded"
    """A file of letters, or a slip, was destroyed once it had served."""
    HASHES_CLEARED = "letter.hashes_cleared"
    """How many letters of the school have lost their hash, 90 days after their end (R-11)."""
    MESSAGE_QUEUED = "message.queued"
    MESSAGE_SENT = "message.sent"
    MESSAGE_FAILED = "message.failed"
    MESSAGE_CANCELLED = "message.cancelled"
    ACCOUNT_UNLOCKED = "account.unlocked"
    ACCOUNT_CLOSED = "account.closed"
    ACCOUNT_REOPENED = "account.reopened"
    ACCOUNT_REGROUPED = "account.regrouped"
    REGROUPING_UNDONE = "account.regrouping_undone"
    ACCOUNT_RESET = "account.reset"
    """Password and sessions voided, back to notified: a new letter takes over (R-13)."""
    BIRTH_DATE_CORRECTED = "pupil.birth_date_corrected"
    GUARDIAN_CORRECTED = "guardian.corrected"
    AUDIT_EXPORTED = "audit.exported"
    SERVICE_CHANGED = "service.changed"
    DATABASE_BACKED_UP = "database.backed_up"
    DATABASE_RESTORED = "database.restored"
    PERSON_EXPORTED = "person.exported"
    PERSON_PURGED = "person.purged"
    """What the database knew of somebody is gone; the number leads to nobody (R-62)."""
    OPERATOR_ADDED = "operator.added"
    OPERATOR_CHANGED = "operator.changed"
    OPERATOR_REMOVED = "operator.removed"
    ACCOUNT_ACTIVATED = "account.activated"
    """The proofs of a journey were given; by letter, the address is still to be confirmed."""
    ACCOUNT_LOCKED = "account.locked"
    """Wrong passwords, or birth dates, have closed the way for a while (R-6)."""
    EMAIL_GIVEN = "account.email_given"
    """The holder gave an address, which is to be confirmed."""
    EMAIL_CONFIRMED = "account.email_confirmed"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - a code, not a secret
    RESET_ASKED = "account.password_reset_asked"
    IDENTIFIER_ASKED = "account.identifier_asked"
    FRANCECONNECT_LINKED = "account.franceconnect_linked"


class Pen(Protocol):
    """What seals entries: a keyed digest, of which only the key file holds the key."""

    key_id: str

    def digest(self, data: bytes, key_id: str | None = None) -> str:
        """Return the keyed digest of some bytes, 64 hexadecimal signs.

        Raises:
            KeyError: no key bears this id.
        """
        ...

    def still_seals(self, key_id: str) -> bool:
        """Tell whether a key may have sealed something of today: it was not retired."""
        ...

    def salt(self) -> bytes:
        """Draw 16 bytes."""
        ...


class Author(NamedTuple):
    """Who acts from the terminal, and at what moment (aware)."""

    operator: str
    now: datetime
    pen: Pen


class Happening(NamedTuple):
    """What is to be written: opaque ids and codes, never a name, a date or a secret.

    `details` holds codes and counts; a free-text `reason` goes to the side table.
    """

    kind: TrailKind
    school_id: int | None = None
    account_id: int | None = None
    guardian_id: int | None = None
    pupil_id: int | None = None
    letter_id: int | None = None
    batch_id: int | None = None
    details: Mapping[str, str | int] = {}
    reason: str | None = None


class TrailEntry(Base):
    """One link of a chain; the database itself refuses to change or remove it."""

    __tablename__ = "trail_entries"
    __table_args__ = (UniqueConstraint("chain", "sequence"),)

    id: Mapped[int] = mapped_column(ENDLESS, primary_key=True)
    chain: Mapped[int]
    sequence: Mapped[int]
    happened_at: Mapped[datetime] = mapped_column(Moment)
    operator: Mapped[str] = mapped_column(String(100))
    kind: Mapped[TrailKind] = mapped_column(coded(TrailKind))
    # Plain numbers, not foreign keys: an entry outlives the purge of what it speaks of.
    account_id: Mapped[int | None] = mapped_column(index=True)
    guardian_id: Mapped[int | None] = mapped_column(index=True)
    pupil_id: Mapped[int | None]
    letter_id: Mapped[int | None]
    batch_id: Mapped[int | None]
    details: Mapped[str] = mapped_column(Text)
    reason_digest: Mapped[str | None] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class TrailHead(Base):
    """The end of a chain: how many entries, the last digest, and a seal over both.

    Without it, cutting the last entries off would leave a shorter chain that verifies.
    """

    __tablename__ = "trail_heads"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))
    seal: Mapped[str] = mapped_column(String(64))


class TrailReason(Base):
    """The free text behind an entry, apart, so that it can be purged (R-63)."""

    __tablename__ = "trail_reasons"

    entry_id: Mapped[int] = mapped_column(ENDLESS, ForeignKey("trail_entries.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    text: Mapped[str] = mapped_column(Text)


def canonical(
    *,
    chain: int,
    sequence: int,
    happened_at: datetime,
    operator: str,
    kind: str,
    account_id: int | None,
    guardian_id: int | None,
    pupil_id: int | None,
    letter_id: int | None,
    batch_id: int | None,
    details: str,
    reason_digest: str | None,
    previous: str,
) -> bytes:
    """Return the bytes of an entry that its digest covers: one JSON array, one way only."""
    return json.dumps(
        [
            chain, sequence, happened_at.astimezone(UTC).isoformat(), operator, str(kind),
            account_id, guardian_id, pupil_id, letter_id, batch_id, details, reason_digest,
            previous,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()  # fmt: skip


def canonical_details(details: Mapping[str, str | int]) -> str:
    """Return the details of an entry as the text that is stored and chained."""
    return json.dumps(dict(sorted(details.items())), ensure_ascii=False, separators=(",", ":"))
