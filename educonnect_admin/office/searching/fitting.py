"""How well a person fits all that was typed: every word must find its place."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from educonnect_admin.office.searching.closeness import EXACT, closeness
from educonnect_admin.office.searching.wording import Span, spans_of
from educonnect_admin.queries.person_names import Named, PersonNames

_FIELDS = ("family_name", "usage_name", "given_name")
_RELATIVE = 0.98
_INITIAL = 0.9
NEAR = ":near"


class Fit(NamedTuple):
    """How well somebody fits.

    Attributes:
        score: from 0 to 100; 100: each word is a name of the person.
        exact: nothing was mistyped.
        matched_by: the fields that the words are, `:near` behind those that differ.
    """

    score: float
    exact: bool
    matched_by: tuple[str, ...]


class _Best(NamedTuple):
    worth: float
    exact: bool
    fields: tuple[str, ...]


def fit(words: tuple[str, ...], person: PersonNames, relation: str) -> Fit | None:
    """Return how well a person fits, or nothing if a word finds no place.

    Args:
        words: Folded words as typed.
        person: All its names, and those of its relatives.
        relation: What a relative is: `child` or `guardian`.
    """
    best: list[_Best | None] = [_Best(0.0, exact=True, fields=())] + [None] * len(words)
    for span in sorted(_spans(words), key=lambda span: span.end):
        before = best[span.start]
        place = _best_place(span.key, person, relation) if before is not None else None
        if before is None or place is None:
            continue
        worth = before.worth + place.worth * len(span.key)
        rival = best[span.end]
        if rival is None or worth > rival.worth:
            best[span.end] = _Best(
                worth, before.exact and place.exact, (*before.fields, *place.fields)
            )
    last = best[-1]
    if last is None:
        return None
    letters = sum(map(len, words))
    return Fit(100 * last.worth / letters, last.exact, tuple(dict.fromkeys(last.fields)))


@lru_cache(maxsize=64)
def _spans(words: tuple[str, ...]) -> list[Span]:
    return spans_of(words)


def _best_place(key: str, person: PersonNames, relation: str) -> _Best | None:
    places = list(_places(key, person.own, "", 1.0))
    for relative in person.relatives:
        places += _places(key, relative, f"{relation}.", _RELATIVE)
    return max(places, key=lambda place: place.worth, default=None)


def _places(
    key: str, names: Sequence[str | None] | Named, where: str, side: float
) -> Iterator[_Best]:
    for field, name in zip(_FIELDS, names, strict=True):
        near = closeness(key, name) if name else 0.0
        if near:
            exact = near >= EXACT or len(key) == 1
            yield _Best(near * side, exact, (f"{where}{field}{'' if exact else NEAR}",))
