"""Find the children whom guardians name: by names, then class and birth date; never by guess.

Where the school's software gives its pupils a number and its guardians point at it (SIECLE),
the number decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from educonnect_admin.office.importing.likeness import key, surname_keys
from educonnect_admin.office.importing.roster_plan import Ref
from educonnect_admin.rosters.rows import ChildMention


class Presence(StrEnum):
    """How real somebody is whom a name may mean."""

    PUPIL = "pupil"
    REFUSED = "refused"
    """A row that was refused: the child may well be in the school."""
    LEFT_OUT = "left_out"
    """A row of a child who is not in the school, and whom the name may mean all the same."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Candidate:
    """Somebody whom a name may mean; `ref` is a pupil's, and only a pupil's."""

    presence: Presence
    given_keys: frozenset[str]
    surname_keys: frozenset[str]
    class_key: str
    level_key: str = ""
    birth_dates: frozenset[date] = frozenset()
    source_id: str | None = None
    ref: Ref | None = None

    def __repr__(self) -> str:
        return f"Candidate({self.presence!s}, ref={self.ref})"

    @classmethod
    def of_mention(cls, mention: ChildMention, presence: Presence) -> "Candidate":
        """Return the shadow of a row that was not taken; a name it lacks fits every name."""
        return cls(
            presence=presence,
            given_keys=frozenset({key(mention.given_name)}),
            surname_keys=surname_keys(mention),
            class_key=key(mention.class_label),
            birth_dates=frozenset([mention.birth_date] if mention.birth_date else []),
            source_id=mention.source_id,
        )


class Outcome(StrEnum):
    """What came of looking for a child."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    LEFT_OUT = "left_out"
    """A child who is not, or no longer, in the school, as its own file says."""
    NONE = "none"


class Finding(NamedTuple):
    """The pupils a mention may mean: one if found, any number if ambiguous."""

    outcome: Outcome
    refs: tuple[Ref, ...] = ()
    refused_row: bool = False


class ChildFinder:
    """Everybody whom the guardians of a school may name."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_names: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
        self._by_number: dict[str, Candidate] = {}
        self._classes: set[str] = set()
        self._levels: set[str] = set()
        for candidate in candidates:
            self._classes.add(candidate.class_key)
            self._levels |= _words_of(candidate.level_key)
            if candidate.source_id:
                self._by_number.setdefault(candidate.source_id, candidate)
            for given in candidate.given_keys:
                for surname in candidate.surname_keys or {""}:
                    self._by_names[given, surname].append(candidate)

    def find(self, mention: ChildMention) -> Finding:
        """Return whom a mention means.

        Class and birth date tell homonyms apart; the class is no key of its own, for the
        two files of one school call it by two names. A refused row counts like a pupil: the
        guardian of the child refused must not be given the homonym that went in. Where the
        one bearer of the names is of another class than the one named, which the school has,
        the child meant may be another one: that is asked.
        """
        numbered = self._by_number.get(mention.source_id or "")
        if numbered is not None:
            return _of_number(numbered)
        alike = self._alike(mention)
        if not any(c.presence is not Presence.LEFT_OUT for c in alike):
            return Finding(Outcome.LEFT_OUT if alike else Outcome.NONE)
        told = _told_apart(alike, mention) if len(alike) > 1 else alike
        refs = tuple(candidate.ref for candidate in told if candidate.ref is not None)
        is_one = len(told) == len(refs) == 1 and not self._contradicts(told[0], mention)
        if is_one and mention.given_name:
            return Finding(Outcome.FOUND, refs)
        refused = any(candidate.presence is Presence.REFUSED for candidate in told)
        return Finding(Outcome.AMBIGUOUS, refs, refused)

    def _contradicts(self, candidate: Candidate, mention: ChildMention) -> bool:
        """Tell whether a label that the school knows is neither the child's class nor level."""
        label = key(mention.class_label)
        if not label or candidate.class_key == label or _is_of_level(candidate, label):
            return False
        is_other_class = bool(candidate.class_key) and label in self._classes
        return is_other_class or (bool(candidate.level_key) and label in self._levels)

    def _alike(self, mention: ChildMention) -> list[Candidate]:
        """Return who bears the names, or lacks the one that does not fit; each once."""
        given = key(mention.given_name)
        # In a fixed order: a plan made twice is the same plan.
        surnames = ("", *sorted(surname_keys(mention)))
        names = dict.fromkeys((first, name) for first in (given, "") for name in surnames)
        found = {
            id(candidate): candidate
            for pair in names
            if any(pair)
            for candidate in self._by_names.get(pair, ())
            if _same_day(candidate, mention)
        }
        return list(found.values())


def _of_number(candidate: Candidate) -> Finding:
    if candidate.ref is not None:
        return Finding(Outcome.FOUND, (candidate.ref,))
    if candidate.presence is Presence.LEFT_OUT:
        return Finding(Outcome.LEFT_OUT)
    return Finding(Outcome.AMBIGUOUS, refused_row=True)


def _same_day(candidate: Candidate, mention: ChildMention) -> bool:
    return (
        mention.birth_date is None
        or not candidate.birth_dates
        or mention.birth_date in candidate.birth_dates
    )


def _told_apart(alike: Sequence[Candidate], mention: ChildMention) -> Sequence[Candidate]:
    """Keep those of the class named; all of them when it fits none.

    Guardians' files write the label, the level, both, or the word «classe» and the level, and
    a class may be called like the level of another one. Whoever has no class, or no level
    where levels decide, may fit: a shadow never has one.
    """
    label = key(mention.class_label)
    by_class = any(label and candidate.class_key == label for candidate in alike)
    by_level = any(label and _is_of_level(candidate, label) for candidate in alike)
    return [
        candidate
        for candidate in alike
        if not (by_class or by_level)
        or candidate.class_key == label
        or _is_of_level(candidate, label)
        or (by_class and not candidate.class_key)
        or (by_level and not candidate.level_key)
    ]


def _is_of_level(candidate: Candidate, label: str) -> bool:
    level = candidate.level_key
    words = _words_of(level)
    return label in words or (bool(level) and label == f"{candidate.class_key}{level}")


def _words_of(level: str) -> set[str]:
    return {level, f"classe{level}"} if level else set()
