"""Questions about the records of guardians and the accounts that hold them (R-7, R-8)."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship


class RecordToOpen(NamedTuple):
    """A record without an account, and the name its identifier is made of."""

    guardian_id: int
    given_name: str
    surname: str

    def __repr__(self) -> str:
        return f"RecordToOpen(guardian_id={self.guardian_id})"


def answers_for_an_enrolled_child(school_id: int, class_id: int | None) -> ColumnElement[bool]:
    """Return the condition that a record answers, legally, for a child enrolled here."""
    enrolled = (
        select(Guardianship.guardian_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .where(
            Guardianship.ended_on.is_(None),
            Guardianship.legal.is_(True),
            Enrolment.ended_on.is_(None),
            Enrolment.school_id == school_id,
        )
    )
    if class_id is not None:
        enrolled = enrolled.where(Enrolment.class_id == class_id)
    return (Guardian.school_id == school_id) & Guardian.id.in_(enrolled)


def records_without_account(
    session: Session, school_id: int, class_id: int | None, *, after: int, most: int
) -> Sequence[RecordToOpen]:
    """Return records to open an account for, in the order they came in, a page at a time."""
    rows = session.execute(
        select(Guardian.id, Guardian.given_name, Guardian.family_name, Guardian.usage_name)
        .where(
            answers_for_an_enrolled_child(school_id, class_id),
            Guardian.account_id.is_(None),
            Guardian.id > after,
        )
        .order_by(Guardian.id)
        .limit(most)
    )
    return [RecordToOpen(row.id, row.given_name, row.usage_name or row.family_name) for row in rows]


def count_records_with_account(session: Session, school_id: int, class_id: int | None) -> int:
    """Return how many records of enrolled children's guardians have an account already."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Guardian)
            .where(
                answers_for_an_enrolled_child(school_id, class_id), Guardian.account_id.is_not(None)
            )
        )
        or 0
    )


def same_person_elsewhere(
    session: Session, school_id: int, guardian_ids: Sequence[int]
) -> dict[int, int]:
    """Return the account, at another school, of the same person, by record.

    The same surname, given name, e-mail and mobile, all present (R-7). A record that
    matches several accounts, or an account that already holds a record of this school, is
    left out: that is for a person to decide.
    """
    here, elsewhere = aliased(Guardian), aliased(Guardian)
    held_here = select(Guardian.account_id).where(
        Guardian.school_id == school_id, Guardian.account_id.is_not(None)
    )
    rows = session.execute(
        select(here.id, elsewhere.account_id)
        .distinct()
        .join(
            elsewhere,
            (elsewhere.family_key == here.family_key)
            & (elsewhere.given_key == here.given_key)
            & (func.lower(elsewhere.email) == func.lower(here.email))
            & (elsewhere.mobile == here.mobile),
        )
        .join(Account, Account.id == elsewhere.account_id)
        .where(
            here.id.in_(guardian_ids),
            elsewhere.school_id != school_id,
            Account.state.not_in([AccountState.CLOSED, AccountState.REGROUPED]),
            elsewhere.account_id.not_in(held_here),
        )
        .order_by(here.id)
    )
    return _one_to_one([(record, account) for record, account in rows if account is not None])


def _one_to_one(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Keep the pairs of which neither side stands in another pair."""
    records = Counter(guardian_id for guardian_id, _ in pairs)
    accounts = Counter(account_id for _, account_id in pairs)
    return {
        guardian_id: account_id
        for guardian_id, account_id in pairs
        if records[guardian_id] == accounts[account_id] == 1
    }
