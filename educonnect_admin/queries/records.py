"""Questions about the records of guardians and the accounts that hold them (R-7, R-8)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import ENDED, Account, AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship

_HERE, _ELSEWHERE = aliased(Guardian), aliased(Guardian)


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


class _Pair(NamedTuple):
    """A record of one school and one of another that bear the same four facts."""

    record: int
    civility: Civility | None
    usage_name: str | None
    other_school: int
    other_civility: Civility | None
    other_usage_name: str | None
    account: int | None
    state: AccountState | None
    closed_without_child: bool | None

    def __repr__(self) -> str:
        return f"_Pair(record={self.record}, account={self.account})"

    @property
    def contradicts(self) -> bool:
        """Whether civility or usage name, where both have one, tell two people."""
        return _differ(self.civility, self.other_civility) or _differ(
            _folded(self.usage_name), _folded(self.other_usage_name)
        )


def same_person_elsewhere(
    session: Session, school_id: int, guardian_ids: Sequence[int]
) -> dict[int, int]:
    """Return the account, at another school, of the same person, by record.

    It may be one that was closed for want of a child (R-62), never one closed by somebody.
    The same surname, given name, e-mail and mobile, all present, and neither civility nor
    usage name against it (R-7). Where several records could be meant, at either end and
    whether or not they have an account, nobody is joined: that is for a person to decide.
    """
    pairs: dict[int, list[_Pair]] = defaultdict(list)
    for pair in _pairs(session, school_id, _HERE.id.in_(guardian_ids)):
        pairs[pair.record].append(pair)
    found = {record: _only_account(alike) for record, alike in pairs.items()}
    accounts = {account for account in found.values() if account is not None}
    certain = accounts - _contested(session, school_id, accounts)
    return {record: account for record, account in found.items() if account in certain}


def _pairs(session: Session, school_id: int, condition: ColumnElement[bool]) -> list[_Pair]:
    """Return the pairs of a record of this school and one of another that may be one person."""
    rows = session.execute(
        select(
            _HERE.id,
            _HERE.civility,
            _HERE.usage_name,
            _ELSEWHERE.school_id,
            _ELSEWHERE.civility,
            _ELSEWHERE.usage_name,
            _ELSEWHERE.account_id,
            Account.state,
            Account.closed_without_child,
        )
        .join(
            _ELSEWHERE,
            (_ELSEWHERE.family_key == _HERE.family_key)
            & (_ELSEWHERE.given_key == _HERE.given_key)
            & (func.lower(_ELSEWHERE.email) == func.lower(_HERE.email))
            & (_ELSEWHERE.mobile == _HERE.mobile),
        )
        .outerjoin(Account, Account.id == _ELSEWHERE.account_id)
        .where(
            condition,
            _HERE.school_id == school_id,
            _ELSEWHERE.school_id != school_id,
            # A name of punctuation alone folds to nothing, which is nobody's name.
            _HERE.family_key != "",
            _HERE.given_key != "",
        )
        .order_by(_HERE.id, _ELSEWHERE.id)
    )
    return [pair for row in rows if not (pair := _Pair._make(row)).contradicts]


def _only_account(pairs: Sequence[_Pair]) -> int | None:
    """Return the account that the other schools' records agree on.

    Two records of one school are two people, even while one of them has no account. Where
    none of the accounts lives, one that was closed for want of a child comes back (R-62).
    """
    held = [pair for pair in pairs if pair.account is not None]
    living = {pair.account for pair in held if pair.state not in ENDED}
    accounts = living or {
        pair.account
        for pair in held
        if pair.state is AccountState.CLOSED and pair.closed_without_child
    }
    has_rivals = max(Counter(pair.other_school for pair in pairs).values()) > 1
    return accounts.pop() if len(accounts) == 1 and not has_rivals else None


def _contested(session: Session, school_id: int, accounts: AbstractSet[int]) -> set[int]:
    """Return the accounts that hold a record of this school, or that several records match."""
    if not accounts:
        return set()
    matching: dict[int, set[int]] = defaultdict(set)
    for pair in _pairs(session, school_id, _ELSEWHERE.account_id.in_(accounts)):
        matching[pair.account or 0].add(pair.record)
    held = session.scalars(
        select(Guardian.account_id).where(
            Guardian.school_id == school_id, Guardian.account_id.in_(accounts)
        )
    )
    contested = {account for account, records in matching.items() if len(records) > 1}
    return contested | {account for account in held if account is not None}


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and one != other


def _folded(name: str | None) -> str:
    return (name_key(name) or name.casefold()) if name else ""
