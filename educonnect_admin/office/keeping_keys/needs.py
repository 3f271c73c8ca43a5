"""What still needs the keys before the present one."""

from datetime import datetime, timedelta

from educonnect_admin.office.keeping_keys.key_room import SEALED, KeyRoom
from educonnect_admin.office.keeping_keys.seal_anew import count_to_seal
from educonnect_admin.queries.key_needs import Need, digests_before
from educonnect_admin.queries.sealed_rows import count_sealed_by
from educonnect_admin.queries.trail_heads import heads_of_other_keys

GRACE = timedelta(hours=1)
"""How long a run that began under the former key may still seal with it."""


def needs_of_older_keys(room: KeyRoom) -> dict[str, Need]:
    """Return what would break without the older keys, by its kind: nothing where they may go.

    `recent` stands for runs that may still be sealing with the former key.
    """
    held = room.keyring.held
    if not held.older:
        return {}
    since = held.since.get(held.current)
    before = room.now if since is None else since + GRACE
    needs = _recent(room.now, before)
    sealed = {name: count_to_seal(room, kind) for name, kind in SEALED.items()}
    needs |= {name: Need(number, None) for name, number in sealed.items() if number}
    with room.reading() as session:
        heads = len(heads_of_other_keys(session, room.author().pen))
        if heads:
            needs["heads"] = Need(heads, None)
        needs |= digests_before(session, before, room.now)
    return needs


def _recent(now: datetime, before: datetime) -> dict[str, Need]:
    return {"recent": Need(1, before)} if now < before else {}


def sealed_by_key(room: KeyRoom) -> dict[str, int]:
    """Return how much each key has sealed, by its id."""
    with room.reading() as session:
        return {
            key_id: sum(count_sealed_by(session, kind.column, key_id) for kind in SEALED.values())
            for key_id in room.keyring.keys
        }
