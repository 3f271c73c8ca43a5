"""Other accounts whose holder bears the same name: a homonym, or the same person twice (R-31)."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import ENDED, Account, AccountState
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.regroupings import RegroupedRecord, Regrouping
from educonnect_admin.domain.schools import School

_MINE, _THEIRS = aliased(Guardian), aliased(Guardian)


class Lookalike(NamedTuple):
    """An account that is not over, of a holder with the same folded names and a same contact.

    `contradicts`: a civility tells two people, as M. and Mme Dominique Martin are.
    """

    identifier: str
    state: AccountState
    same_mobile: bool
    same_email: bool
    contradicts: bool

    def __repr__(self) -> str:
        return f"Lookalike(state={self.state!s})"


def lookalikes(session: Session, account_id: int) -> list[Lookalike]:
    """Return the accounts that may be mistaken for this one, by identifier.

    The family name of one may be the usage name of the other, as on the SMS journey (R-30).
    """
    same_mobile = func.coalesce(_THEIRS.mobile == _MINE.mobile, False)
    same_email = func.coalesce(
        func.lower(_THEIRS.email) == func.lower(_MINE.email),
        False,
    )
    rows = session.execute(
        select(
            Account.identifier,
            Account.state,
            same_mobile,
            same_email,
            func.coalesce(_THEIRS.civility != _MINE.civility, False),
        )
        .select_from(_MINE)
        .join(_THEIRS, _same_names())
        .join(Account, Account.id == _THEIRS.account_id)
        .where(
            _MINE.account_id == account_id,
            _THEIRS.account_id != account_id,
            Account.state.not_in(ENDED),
            (_THEIRS.mobile == _MINE.mobile)
            | (func.lower(_THEIRS.email) == func.lower(_MINE.email)),
        )
        .order_by(Account.identifier)
    )
    return _merged([Lookalike(row[0], row[1], *map(bool, row[2:])) for row in rows])


def _same_names() -> ColumnElement[bool]:
    surnames = (
        (_THEIRS.family_key == _MINE.family_key)
        | (_THEIRS.family_key == _MINE.usage_key)
        | (_THEIRS.usage_key == _MINE.family_key)
        | (_THEIRS.usage_key == _MINE.usage_key)
    )
    # A name of punctuation alone folds to nothing, which is nobody's name.
    named = (_MINE.given_key != "") & (_MINE.family_key != "") & (_THEIRS.family_key != "")
    return (_THEIRS.given_key == _MINE.given_key) & named & surnames


def _merged(pairs: Sequence[Lookalike]) -> list[Lookalike]:
    """Make one of the pairs of records of two accounts: what one pair has in common counts."""
    merged: dict[str, Lookalike] = {}
    for pair in pairs:
        known = merged.setdefault(pair.identifier, pair)
        merged[pair.identifier] = Lookalike(
            pair.identifier,
            pair.state,
            known.same_mobile or pair.same_mobile,
            known.same_email or pair.same_email,
            known.contradicts or pair.contradicts,
        )
    return list(merged.values())


class FormerRecord(NamedTuple):
    """A record that a regrouping took away: whose account it was."""

    given_name: str
    surname: str
    uai: str
    time_zone: str

    def __repr__(self) -> str:
        return f"FormerRecord(uai={self.uai})"


def former_records(session: Session, account_id: int) -> list[FormerRecord]:
    """Return the records that a regrouping which stands has moved from an account."""
    rows = session.execute(
        select(
            Guardian.given_name,
            func.coalesce(Guardian.usage_name, Guardian.family_name),
            School.uai,
            School.time_zone,
        )
        .join(RegroupedRecord, RegroupedRecord.guardian_id == Guardian.id)
        .join(Regrouping, Regrouping.id == RegroupedRecord.regrouping_id)
        .join(School, School.id == Guardian.school_id)
        .where(Regrouping.other_id == account_id, Regrouping.undone_at.is_(None))
        .order_by(Guardian.id)
    )
    return [FormerRecord._make(row) for row in rows]


def last_principal(session: Session, account_id: int) -> str | None:
    """Return the identifier that serves in the place of a regrouped account's.

    The principal account may itself have been regrouped since: the last one counts.
    """
    found, seen = account_id, {account_id}
    while (following := _principal_of(session, found)) is not None and following not in seen:
        found = following
        seen.add(found)
    if found == account_id:
        return None
    return session.scalar(select(Account.identifier).where(Account.id == found))


def _principal_of(session: Session, account_id: int) -> int | None:
    return session.scalar(
        select(Regrouping.principal_id)
        .where(Regrouping.other_id == account_id, Regrouping.undone_at.is_(None))
        .order_by(Regrouping.id.desc())
        .limit(1)
    )
