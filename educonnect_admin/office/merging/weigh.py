"""How much speaks for two records being one person's: the evidence, and its sum (R-7)."""

from collections.abc import Sequence
from typing import NamedTuple

from educonnect_admin.office.merging.contacts_alike import (
    Crowded,
    compare_addresses,
    compare_reach,
)
from educonnect_admin.office.merging.evidence import NEVER, WEIGHTS, Code, Fact
from educonnect_admin.office.merging.names_alike import compare_names
from educonnect_admin.queries.merge_records import MergeRecord

THRESHOLD = 60
"""Below it nothing is proposed: names and one good contact, or the like, are above."""
_MOST = 100
_SAME_NAMES = {Code.GIVEN_SAME, Code.FAMILY_SAME}
_CONTRADICTIONS = {Code.EMAIL_OTHER, Code.MOBILE_OTHER}
_OF_ONE_HAND = {Code.EMAIL_SAME, Code.MOBILE_SAME}


class Weighed(NamedTuple):
    """A score from 0 to 100, and what it is made of."""

    score: int
    facts: tuple[Fact, ...]

    @property
    def is_proposed(self) -> bool:
        """Whether a person should look at the two."""
        return self.score >= THRESHOLD


def weigh(one: MergeRecord, other: MergeRecord, crowded: Crowded = frozenset()) -> Weighed:
    """Weigh whether two records are one person's.

    Args:
        one: A record.
        other: Another one, of the same school or not.
        crowded: Contacts that many records share.

    Rule: R-7.
    """
    facts = list(compare_names(one, other))
    if _differ(one.civility, other.civility):
        facts.append(Fact(Code.CIVILITY_OTHER))
    if any(WEIGHTS[fact.code] == NEVER for fact in facts):
        # Most pairs are couples, or namesakes of two given names: looked at no further.
        return Weighed(0, tuple(facts))
    facts += compare_reach(one, other, crowded)
    if not one.pupils.isdisjoint(other.pupils):
        facts.append(Fact(Code.CHILD_SAME))
    if one.school_id == other.school_id and _are_told_apart({fact.code for fact in facts}):
        facts.append(Fact(Code.TOLD_APART))
    if _points(facts) + WEIGHTS[Code.ADDRESS_SAME] >= THRESHOLD:
        # Comparing addresses takes longest; the best of them would not help the others.
        facts += compare_addresses(one, other)
    return Weighed(max(0, min(_MOST, _points(facts))), tuple(facts))


def _points(facts: Sequence[Fact]) -> int:
    return sum(fact.weight for fact in facts)


def _differ(one: str | None, other: str | None) -> bool:
    return None not in {one, other} and one != other


def _are_told_apart(codes: set[Code]) -> bool:
    """Tell whether a school's own file shows two people of one name, with other contacts."""
    return (
        codes >= _SAME_NAMES
        and not codes.isdisjoint(_CONTRADICTIONS)
        and codes.isdisjoint(_OF_ONE_HAND)
    )
