"""Whose account is claimed by names and a mobile: one, none, or one of several (R-30, R-31)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.setbacks import SetbackKind
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.claims import (
    ClaimedRecord,
    accounts_bearing,
    are_one_person,
    claimed_records,
    note_setback,
)
from educonnect_admin.queries.wards import wards_of
from educonnect_admin.rosters.mobiles import parse_mobile

# In the order of preference: the one whose holder has come farthest stays.
_PREFERRED = (
    AccountState.ACTIVE,
    AccountState.EMAIL_PENDING,
    AccountState.NOTIFIED,
    AccountState.NOT_NOTIFIED,
)


class ClaimVerdict(StrEnum):
    """What names and a mobile lead to."""

    FREE = "free"
    """An account that was never activated."""
    ACTIVE = "active"
    UNKNOWN = "unknown"
    HOMONYMS = "homonyms"
    """Several people answer to them."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Claimant:
    """What somebody says of themselves.

    Attributes:
        given_keys: folded given names, any of which may be the one that the school has.
        surname_keys: folded surnames; each may be the family or the usage name.
        mobile: E.164.
    """

    given_keys: tuple[str, ...]
    surname_keys: tuple[str, ...]
    mobile: str

    @classmethod
    def of(
        cls, *, given_names: Collection[str], surnames: Collection[str], mobile: str
    ) -> "Claimant":
        """Return somebody by names as they are written."""
        return cls(
            given_keys=tuple(sorted({name_key(name) for name in given_names} - {""})),
            surname_keys=tuple(sorted({name_key(name) for name in surnames} - {""})),
            mobile=mobile,
        )

    def __repr__(self) -> str:
        return "Claimant()"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Claim:
    """The account that is claimed.

    Attributes:
        account_id: the account that is to stay; 0 unless the verdict is FREE or ACTIVE.
        other_ids: the same person's other accounts that were never activated (R-7).
        guardian_id, school_id: the record whose mobile it is.
        name: given name and surname, as that record has them.
    """

    verdict: ClaimVerdict
    account_id: int = 0
    other_ids: tuple[int, ...] = ()
    guardian_id: int = 0
    school_id: int = 0
    name: str = ""

    def __repr__(self) -> str:
        return f"Claim({self.verdict!s}, account_id={self.account_id})"


_UNKNOWN = Claim(verdict=ClaimVerdict.UNKNOWN)
_HOMONYMS = Claim(verdict=ClaimVerdict.HOMONYMS)


def tidy_mobile(typed: str) -> str | None:
    """Return a mobile as E.164, however it was typed; None if it is none."""
    return parse_mobile(typed)[0] if typed else None


def look_for(session: Session, claimant: Claimant) -> Claim:
    """Return the account that somebody claims, as the database has it now; writes nothing.

    An account none of whose children is enrolled any more is no candidate, unless it is
    active: there is nothing to prove it by.

    Rules: R-7, R-30, R-31, R-41.
    """
    return _judged(_candidates(session, claimant))


def find_claim(session: Session, means: Means, claimant: Claimant) -> Claim:
    """Do the same, and let the desk hear of what leads nowhere (R-31).

    Of names without their mobile only where one account alone bears them: of several, nobody
    could tell whose setback it was.
    """
    candidates = _candidates(session, claimant)
    claim = _judged(candidates)
    if claim.verdict is ClaimVerdict.HOMONYMS:
        told = {record.account_id for record in candidates}
        note_setback(session, SetbackKind.HOMONYMS, told, means.now)
    elif claim.verdict is ClaimVerdict.UNKNOWN:
        bearing = accounts_bearing(session, claimant.given_keys, claimant.surname_keys, most=2)
        if len(bearing) == 1:
            note_setback(session, SetbackKind.MOBILE_UNKNOWN, bearing, means.now)
    return claim


def _candidates(session: Session, claimant: Claimant) -> list[ClaimedRecord]:
    records = claimed_records(session, claimant.given_keys, claimant.surname_keys, claimant.mobile)
    return [
        record
        for record in records
        if record.state is AccountState.ACTIVE or wards_of(session, record.account_id)
    ]


def _judged(records: Sequence[ClaimedRecord]) -> Claim:
    if not records:
        return _UNKNOWN
    if not are_one_person(records):
        return _HOMONYMS
    kept = min(records, key=lambda one: (_PREFERRED.index(one.state), one.account_id))
    others = {
        one.account_id
        for one in records
        if one.account_id != kept.account_id and one.state is not AccountState.ACTIVE
    }
    is_active = kept.state is AccountState.ACTIVE
    return Claim(
        verdict=ClaimVerdict.ACTIVE if is_active else ClaimVerdict.FREE,
        account_id=kept.account_id,
        other_ids=tuple(sorted(others)),
        guardian_id=kept.guardian_id,
        school_id=kept.school_id,
        name=kept.name,
    )
