"""Searching by names: exact ones first, then those that a slip or a shortening explains."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from sqlalchemy.orm import Session

from educonnect_admin.office.searching.closeness import closeness, may_hold, slips, slips_allowed
from educonnect_admin.office.searching.fitting import Fit, fit
from educonnect_admin.office.searching.wording import MOST_WORDS, Span, cuts_of, spans_of
from educonnect_admin.queries.find_names import (
    go_by_indexes,
    known_words,
    words_holding,
    words_like,
)
from educonnect_admin.queries.find_people import (
    GUARDIANS,
    Side,
    bearers,
    bearing,
    bearing_both,
    bearing_initial,
    bearing_pair,
    how_many_bearing,
)
from educonnect_admin.queries.person_names import PersonNames, names_of_people

Names = Mapping[Span, set[str]]

_MOST_PEOPLE = 600
"""How many people are looked at one by one, for each way of reading what was typed."""
_MOST_READINGS = 4
_RARE, _RARE_NEAR = 3_000, 1_200
"""A name, or names near it, that more people bear is only looked for beside another of the
same person."""
_HOLDS_FROM = 3
_ENOUGH = 5
"""With so many people one slip away, or one exact, names further off are not looked for."""


class Hit(NamedTuple):
    """Somebody who fits, and how well."""

    person: PersonNames
    fit: Fit


class Hits(NamedTuple):
    """Who fits, the best first.

    Attributes:
        total: how many there are, about.
        whole: every one of them is in `hits`.
    """

    hits: list[Hit]
    total: int
    whole: bool


NOBODY = Hits([], 0, whole=True)


def find_by_names(session: Session, side: Side, words: tuple[str, ...], wanted: int) -> Hits:
    """Return the people whom all words fit, exact hits first, then the nearest.

    Args:
        session: An open session.
        side: Who is looked for.
        words: Folded words as typed.
        wanted: Names that are only near are looked for if fewer people fit exactly.
    """
    if not words or len(words) > MOST_WORDS or all(len(word) == 1 for word in words):
        return NOBODY
    go_by_indexes(session)
    search = _Search(session, side, words)
    spans = [span for span in spans_of(words) if not span.is_initial]
    known = known_words(session, {span.key for span in spans})
    exact: Names = {span: {span.key} for span in spans if span.key in known}
    found = search.look_at(exact, rare=_RARE)
    if len(found.hits) >= wanted:
        return found
    near = _one_slip_away(session, spans, known)
    found = search.look_at(near, rare=_RARE_NEAR)
    if len(found.hits) >= min(wanted, _ENOUGH) or any(hit.fit.exact for hit in found.hits):
        return found
    return search.look_at(_written_alike(session, near, spans), rare=_RARE_NEAR)


def _one_slip_away(session: Session, spans: list[Span], known: set[str]) -> Names:
    """Return the names that each span is one slip away from, or a part of."""
    nearby = {span: slips(span.key) for span in spans if slips_allowed(span.key)}
    slipped = known_words(session, set().union(*nearby.values()))
    found = {span: slipped & nearby.get(span, set()) | ({span.key} & known) for span in spans}
    single = [span for span in spans if span.end - span.start == 1 and len(span.key) >= _HOLDS_FROM]
    holding = words_holding(session, {span.key for span in single})
    for span in single:
        found[span] |= holding[span.key]
    return {span: names for span, names in found.items() if names}


def _written_alike(session: Session, before: Names, spans: list[Span]) -> Names:
    """Return the same names, and those that long spans share most trigrams with."""
    found = dict(before)
    long = [span for span in spans if slips_allowed(span.key) > 1]
    like = words_like(session, {span.key for span in long})
    for span in long:
        alike = {word for word in like[span.key] if may_hold(span.key, word)}
        found[span] = alike | found.get(span, set())
    return {span: names for span, names in found.items() if names}


class _Search:
    """One question being answered."""

    def __init__(self, session: Session, side: Side, words: tuple[str, ...]) -> None:
        self._session, self._side, self._words = session, side, words
        self._initials = [span for span in spans_of(words) if span.is_initial]
        self._ids: set[int] = set()
        self._bearers: dict[str, int] = {}
        self._pairs: dict[tuple[frozenset[str], frozenset[str]], list[int]] = {}
        self._whole = True
        self._relation = "child" if side is GUARDIANS else "guardian"

    def look_at(self, names: Names, *, rare: int) -> Hits:
        """Fetch who bears such names, beside those met before; keep whom every word fits."""
        cuts = cuts_of([*self._initials, *names], len(self._words))
        cuts = sorted(cuts, key=len)[:_MOST_READINGS]
        self._count_bearers([_terms(cut, names) for cut in cuts])
        total, self._whole = 0, True
        for cut in cuts:
            met = self._people(cut, names, rare)
            self._whole = self._whole and len(met) < _MOST_PEOPLE
            if len(met) >= _MOST_PEOPLE and len(cut) == 1:
                total = max(total, how_many_bearing(self._session, self._side, names[cut[0]]))
            self._ids.update(met)
        hits = [
            Hit(person, found)
            for person in names_of_people(self._session, self._side, self._ids)
            if (found := fit(self._words, person, self._relation)) is not None
        ]
        hits.sort(key=lambda hit: (-round(hit.fit.score, 1), hit.person.sort_key))
        return Hits(hits, max(total, len(hits)), self._whole)

    def _people(self, cut: tuple[Span, ...], names: Names, most_rare: int) -> list[int]:
        terms = _terms(cut, names)
        initials = [span.key for span in cut if span.is_initial]
        asked = (self._session, self._side)
        if not terms:
            return []
        if len(terms) == 1:
            if initials:
                return bearing_initial(*asked, terms[0], initials[0], _MOST_PEOPLE)
            return list(self._bearing(cut, terms[0]))
        counted = sorted(
            (sum(self._bearers[name] for name in term), at) for at, term in enumerate(terms)
        )
        (fewest, rare), (_, other) = counted[0], counted[1]
        if fewest > most_rare:
            self._whole = False
            return self._pair(terms[rare], terms[other])
        return bearing_both(*asked, terms[rare], terms[other], _MOST_PEOPLE)

    def _pair(self, one: set[str], other: set[str]) -> list[int]:
        """Return who bears two common names; each pair is asked once a question."""
        asked = frozenset(one), frozenset(other)
        if asked not in self._pairs:
            self._pairs[asked] = bearing_pair(self._session, self._side, one, other, _MOST_PEOPLE)
        return self._pairs[asked]

    def _count_bearers(self, readings: Sequence[Sequence[set[str]]]) -> None:
        """Learn how often people bear the names of which several stand side by side.

        All at once, and each is counted once a question.
        """
        names = {name for terms in readings if len(terms) > 1 for term in terms for name in term}
        if new := names - self._bearers.keys():
            self._bearers |= bearers(self._session, new)

    def _bearing(self, cut: tuple[Span, ...], names: set[str]) -> Iterator[int]:
        """Give those who bear one name, the nearest to what was typed first."""
        left = _MOST_PEOPLE
        for _, alike in groupby(
            sorted(names, key=partial(_distance, cut[-1].key)), key=partial(_distance, cut[-1].key)
        ):
            if left > 0:
                people = bearing(self._session, self._side, set(alike), left)
                left -= len(people)
                yield from people


def _terms(cut: tuple[Span, ...], names: Names) -> list[set[str]]:
    return [names[span] for span in cut if not span.is_initial]


def _distance(typed: str, name: str) -> float:
    return -round(closeness(typed, name), 2)
