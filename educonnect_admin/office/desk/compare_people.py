"""Whether two accounts can be one person's, as far as the schools' records say (R-7, R-8)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.office.importing.likeness import key, surname_keys
from educonnect_admin.queries.accounts import account_by_identifier
from educonnect_admin.queries.sides import Side, SideRecord, side_of


class Likeness(StrEnum):
    """What two accounts say of one fact."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """One of the two does not say."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Comparison:
    """Two accounts side by side, and what the records say of each fact."""

    principal: Side
    other: Side
    facts: dict[str, Likeness]

    @property
    def different(self) -> tuple[str, ...]:
        """Every fact that differs, `same_school` last."""
        found = tuple(name for name, said in self.facts.items() if said is Likeness.DIFFERENT)
        return (*found, "same_school") if self.shares_a_school else found

    @property
    def two_people(self) -> tuple[str, ...]:
        """What tells two people rather than one whom each school knows in its own way.

        A name, a civility, or two records of one school: father and son. An e-mail or a
        mobile may differ, each school knows its own (R-8); but where neither is the same,
        nothing but names speaks for one person (R-7).
        """
        contacts = ("email", "mobile")
        told = tuple(name for name in self.different if name not in contacts)
        known = any(self.facts.get(name) is Likeness.SAME for name in contacts)
        return told if known else (*told, *contacts)

    @property
    def shares_a_school(self) -> bool:
        """Whether one school has a record in each: it knows them as two people."""
        schools = [{record.school_id for record in side.records} for side in self._sides]
        return not schools[0].isdisjoint(schools[1])

    @property
    def loses_the_active_one(self) -> bool:
        """Whether the account that goes is in use, and the one that stays is not."""
        return (
            self.other.state is AccountState.ACTIVE
            and self.principal.state is not AccountState.ACTIVE
        )

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.principal, self.other

    def __repr__(self) -> str:
        return f"Comparison(different={self.different})"


def compare_accounts(session: Session, principal: str, other: str) -> Comparison:
    """Lay two accounts side by side; nothing is refused but what does not exist.

    Args:
        session: An open session; reading is enough.
        principal: The identifier of the account that would stay.
        other: The identifier of the account whose records would move.

    Raises:
        UnknownAccount: no account bears one of the identifiers.
    """
    sides = [
        side_of(session, account_by_identifier(session, typed)) for typed in (principal, other)
    ]
    return compare_sides(*sides)


def compare_sides(principal: Side, other: Side) -> Comparison:
    """Compare what the records of two accounts say of their holders."""
    facts = {
        name: _compare(keys, principal.records, other.records) for name, keys in _FACTS.items()
    }
    return Comparison(principal=principal, other=other, facts=facts)


def _compare(keys: "Keys", ours: Iterable[SideRecord], theirs: Iterable[SideRecord]) -> Likeness:
    """A fact is the same if one record of each says so, for each school writes its own way."""
    pairs = [
        (one, two)
        for left, right in product(ours, theirs)
        if (one := keys(left)) and (two := keys(right))
    ]
    if not pairs:
        return Likeness.UNKNOWN
    is_same = any(not one.isdisjoint(two) for one, two in pairs)
    return Likeness.SAME if is_same else Likeness.DIFFERENT


Keys = Callable[[SideRecord], frozenset[str]]


def _one(text: str | None) -> frozenset[str]:
    return frozenset({text} if text else ())


_FACTS: dict[str, Keys] = {
    "family_name": surname_keys,
    "given_name": lambda record: _one(key(record.given_name)),
    "civility": lambda record: _one(record.civility),
    "email": lambda record: _one(record.email.casefold() if record.email else None),
    "mobile": lambda record: _one(record.mobile),
}
