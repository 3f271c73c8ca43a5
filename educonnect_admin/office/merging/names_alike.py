"""How alike the names of two records are: the same, a slip away, a part, crossed (R-7)."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import JaroWinkler

from educonnect_admin.office.merging.evidence import Code, Fact
from educonnect_admin.office.searching.wording import words_of
from educonnect_admin.queries.merge_records import MergeRecord

NEAR = 0.88
"""Jaro-Winkler: one slip in a name of five letters, two in a long one."""
_SHORTEST = 3
_OF_A_WOMAN = ("ie", "ine")
"""What makes Émilie of Émile: the only endings that keep the last letter."""


def compare_names(one: MergeRecord, other: MergeRecord) -> Iterator[Fact]:
    """Yield how given names and surnames compare; two given names are two people."""
    if swapped := _swapped(one, other):
        yield swapped
        return
    yield _given(one.given_name, other.given_name, same_sex=_are_of_one_sex(one, other))
    yield _surnames(one, other)
    if one.usage_key and other.usage_key and one.usage_key != other.usage_key:
        yield Fact(Code.USAGE_OTHER)


def _are_of_one_sex(one: MergeRecord, other: MergeRecord) -> bool:
    return one.civility is not None and one.civility == other.civility


@lru_cache(maxsize=65_536)
def _given(one: str, other: str, *, same_sex: bool) -> Fact:
    ours, theirs = words_of(one), words_of(other)
    left, right = "".join(ours), "".join(theirs)
    if not left or not right:
        return Fact(Code.GIVEN_OTHER)
    if left == right:
        return Fact(Code.GIVEN_SAME)
    if _is_initial(ours, theirs) or _is_initial(theirs, ours):
        return Fact(Code.GIVEN_INITIAL)
    if _is_part(ours, theirs):
        return Fact(Code.GIVEN_PART)
    if not same_sex and _may_be_a_couples(*sorted((left, right), key=len)):
        return Fact(Code.GIVEN_OTHER)
    return _near(left, right, Code.GIVEN_NEAR) or Fact(Code.GIVEN_OTHER)


def _is_initial(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return all(len(word) == 1 for word in short) and long[0].startswith(short[0])


def _is_part(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether one is the other with more names before or behind it."""
    short, long = sorted((one, other), key=len)
    return len(short) < len(long) and set(short) <= set(long)


def _may_be_a_couples(short: str, long: str) -> bool:
    """Tell whether two near names end differently, as a woman's and a man's do.

    Julie and Julien, Joël and Joëlle share all their contacts; where no civility tells them
    apart, a slip in the last letter is not forgiven.
    """
    return short[-1] != long[-1] or any(long == short[:-1] + ending for ending in _OF_A_WOMAN)


def _near(one: str, other: str, code: Code) -> Fact | None:
    if min(len(one), len(other)) < _SHORTEST:
        return None
    alike = JaroWinkler.similarity(one, other, score_cutoff=NEAR)
    return Fact(code, alike) if alike else None


def _swapped(one: MergeRecord, other: MergeRecord) -> Fact | None:
    """Tell whether somebody wrote the given name for the surname and the surname for it."""
    mine, theirs = one.given_key, other.given_key
    if one.family_key == other.family_key or mine == theirs:
        return None
    across = [(mine, other.family_key), (theirs, one.family_key)]
    near = [_near(given, surname, Code.NAMES_SWAPPED) for given, surname in across]
    if None in near or not any(given == surname for given, surname in across):
        return None
    return Fact(Code.NAMES_SWAPPED, sum(fact.alike for fact in near if fact) / len(near))


def _surnames(one: MergeRecord, other: MergeRecord) -> Fact:
    """Tell how surnames compare; family and usage names may be crossed by a marriage."""
    if one.family_key == other.family_key:
        return Fact(Code.FAMILY_SAME)
    return _married(one, other) or _alike(one, other) or Fact(Code.FAMILY_OTHER)


def _married(one: MergeRecord, other: MergeRecord) -> Fact | None:
    if other.usage_key == one.family_key or one.usage_key == other.family_key:
        return Fact(Code.FAMILY_CROSSED)
    if one.usage_key and one.usage_key == other.usage_key:
        return Fact(Code.USAGE_SAME)
    return None


def _alike(one: MergeRecord, other: MergeRecord) -> Fact | None:
    pairs = product((one.family_name, one.usage_name), (other.family_name, other.usage_name))
    found = [fact for mine, theirs in pairs if mine and theirs and (fact := _surname(mine, theirs))]
    return max(found, key=lambda fact: fact.weight, default=None)


@lru_cache(maxsize=65_536)
def _surname(one: str, other: str) -> Fact | None:
    ours, theirs = words_of(one), words_of(other)
    if _is_part(ours, theirs):
        return Fact(Code.FAMILY_PART)
    return _near("".join(ours), "".join(theirs), Code.FAMILY_NEAR)
