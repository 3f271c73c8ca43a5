"""Where a chain of the trail does not verify, and why (R-63)."""

from enum import StrEnum
from typing import NamedTuple


class BreakCause(StrEnum):
    """What is wrong at the place where a chain breaks."""

    CHANGED = "changed"
    """What the entry says is not what was sealed."""
    MISSING = "missing"
    """An entry was removed: the next number stands in its place."""
    RENUMBERED = "renumbered"
    """The row got another id than the one it was written under."""
    REASON_CHANGED = "reason_changed"
    """The free text is not the one that was sealed; one that was purged is no break."""
    CUT = "cut"
    """The chain ends before the entry that its head tells of."""
    UNTOLD = "untold"
    """The chain goes on, or ends, otherwise than its head tells."""
    NO_HEAD = "no_head"
    """The head is gone."""
    FORGED_HEAD = "forged_head"
    """The head was not sealed with our key."""
    GONE = "gone"
    """Nothing is left of a chain that must be there."""
    NO_SCHOOL = "no_school"
    """The chain is whole, and its school is gone."""
    BEFORE_KEPT = "before_kept"
    """The chain ends before a head that somebody noted: an older database was put back."""
    BESIDE_KEPT = "beside_kept"
    """The chain does not go through a head that somebody noted."""


class Break(NamedTuple):
    """Where a chain breaks: the number of the entry, from 1, and why."""

    sequence: int
    cause: BreakCause


class KeptHead(NamedTuple):
    """The end of a chain as somebody noted it elsewhere."""

    count: int  # type: ignore[assignment] # nobody counts the members of a row
    digest: str


class ChainReport(NamedTuple):
    """One chain: how long it is, its last good digest, and its first break, if any."""

    chain: int
    uai: str | None
    count: int  # type: ignore[assignment] # nobody counts the members of a row
    digest: str
    broken: Break | None
