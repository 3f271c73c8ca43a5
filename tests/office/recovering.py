"""Recovering what a killed run has left, as the next command does."""

import time

from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.office.recover_letters import Recovered, recover_letters


def recover_when_free(room: PrintRoom) -> Recovered:
    """Recover; PostgreSQL may need a moment to see that the one who held the lock is dead."""
    for _ in range(50):
        done = recover_letters(room)
        if not done.busy:
            break
        time.sleep(0.1)
    return done
