"""What is known of the ways into an account, as a reading leaves it: plain rows, no session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from educonnect_admin.domain.accounts import AccountState, Journey
from educonnect_admin.domain.letters import FileState, LetterEnd, Who
from educonnect_admin.domain.messages import MessageState
from educonnect_admin.domain.setbacks import SetbackKind, TryKind


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HolderFacts:
    """The account itself."""

    id: int
    identifier: str
    state: AccountState
    journey: Journey | None
    created_at: datetime
    activated_at: datetime | None
    email: str | None
    email_confirmed_at: datetime | None
    email_bounced_at: datetime | None
    pending_email: str | None
    pending_email_at: datetime | None
    password_set_at: datetime | None
    last_login_at: datetime | None
    ended_at: datetime | None
    closed_without_child: bool

    def __repr__(self) -> str:
        return f"HolderFacts(id={self.id}, state={self.state!s})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordFacts:
    """One school's record of the person, and what that school is."""

    account_id: int
    guardian_id: int
    given_name: str
    surname: str
    email: str | None
    mobile: str | None
    school_id: int
    uai: str
    time_zone: str

    def __repr__(self) -> str:
        return f"RecordFacts(guardian_id={self.guardian_id})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChildFacts:
    """A child that a record of the account answers for today.

    `legal` tells whether the link gives a right to an account; `enrolled`, whether the
    child is in the school of that record.
    """

    account_id: int
    pupil_id: int
    given_name: str
    surname: str
    legal: bool
    enrolled: bool
    school_id: int
    uai: str
    class_id: int | None
    class_label: str | None

    def __repr__(self) -> str:
        return f"ChildFacts(pupil_id={self.pupil_id})"


class LetterFacts(NamedTuple):
    """A letter, the file it stands in, and the message that carries it if it left by mail."""

    account_id: int
    id: int
    number: str
    guardian_id: int
    uai: str
    time_zone: str
    created_at: datetime
    last_day: date
    ended_at: datetime | None
    end: LetterEnd | None
    batch_id: int | None
    file_state: FileState | None
    mail_id: int | None
    mail_guardian_id: int | None
    mail_state: MessageState | None
    mail_attempts: int | None
    mail_due_at: datetime | None
    mail_ended_at: datetime | None
    mail_error: str | None


class TryFacts(NamedTuple):
    """How often something was tried in vain, and until when it is locked (R-6)."""

    account_id: int
    kind: TryKind
    pupil_id: int | None
    failures: int
    last_at: datetime
    locked_until: datetime | None


class SetbackFacts(NamedTuple):
    """A dead end that the account met (R-31)."""

    account_id: int
    kind: SetbackKind
    happened_at: datetime


class UnfinishedFile(NamedTuple):
    """A class file being printed, or left by a killed run: no password of it works yet."""

    batch_id: int
    school_id: int
    uai: str
    class_id: int | None
    who: Who


@dataclass(frozen=True, slots=True, repr=False)
class AccessFacts:
    """Everything about one account that can keep its holder out."""

    holder: HolderFacts
    records: Sequence[RecordFacts]
    children: Sequence[ChildFacts]
    letters: Sequence[LetterFacts]
    tries: Sequence[TryFacts]
    setbacks: Sequence[SetbackFacts]
    unfinished: Sequence[UnfinishedFile]

    def __repr__(self) -> str:
        return "AccessFacts()"

    @property
    def wards(self) -> list[ChildFacts]:
        """The children who give a right to the account: legally its own, and enrolled."""
        return [child for child in self.children if child.legal and child.enrolled]
