"""All that one screen tells of an account, each part by one question."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.messages import Message, MessageState
from educonnect_admin.domain.people import Guardian, GuardianCorrection
from educonnect_admin.domain.regroupings import Regrouping
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.setbacks import TryCount, TryKind


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordDetails:
    """One school's record of the holder; `corrected` are the fields that the desk mended."""

    id: int
    uai: str
    school: str
    time_zone: str
    civility: Civility | None
    family_name: str
    usage_name: str | None
    given_name: str
    email: str | None
    mobile: str | None
    corrected: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"RecordDetails(id={self.id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A letter of the account; `on_paper` is false for one that was mailed."""

    id: int
    number: str
    created_at: datetime
    last_day: date
    time_zone: str
    ended_at: datetime | None
    end: LetterEnd | None
    on_paper: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message of the account that has not gone."""

    id: int
    kind: str
    state: str
    created_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegroupingLine:
    """That an account went to another; one of the two is the account shown."""

    principal: str
    other: str
    regrouped_at: datetime


def record_details(session: Session, account_id: int) -> list[RecordDetails]:
    """Return the records that an account holds, in the order in which schools sent them."""
    rows = session.execute(
        select(
            Guardian.id, School.uai, School.name.label("school"), School.time_zone,
            Guardian.civility, Guardian.family_name, Guardian.usage_name, Guardian.given_name,
            Guardian.email, Guardian.mobile,
        )
        .join(School, School.id == Guardian.school_id)
        .where(Guardian.account_id == account_id)
        .order_by(Guardian.id)
    ).mappings().all()  # fmt: skip
    corrected = _corrected(session, [row["id"] for row in rows])
    return [RecordDetails(**row, corrected=frozenset(corrected.get(row["id"], ()))) for row in rows]


def _corrected(session: Session, guardian_ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = session.execute(
        select(GuardianCorrection.guardian_id, GuardianCorrection.field).where(
            GuardianCorrection.guardian_id.in_(guardian_ids)
        )
    )
    for guardian_id, field in rows:
        found.setdefault(guardian_id, set()).add(field)
    return found


def letter_lines(session: Session, account_id: int) -> list[LetterLine]:
    """Return the letters of an account, the newest last."""
    rows = session.execute(
        select(
            Letter.id, Letter.number, Letter.created_at, Letter.last_day, School.time_zone,
            Letter.ended_at, Letter.end, Letter.file_id.is_not(None).label("on_paper"),
        )
        .join(School, School.id == Letter.school_id)
        .where(Letter.account_id == account_id)
        .order_by(Letter.created_at, Letter.id)
    )  # fmt: skip
    return [LetterLine(**row) for row in rows.mappings()]


_NOT_GONE = (MessageState.WAITING, MessageState.CLAIMED, MessageState.FAILED)


def unsent_messages(session: Session, account_id: int) -> list[MessageLine]:
    """Return the messages of an account that wait or failed, the newest last."""
    rows = session.execute(
        select(Message.id, Message.kind, Message.state, Message.created_at, Message.error)
        .where(Message.account_id == account_id, Message.state.in_(_NOT_GONE))
        .order_by(Message.created_at, Message.id)
    )
    return [MessageLine(**row) for row in rows.mappings()]


def locked_until(session: Session, account_id: int, now: datetime) -> datetime | None:
    """Return the end of the lock on logging in, if there is one at this moment (R-6)."""
    counts = session.scalars(
        select(TryCount).where(
            TryCount.account_id == account_id,
            TryCount.kind.in_([TryKind.LOG_IN, TryKind.DEVICE]),
        )
    )
    ends = [one.locked_until for one in counts if one.locked_until and one.is_locked(now)]
    return max(ends, default=None)


def regroupings_of(session: Session, account_id: int) -> Sequence[RegroupingLine]:
    """Return the regroupings that an account took part in and that nobody undid."""
    principal, other = aliased(Account), aliased(Account)
    rows = session.execute(
        select(
            principal.identifier.label("principal"),
            other.identifier.label("other"),
            Regrouping.regrouped_at,
        )
        .join(principal, principal.id == Regrouping.principal_id)
        .join(other, other.id == Regrouping.other_id)
        .where(
            (Regrouping.principal_id == account_id) | (Regrouping.other_id == account_id),
            Regrouping.undone_at.is_(None),
        )
        .order_by(Regrouping.id)
    )
    return [RegroupingLine(**row) for row in rows.mappings()]
