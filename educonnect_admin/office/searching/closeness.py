"""How near a name is to what was typed: the same, a part of it, a slip of the fingers."""

from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from educonnect_admin.office.searching.wording import words_of

EXACT = 0.95
"""From here on nothing was mistyped: it is the name, or a part of a compound one."""

_SHORT, _LONG = 3, 7
_PART, _BEGINNING = 0.96, 0.84
_SWAPPED = 0.7
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
IDENTIFIER_SIGNS = _LETTERS + "0123456789.-"


def slips(word: str, signs: str = _LETTERS) -> set[str]:
    """Return what is one slip away: a sign lost, added, changed, or swapped with the next."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    lost = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    changed = {left + sign + right[1:] for left, right in halves if right for sign in signs}
    added = {left + sign + right for left, right in halves for sign in signs}
    return lost | swapped | changed | added


def slips_allowed(word: str) -> int:
    """Return how many slips are forgiven: none below three letters, two in a long word."""
    return 0 if len(word) < _SHORT else 1 if len(word) < _LONG else 2


def may_hold(typed: str, name: str) -> bool:
    """Tell whether a folded name may be, or hold as a part, what was typed."""
    if _likeness(typed, name) > 0:
        return True
    return len(name) > len(typed) + 1 and fuzz.partial_ratio(typed, name) >= _HELD


_HELD = 80


@lru_cache(maxsize=65_536)
def closeness(typed: str, name: str) -> float:
    """Return how near a name, as it is written, is to what was typed.

    Args:
        typed: A folded word or several joined.
        name: A family, usage or given name.

    Returns:
        1 for the same name, at least `EXACT` for a part of a compound one, less for a slip
        or a beginning, 0 if it is another name.
    """
    parts = words_of(name)
    whole = "".join(parts)
    if typed == whole:
        return 1.0
    if len(typed) == 1:
        return _BEGINNING if any(part.startswith(typed) for part in parts) else 0.0
    if typed in _pieces(parts):
        return _PART
    return max(
        _likeness(typed, whole) * _PART,
        *(_likeness(typed, piece) * _PART**2 for piece in _pieces(parts)),
        _begins(typed, parts, whole),
        0.0,
    )


def _pieces(parts: tuple[str, ...]) -> set[str]:
    """Return what a compound name may be called for short: its parts, joined neighbours."""
    if len(parts) < 2:
        return set()
    ends = range(1, len(parts) + 1)
    return {"".join(parts[start:end]) for end in ends for start in range(end)}


def _begins(typed: str, parts: tuple[str, ...], whole: str) -> float:
    if len(typed) < _SHORT or not any(name.startswith(typed) for name in (whole, *parts)):
        return 0.0
    return _BEGINNING * (0.9 + 0.1 * len(typed) / len(whole))


def _likeness(typed: str, name: str) -> float:
    most = min(slips_allowed(typed), slips_allowed(name))
    distance = OSA.distance(typed, name, score_cutoff=most)
    if distance > most:
        return 0.0
    # Two letters swapped are the commonest slip: nothing is missing, nothing is foreign.
    weight = _SWAPPED if distance and sorted(typed) == sorted(name) else 1.0
    return 1 - weight * distance / max(len(typed), len(name))
