"""A new key: it seals from now on, and whatever the former one has sealed (R-5)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from educonnect_admin.domain.key_errors import KeysBusy
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.gateways.keys import prepare_key, turn_to_next_key
from educonnect_admin.office.keeping_keys.key_room import LOCK, KeyRoom
from educonnect_admin.office.keeping_keys.seal_anew import SealedAnew, seal_anew
from educonnect_admin.queries.trail import append_to_trail


@dataclass(frozen=True, slots=True)
class Turned:
    """The key that is current now, and what it has sealed anew."""

    key_id: str
    anew: SealedAnew = field(default_factory=SealedAnew)


def prepare_next_key(room: KeyRoom) -> str:
    """Draw the next key, which seals nothing yet: time to copy the file to other servers.

    Raises:
        KeysBusy: somebody else is changing the keys.
        UnwritableFolder: the key file can't be written.
    """
    with room.lock(LOCK) as held:
        if not held:
            raise KeysBusy
        return prepare_key(room.keyring, room.chance)


def turn_key(
    room: KeyRoom, *, reason: str, progress: Callable[[int], None] = lambda _: None
) -> Turned:
    """Turn to a new key, the prepared one if there is one, and seal everything anew with it.

    Older keys stay: they open whatever a run seals that began before, and recognise links,
    sessions and codes, of which only digests are kept. Stopped at any instant, nothing is lost:
    the file holds every key, and retiring the older ones first finishes what is left here.

    Args:
        room: The means.
        reason: Why, for the trail.
        progress: Told how many more seals were looked at.

    Raises:
        KeysBusy: somebody else is changing the keys.
        UnwritableFolder: the key file can't be written; nothing has changed.

    Rule: R-5.
    """
    with room.lock(LOCK) as held:
        if not held:
            raise KeysBusy
        with room.transaction() as session:
            # The file before the entry: an entry under a key that no file holds would be lost.
            key_id = turn_to_next_key(room.keyring, room.chance, room.now)
            told = Happening(TrailKind.KEY_TURNED, details={"key": key_id}, reason=reason)
            append_to_trail(session, room.author(), [told])
        return Turned(key_id, seal_anew(room, progress))
