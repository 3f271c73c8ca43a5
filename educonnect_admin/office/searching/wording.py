"""What was typed, cut into words that may be joined: `le gall`, `jean pierre`, `n diaye`."""

import re
from typing import NamedTuple

from educonnect_admin.domain.names import name_key, tidy

LONGEST_TEXT = 200
MOST_WORDS = 12
_LONGEST_SPAN = 4
_BETWEEN = re.compile(r"[^\w]+|_+")


class Span(NamedTuple):
    """Neighbouring words typed, from `start` to before `end`, joined into one folded name."""

    start: int
    end: int
    key: str

    @property
    def is_initial(self) -> bool:
        """Whether it is one letter: the beginning of any name."""
        return len(self.key) == 1


def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words of a text or name; hyphens, apostrophes and dots part them.

    A sign of another script counts by its transliteration; what folds to nothing is dropped.
    """
    return tuple(key for part in _BETWEEN.split(tidy(text)) if (key := name_key(part)))


def spans_of(words: tuple[str, ...]) -> list[Span]:
    """Return every way of joining up to four neighbours, the single words first."""
    return [
        Span(start, start + length, "".join(words[start : start + length]))
        for length in range(1, min(_LONGEST_SPAN, len(words)) + 1)
        for start in range(len(words) - length + 1)
    ]


def cuts_of(spans: list[Span], size: int) -> list[tuple[Span, ...]]:
    """Return the ways in which spans cover so many words, one after the other.

    Args:
        spans: Those that may be used.
        size: How many words there are.
    """
    found: list[list[tuple[Span, ...]]] = [[] for _ in range(size + 1)]
    found[0].append(())
    for end in range(1, size + 1):
        for span in spans:
            if span.end == end:
                found[end] += [(*before, span) for before in found[span.start]]
        del found[end][_MOST_CUTS:]
    return found[size]


_MOST_CUTS = 64
