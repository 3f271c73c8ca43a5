"""Removing what the portal has left behind, a little at a time, while it is open."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from educonnect_admin.queries.leftovers import sweep_counts, sweep_links, sweep_setbacks
from educonnect_admin.queries.visits import sweep_visits

LOCK = "portal-housekeeping"
_SWEEPS = (sweep_visits, sweep_counts, sweep_links, sweep_setbacks)


def tidy_up(
    transaction: Callable[[], AbstractContextManager[Session]],
    lock: Callable[[str], AbstractContextManager[bool]],
    now: datetime,
) -> int | None:
    """Remove what is over; None if another process is at it.

    Each kind has a transaction of its own: whoever logs in waits for one of them at most. The
    codes sent by SMS go with the visit that asked for them.

    Returns:
        How many rows went.
    """
    with lock(LOCK) as held:
        if not held:
            return None
        gone = 0
        for sweep in _SWEEPS:
            with transaction() as session:
                gone += sweep(session, now)
        return gone
