"""The accounts whose holder bears the names and the mobile that somebody gives (R-7, R-30)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import ENDED, Account, AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.setbacks import Setback, SetbackKind

_TOLD_ONCE_IN = timedelta(hours=1)


class ClaimedRecord(NamedTuple):
    """A school's record that bears the names and the mobile, of an account that is not over."""

    account_id: int
    state: AccountState
    guardian_id: int
    school_id: int
    civility: Civility | None
    given_name: str
    family_name: str
    usage_name: str | None
    family_key: str
    usage_key: str | None
    email: str | None

    @property
    def name(self) -> str:
        """Given name and surname, as letters have them."""
        return f"{self.given_name} {self.usage_name or self.family_name}"

    def __repr__(self) -> str:
        return f"ClaimedRecord(account_id={self.account_id}, guardian_id={self.guardian_id})"


def claimed_records(
    session: Session,
    given_keys: Collection[str],
    surname_keys: Collection[str],
    mobile: str,
) -> list[ClaimedRecord]:
    """Return the records of living accounts that bear the names and the mobile.

    Args:
        session: An open session.
        given_keys: Folded given names, any of which will do.
        surname_keys: Folded surnames, any of which may be the family or the usage name.
        mobile: E.164.

    Rules: R-30, R-41.
    """
    rows = session.execute(
        select(
            Account.id,
            Account.state,
            Guardian.id,
            Guardian.school_id,
            Guardian.civility,
            Guardian.given_name,
            Guardian.family_name,
            Guardian.usage_name,
            Guardian.family_key,
            Guardian.usage_key,
            Guardian.email,
        )
        .join(Account, Account.id == Guardian.account_id)
        .where(
            Guardian.mobile == mobile,
            _bears(given_keys, surname_keys),
            Account.state.not_in(ENDED),
        )
        .order_by(Account.id, Guardian.id)
    )
    return [ClaimedRecord._make(row) for row in rows]


def accounts_bearing(
    session: Session, given_keys: Collection[str], surname_keys: Collection[str], *, most: int
) -> list[int]:
    """Return some of the living accounts that bear names, whatever their mobile."""
    return list(
        session.scalars(
            select(Account.id)
            .join(Guardian, Guardian.account_id == Account.id)
            .where(_bears(given_keys, surname_keys), Account.state.not_in(ENDED))
            .distinct()
            .order_by(Account.id)
            .limit(most)
        )
    )


def _bears(given_keys: Collection[str], surname_keys: Collection[str]) -> ColumnElement[bool]:
    # A name of punctuation alone folds to nothing, which is nobody's name.
    given = [key for key in given_keys if key]
    surnames = [key for key in surname_keys if key]
    return Guardian.given_key.in_(given) & (
        Guardian.family_key.in_(surnames) | Guardian.usage_key.in_(surnames)
    )


def are_one_person(records: Sequence[ClaimedRecord]) -> bool:
    """Tell whether records of different accounts, of one mobile, are one person's (R-7).

    Across schools: surname, given name and e-mail present and the same, neither civility nor
    usage name against it. Two accounts of one school are two people's.
    """
    return all(
        _is_same(one, other)
        for one, other in combinations(records, 2)
        if one.account_id != other.account_id
    )


def _is_same(one: ClaimedRecord, other: ClaimedRecord) -> bool:
    return (
        one.school_id != other.school_id
        and one.family_key == other.family_key
        and bool(one.email and other.email)
        and (one.email or "").lower() == (other.email or "").lower()
        and not _differ(one.usage_key, other.usage_key)
        and not _differ(one.civility, other.civility)
    )


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and one != other


def note_setback(
    session: Session, kind: SetbackKind, account_ids: Collection[int], now: datetime
) -> None:
    """Let the desk hear of a dead end, once an hour an account: clicking again is no news."""
    told = session.scalars(
        select(Setback.account_id).where(
            Setback.account_id.in_(account_ids),
            Setback.kind == kind,
            Setback.happened_at > now - _TOLD_ONCE_IN,
        )
    )
    for account_id in sorted(set(account_ids) - set(told)):
        session.add(Setback(kind=kind, account_id=account_id, happened_at=now))
