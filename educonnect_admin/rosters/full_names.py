"""Family name and given name out of one cell: only where its capitals tell them apart."""

import re
from typing import NamedTuple

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import tidy
from educonnect_admin.rosters.cells import parse_civility

_PARTICLES = frozenset(
    {"de", "du", "des", "la", "le", "les", "da", "dos", "von", "van", "der", "den", "el", "al",
     "ben", "di", "d'", "d’"}
)  # fmt: skip
_APOSTROPHES = re.compile(r"[’']")


class FullName(NamedTuple):
    """What one cell says of somebody."""

    family_name: str
    given_name: str
    civility: Civility | None

    def __repr__(self) -> str:
        """Tell nobody's name."""
        return "FullName()"


def split_full_name(text: str) -> FullName | None:
    """Return the two names of a cell such as `DE LA TOUR Marie` or `Mme DURAND Anne`.

    The family name stands in capitals, before or after the given name, which does not; or a
    comma follows it. Anything else could be cut in two places, and is not cut at all: a
    couple, a name all in capitals or all in small letters.
    """
    words = tidy(text).split(" ")
    civility = parse_civility(words[0]) if len(words) > 2 else None
    if civility:
        words = words[1:]
    if (names := _at_comma(words) or _at_capitals(words)) is None:
        return None
    return FullName(*names, civility)


def _at_comma(words: list[str]) -> tuple[str, str] | None:
    family, comma, given = " ".join(words).partition(",")
    if not comma or "," in given or not family.strip() or not given.strip():
        return None
    return family.strip(), given.strip()


def _at_capitals(words: list[str]) -> tuple[str, str] | None:
    marks = [_mark(word) for word in words]
    if None in marks:
        return None
    for at in range(1, len(words)):
        before, after = marks[:at], marks[at:]
        if _is_family(before) and set(after) == {"given"}:
            return " ".join(words[:at]), " ".join(words[at:])
        if set(before) == {"given"} and _is_family(after):
            return " ".join(words[at:]), " ".join(words[:at])
    return None


def _is_family(marks: list[str | None]) -> bool:
    return "family" in marks and set(marks) <= {"family", "particle"} and marks[-1] == "family"


def _mark(word: str) -> str | None:
    """Tell what a word may be; nothing for an initial, a number, a sign, `et`."""
    letters = _APOSTROPHES.sub("", word).replace("-", "").rstrip(".")
    if word.lower() in _PARTICLES and word.islower():
        return "particle"
    if not letters.isalpha() or len(letters) < 2 or letters.islower():
        return None
    return "family" if letters.isupper() else "given"
