"""Everything that older keys have sealed, sealed by the current one: nobody's password is needed.

Page by page: read, opened and closed outside any transaction, put back in a short one, only
where the former seal still stands. So it may be stopped, and done again, at any moment.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from educonnect_admin.office.keeping_keys.key_room import SEALED, KeyRoom, Sealed
from educonnect_admin.queries.sealed_rows import SealedRow, replace_seals, sealed_otherwise
from educonnect_admin.queries.trail_heads import seal_heads_anew


@dataclass(slots=True)
class SealedAnew:
    """How many seals were replaced, by what they close, and how many no key of ours opens."""

    replaced: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)


def seal_anew(room: KeyRoom, progress: Callable[[int], None] = lambda _: None) -> SealedAnew:
    """Seal with the current key whatever another one has sealed, and the ends of the trail.

    What no key opens (a damaged row) is left as it is, and counted.

    Args:
        room: The means.
        progress: Told how many more seals were looked at.

    Rule: R-5.
    """
    done = SealedAnew()
    for name, kind in SEALED.items():
        _seal_column(room, name, kind, done, progress)
    with room.transaction() as session:
        done.replaced["heads"] += seal_heads_anew(session, room.author().pen)
    done.replaced, done.unreadable = +done.replaced, +done.unreadable
    return done


def _seal_column(
    room: KeyRoom, name: str, kind: Sealed, done: SealedAnew, progress: Callable[[int], None]
) -> None:
    for page in _pages(room, kind):
        replaced = _sealed(room, kind, page)
        with room.transaction() as session:
            done.replaced[name] += replace_seals(session, kind.column, replaced)
        done.unreadable[name] += len(page) - len(replaced)
        progress(len(page))


def _pages(room: KeyRoom, kind: Sealed) -> Iterator[list[SealedRow]]:
    current, after = room.keyring.current, 0
    while True:
        with room.reading() as session:
            page = sealed_otherwise(session, kind.column, current, after)
        if not page:
            return
        yield page
        after = page[-1].key


def count_to_seal(room: KeyRoom, kind: Sealed) -> int:
    """Return how much an older key has sealed that it still opens."""
    return sum(len(_sealed(room, kind, page)) for page in _pages(room, kind))


def _sealed(room: KeyRoom, kind: Sealed, page: list[SealedRow]) -> list[tuple[SealedRow, bytes]]:
    sealer, replaced = room.sealer(kind.purpose), []
    for row in page:
        owner = kind.owner(row.whose)
        try:
            replaced.append((row, sealer.close(sealer.open(row.sealed, owner), owner)))
        except (KeyError, ValueError):
            continue
    return replaced
