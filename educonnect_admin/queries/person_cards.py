"""What a search shows of the people it found: state, schools, children with their class."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.regroupings import Regrouping
from educonnect_admin.domain.schools import School, SchoolClass


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AccountCard:
    """An account as it stands.

    Attributes:
        expired: it is notified, and every letter of it is over (R-1).
        principal: the identifier of the account that took its records.
    """

    id: int
    identifier: str
    state: AccountState
    expired: bool
    principal: str | None

    def __repr__(self) -> str:
        return f"AccountCard(id={self.id})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordCard:
    """One school's record of a guardian."""

    id: int
    account_id: int | None
    family_name: str
    usage_name: str | None
    given_name: str
    uai: str
    school: str

    def __repr__(self) -> str:
        return f"RecordCard(id={self.id})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChildCard:
    """A child whom a record answers for; no birth date: it is a proof parents must give.

    `uai` and what follows are empty for a child that is no longer enrolled; `legal` tells
    whether the guardian is a legal one, who alone has an account and sees the child.
    """

    id: int
    guardian_id: int
    family_name: str
    usage_name: str | None
    given_name: str
    uai: str | None
    school: str | None
    class_label: str | None
    legal: bool

    def __repr__(self) -> str:
        return f"ChildCard(id={self.id})"


def account_cards(session: Session, ids: Collection[int], now: datetime) -> dict[int, AccountCard]:
    """Return accounts by their ids, as they stand at a moment."""
    rows = session.execute(
        select(Account.id, Account.identifier, Account.state).where(Account.id.in_(ids))
    ).all()
    notified = [row.id for row in rows if row.state is AccountState.NOTIFIED]
    live = accounts_with_live_letter(session, notified, now) if notified else set()
    ended = [row.id for row in rows if row.state is AccountState.REGROUPED]
    principals = principals_of(session, ended) if ended else {}
    return {
        row.id: AccountCard(
            id=row.id,
            identifier=row.identifier,
            state=row.state,
            expired=row.state is AccountState.NOTIFIED and row.id not in live,
            principal=principals.get(row.id),
        )
        for row in rows
    }


def accounts_with_live_letter(
    session: Session, account_ids: Collection[int], now: datetime
) -> set[int]:
    """Return the accounts whose letter works, by the clock of the school it came from (R-11)."""
    rows = session.execute(
        select(Letter.account_id, Letter.last_day, School.time_zone)
        .join(School, School.id == Letter.school_id)
        .where(Letter.account_id.in_(account_ids), Letter.ended_at.is_(None))
    )
    return {
        account_id for account_id, last_day, time_zone in rows if day_in(time_zone, now) <= last_day
    }


def principals_of(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """Return the identifier of the account into which each of some was regrouped."""
    rows = session.execute(
        select(Regrouping.other_id, Account.identifier)
        .join(Account, Account.id == Regrouping.principal_id)
        .where(Regrouping.other_id.in_(account_ids), Regrouping.undone_at.is_(None))
        .order_by(Regrouping.id)
    )
    return {row.other_id: row.identifier for row in rows}


def record_cards(
    session: Session, account_ids: Collection[int], guardian_ids: Collection[int]
) -> list[RecordCard]:
    """Return all the records of some accounts, and some records by their own ids."""
    rows = session.execute(
        select(
            Guardian.id, Guardian.account_id, Guardian.family_name, Guardian.usage_name,
            Guardian.given_name, School.uai, School.name.label("school"),
        )
        .join(School, School.id == Guardian.school_id)
        .where(Guardian.account_id.in_(account_ids) | Guardian.id.in_(guardian_ids))
        .order_by(Guardian.id)
    )  # fmt: skip
    return [RecordCard(**row) for row in rows.mappings()]


def child_cards(session: Session, guardian_ids: Collection[int]) -> list[ChildCard]:
    """Return the children whom some records answer for now, with school and class."""
    rows = session.execute(_children(guardian_ids))
    return [ChildCard(**row) for row in rows.mappings()]


def _children(guardian_ids: Collection[int]) -> Select[Any]:
    columns: Sequence[Any] = (
        Pupil.id, Guardianship.guardian_id, Pupil.family_name, Pupil.usage_name,
        Pupil.given_name, School.uai, School.name.label("school"),
        SchoolClass.label.label("class_label"), Guardianship.legal,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Guardianship, Guardianship.pupil_id == Pupil.id)
        .outerjoin(Enrolment, (Enrolment.pupil_id == Pupil.id) & Enrolment.ended_on.is_(None))
        .outerjoin(School, School.id == Enrolment.school_id)
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Guardianship.guardian_id.in_(guardian_ids), Guardianship.ended_on.is_(None))
        .order_by(Guardianship.guardian_id, Pupil.family_key, Pupil.given_key, Pupil.id, School.uai)
    )
