"""What two records of guardians say, to be weighed against each other (R-7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, ColumnElement, bindparam, false, func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import Guardian, Guardianship

MOST_SHARING = 12
"""More records than a family has in all its schools: what they share tells nobody apart."""
_CHUNK = 5_000
_DENSE = 2


def among(column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Name many records by a range, where they came in together: the others in it do no harm.

    Thousands of numbers in a statement would cost more than what is asked.

    Args:
        column: The number of a record.
        ids: The numbers; for none, nothing is meant.
    """
    if not ids:
        return false()
    first, last = min(ids), max(ids)
    if last - first < _DENSE * len(ids):
        return cast("ColumnElement[bool]", column.between(first, last))
    return cast("ColumnElement[bool]", column.in_(ids))


class MergeRecord(NamedTuple):
    """A school's record of a guardian; `pupils` are those it answers for, or used to."""

    id: int
    school_id: int
    account_id: int | None
    account_state: AccountState | None
    civility: Civility | None
    family_name: str
    usage_name: str | None
    given_name: str
    family_key: str
    usage_key: str | None
    given_key: str
    email: str | None
    mobile: str | None
    street: str | None
    postcode: str | None
    city: str | None
    pupils: frozenset[int] = frozenset()

    def __repr__(self) -> str:
        return f"MergeRecord(id={self.id})"


def records_to_weigh(session: Session, ids: Collection[int]) -> dict[int, MergeRecord]:
    """Return records by their numbers, with the pupils of each."""
    found: dict[int, MergeRecord] = {}
    for chunk in _chunks(sorted(ids)):
        pupils: dict[int, set[int]] = defaultdict(set)
        for guardian_id, pupil_id in session.execute(_PUPILS, {"of_ids": chunk}):
            pupils[guardian_id].add(pupil_id)
        for row in session.execute(_RECORDS, {"of_ids": chunk}):
            found[row.id] = MergeRecord._make((*row, frozenset(pupils.get(row.id, ()))))
    return found


_OF_IDS: BindParameter[int] = bindparam("of_ids", expanding=True)
_PUPILS = select(Guardianship.guardian_id, Guardianship.pupil_id).where(
    Guardianship.guardian_id.in_(_OF_IDS)
)
_RECORDS = (
    select(
        Guardian.id,
        Guardian.school_id,
        Guardian.account_id,
        Account.state,
        Guardian.civility,
        Guardian.family_name,
        Guardian.usage_name,
        Guardian.given_name,
        Guardian.family_key,
        Guardian.usage_key,
        Guardian.given_key,
        Guardian.email,
        Guardian.mobile,
        Guardian.street,
        Guardian.postcode,
        Guardian.city,
    )
    .outerjoin(Account, Account.id == Guardian.account_id)
    .where(Guardian.id.in_(_OF_IDS))
)


def crowded_contacts(session: Session, records: Iterable[MergeRecord]) -> frozenset[str]:
    """Return the e-mails, in lower case, and mobiles that more records share than a family has.

    The school's own mobile, typed for whoever had none, is evidence of nothing.
    """
    known = list(records)
    emails = {record.email.lower() for record in known if record.email}
    mobiles = {record.mobile for record in known if record.mobile}
    return frozenset(
        value
        for column, values in ((func.lower(Guardian.email), emails), (Guardian.mobile, mobiles))
        for chunk in _chunks(sorted(values))
        for value in session.scalars(
            select(column)
            .where(column.in_(chunk))
            .group_by(column)
            .having(func.count() > MOST_SHARING)
        )
    )


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
