"""One after the other: what must not be done by two schools at the same moment."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def wait_for_turn(session: Session, what: str) -> None:
    """Wait until nobody else does this; whoever comes next waits for the end of this transaction.

    After it, everything that those before have committed is seen. An SQLite transaction of
    ours is alone in writing anyway.

    Args:
        session: An open transaction; it holds its school's row, and no account's yet.
        what: The name of what is done.
    """
    if session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256(f"educonnect-admin/turn/{what}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


NEIGHBOURS = "neighbours"
"""Comparing people of one school with those of another: two at once would miss each other."""
