"""Forgetting the older keys, once nothing needs them any more (R-5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from educonnect_admin.domain.key_errors import KeysBusy, KeysNeeded
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.gateways.keys import forget_older_keys
from educonnect_admin.office.keeping_keys.key_room import LOCK, KeyRoom
from educonnect_admin.office.keeping_keys.needs import needs_of_older_keys
from educonnect_admin.office.keeping_keys.seal_anew import SealedAnew, seal_anew
from educonnect_admin.queries.trail import append_to_trail


@dataclass(frozen=True, slots=True)
class Retired:
    """The keys that are gone, and what had to be sealed anew before."""

    key_ids: Sequence[str] = ()
    anew: SealedAnew = field(default_factory=SealedAnew)


def retire_keys(
    room: KeyRoom, *, reason: str, progress: Callable[[int], None] = lambda _: None
) -> Retired:
    """Forget every key but the current one; nothing where there is no other.

    What older keys have sealed is sealed anew first. Of each there stays what verifies its
    entries of the trail, which opens nothing and seals no end of a chain.

    Args:
        room: The means.
        reason: Why, for the trail.
        progress: Told how many more seals were looked at.

    Raises:
        KeysBusy: somebody else is changing the keys.
        KeysNeeded: something would break; no key is gone.
        UnwritableFolder: the key file can't be written; no key is gone.

    Rule: R-5.
    """
    with room.lock(LOCK) as held:
        if not held:
            raise KeysBusy
        older = room.keyring.held.older
        if not older:
            return Retired()
        anew = seal_anew(room, progress)
        refuse_while_needed(room)
        gone = Happening(TrailKind.KEYS_RETIRED, details={"keys": " ".join(older)}, reason=reason)
        with room.transaction() as session:
            append_to_trail(session, room.author(), [gone])
            # The entry before the file: a key that is gone can't be given back.
            forget_older_keys(room.keyring)
    return Retired(older, anew)


def refuse_while_needed(room: KeyRoom) -> None:
    """Refuse to let older keys go while something needs them.

    Raises:
        KeysNeeded: says what, and until when where that is known.
    """
    needs = needs_of_older_keys(room)
    if needs:
        counts = {name: need.number for name, need in needs.items()}
        ends = [need.until for need in needs.values() if need.until is not None]
        raise KeysNeeded(counts, max(ends, default=None))
