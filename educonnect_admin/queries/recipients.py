"""For one account: which school can write to it, and at what address (R-13)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.domain.schools import School


def schools_of_children(session: Session, account_id: int) -> list[School]:
    """Return the schools where a child of an account is enrolled, legally its own there.

    The school of the account's last letter comes first, the others in their order.
    """
    schools = session.scalars(
        select(School)
        .where(
            School.id.in_(
                select(Guardian.school_id)
                .join(Guardianship, Guardianship.guardian_id == Guardian.id)
                .join(
                    Enrolment,
                    (Enrolment.pupil_id == Guardianship.pupil_id)
                    & (Enrolment.school_id == Guardian.school_id),
                )
                .where(
                    Guardian.account_id == account_id,
                    Guardianship.ended_on.is_(None),
                    Guardianship.legal.is_(True),
                    Enrolment.ended_on.is_(None),
                )
            )
        )
        .order_by(School.id)
    ).all()
    last = session.scalar(
        select(Letter.school_id)
        .where(Letter.account_id == account_id)
        .order_by(Letter.created_at.desc(), Letter.id.desc())
        .limit(1)
    )
    return sorted(schools, key=lambda school: school.id != last)


class FormerLetter(NamedTuple):
    """The letter that an account holds now."""

    number: str
    created_at: datetime
    last_day: date
    time_zone: str


def letter_in_hand(session: Session, account_id: int) -> FormerLetter | None:
    """Return the letter that nothing has ended yet, if there is one."""
    row = session.execute(
        select(Letter.number, Letter.created_at, Letter.last_day, School.time_zone)
        .join(School, School.id == Letter.school_id)
        .where(Letter.account_id == account_id, Letter.ended_at.is_(None))
    ).one_or_none()
    return FormerLetter._make(row) if row else None


class KnownAddress(NamedTuple):
    """An e-mail address, and the record of a school that has it; none: the account's own."""

    email: str
    guardian_id: int | None

    def __repr__(self) -> str:
        return f"KnownAddress(guardian_id={self.guardian_id})"


def addresses_in_records(
    session: Session, account_id: int, first_guardian_id: int
) -> Sequence[KnownAddress]:
    """Return the addresses that schools know of an account, one record's before the others."""
    rows = session.execute(
        select(Guardian.email, Guardian.id)
        .where(Guardian.account_id == account_id, Guardian.email.is_not(None))
        .order_by(Guardian.id != first_guardian_id, Guardian.id)
    )
    return [KnownAddress._make(row) for row in rows]


def others_with_address(session: Session, account_id: int, email: str) -> int:
    """Return how many others have this address: accounts, and records without an account.

    An account counts once, whether the holder or a school gave the address; one that has
    ended is nobody else's.
    """
    same = email.lower()
    living = Account.state.not_in([AccountState.CLOSED, AccountState.REGROUPED])
    accounts = session.scalar(
        select(func.count()).select_from(Account).where(
            Account.id != account_id,
            living,
            or_(
                func.lower(Account.email) == same,
                Account.id.in_(
                    select(Guardian.account_id).where(func.lower(Guardian.email) == same)
                ),
            ),
        )
    )  # fmt: skip
    records = session.scalar(
        select(func.count())
        .select_from(Guardian)
        .where(func.lower(Guardian.email) == same, Guardian.account_id.is_(None))
    )
    return (accounts or 0) + (records or 0)
