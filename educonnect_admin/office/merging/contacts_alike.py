"""How alike the e-mails, mobiles and addresses of two records are (R-7)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from educonnect_admin.domain.names import name_key
from educonnect_admin.office.merging.evidence import Code, Fact
from educonnect_admin.office.merging.names_alike import NEAR
from educonnect_admin.office.searching.wording import words_of
from educonnect_admin.queries.merge_records import MergeRecord

Crowded = frozenset[str]
"""E-mails, in lower case, and mobiles that many records share: they tell nothing."""

_STREET = 80
"""A share in a hundred: how much of a street's words or letters must be the same."""
_SHORTEST = 6
_ONE_SLIP = 1
_NUMBER = re.compile(r"[0-9]+[a-z]?", re.ASCII)


def compare_reach(one: MergeRecord, other: MergeRecord, crowded: Crowded) -> Iterator[Fact]:
    """Yield how what both have of e-mail and mobile compares.

    Args:
        one: A record.
        other: Another one.
        crowded: Contacts that count for nothing, for or against.
    """
    yield from _email(one.email, other.email, crowded)
    yield from _mobile(one.mobile, other.mobile, crowded)


def _email(one: str | None, other: str | None, crowded: Crowded) -> Iterator[Fact]:
    if not one or not other:
        return
    mine, theirs = one.lower(), other.lower()
    if {mine, theirs} & crowded:
        return
    if mine == theirs:
        yield Fact(Code.EMAIL_SAME)
    elif _is_near(mine, theirs):
        yield Fact(Code.EMAIL_NEAR)
    else:
        yield Fact(Code.EMAIL_OTHER)


def _is_near(one: str, other: str) -> bool:
    """Tell whether one long address was misspelt, or stands at two providers."""
    mine, theirs = one.partition("@")[0], other.partition("@")[0]
    if min(len(mine), len(theirs)) < _SHORTEST:
        return False
    return mine == theirs or _is_a_slip(one, other)


def _mobile(one: str | None, other: str | None, crowded: Crowded) -> Iterator[Fact]:
    if not one or not other or {one, other} & crowded:
        return
    if one == other:
        yield Fact(Code.MOBILE_SAME)
    else:
        yield Fact(Code.MOBILE_NEAR if _is_a_slip(one, other) else Code.MOBILE_OTHER)


@lru_cache(maxsize=4_096)
def _is_a_slip(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=_ONE_SLIP) <= _ONE_SLIP


def compare_addresses(one: MergeRecord, other: MergeRecord) -> Iterator[Fact]:
    """Yield how what both have of an address compares: the door, the street, the place."""
    place = _same_place(one, other)
    if place is False:
        yield Fact(Code.ADDRESS_OTHER)
    elif one.street and other.street and (street := _street(one.street, other.street)):
        yield street
    elif place:
        yield Fact(Code.PLACE_SAME)
    elif one.street and other.street:
        yield Fact(Code.ADDRESS_OTHER)


def _same_place(one: MergeRecord, other: MergeRecord) -> bool | None:
    """Tell whether postcode or town is the same but for a slip; nothing if neither is known."""
    said: list[bool] = []
    if one.postcode and other.postcode:
        said.append(_is_a_slip(one.postcode, other.postcode))
    if one.city and other.city:
        said.append(JaroWinkler.similarity(name_key(one.city), name_key(other.city)) >= NEAR)
    return any(said) if said else None


@lru_cache(maxsize=4_096)
def _street(one: str, other: str) -> Fact | None:
    """Compare two streets: words may be cut otherwise or misspelt, the number tells doors apart."""
    ours, theirs = words_of(one), words_of(other)
    if ours == theirs:
        return Fact(Code.ADDRESS_SAME)
    mine, yours = _words(ours), _words(theirs)
    alike = _alike(mine, yours)
    if not mine or not yours or alike < _STREET:
        return None
    if _numbers(ours)[:1] == _numbers(theirs)[:1] != []:
        return Fact(Code.ADDRESS_NEAR)
    return Fact(Code.STREET_SAME)


def _alike(one: list[str], other: list[str]) -> float:
    left, right = "".join(one), "".join(other)
    ratios = [fuzz.token_set_ratio(" ".join(one), " ".join(other)), fuzz.ratio(left, right)]
    if min(len(left), len(right)) >= _SHORTEST:
        ratios.append(fuzz.partial_ratio(left, right))
    return max(ratios)


def _words(street: tuple[str, ...]) -> list[str]:
    return [word for word in street if not _NUMBER.fullmatch(word)]


def _numbers(street: tuple[str, ...]) -> list[str]:
    return [word for word in street if _NUMBER.fullmatch(word)]
