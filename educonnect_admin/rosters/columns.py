"""What somebody said of the columns of a school's files, where their headings do not say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.vocabulary import (
    IGNORED,
    WORDS,
    Field,
    heading_words,
    parse_heading,
)

_LIKE = 78
"""From how like a word must be to a known one, of 100, to be proposed in its place."""
_SHORTEST = 4
"""Of shorter words any two are alike."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Headings and the fields they were said to be; an accent, a capital, a space is none."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    """Heading as it was written down → field."""
    _by_key: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look headings up by their keys."""
        object.__setattr__(self, "_by_key", {name_key(h): f for h, f in self.fields.items()})

    def __bool__(self) -> bool:
        """Tell whether anything was said."""
        return bool(self.fields)

    def field_of(self, heading: str) -> Field | None:
        """Return what a heading was said to be, if anything was."""
        return self._by_key.get(name_key(heading)) if self._by_key else None

    def with_fields(self, said: Mapping[str, Field]) -> "Columns":
        """Return the same with more headings; a heading that was known takes its new field."""
        keys = set(map(name_key, said))
        kept = {h: f for h, f in self.fields.items() if name_key(h) not in keys}
        return Columns({**kept, **said})

    def spelt_as(self, headings: Iterable[str]) -> "Columns":
        """Return the same with its headings as they stand in files."""
        own = {name_key(heading): heading for heading in headings}
        return Columns({own.get(name_key(h), h): f for h, f in self.fields.items()})

    def absent_from(self, headings: Iterable[str]) -> tuple[str, ...]:
        """Return the headings of which something was said, and that stand in no file."""
        there = set(map(name_key, headings))
        return tuple(
            heading
            for heading, kept in self.fields.items()
            if name_key(heading) not in there and kept != IGNORED
        )


NOTHING_SAID = Columns()


@lru_cache(maxsize=4_096)
def propose(heading: str) -> Field | None:
    """Return what a misspelt heading probably means, never to be used before somebody agrees."""
    from rapidfuzz import fuzz, process

    words = heading_words(heading)
    if parse_heading(heading) or not words or len(heading) > 80:
        return None
    spelt = []
    for word in words:
        if word in WORDS or len(word) < _SHORTEST:
            spelt.append(word)
            continue
        found = process.extractOne(word, sorted(WORDS), scorer=fuzz.ratio, score_cutoff=_LIKE)
        if found is None:
            return None
        spelt.append(found[0])
    said = parse_heading(" ".join(spelt))
    return said.field if said else None
