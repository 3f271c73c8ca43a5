"""What printing letters needs, gathered by the edge: nothing here reads a clock or a setting."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from educonnect_admin.domain.trail import Author
from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.hashing import PasswordVault
from educonnect_admin.letters.press import LetterPress


@dataclass(frozen=True, kw_only=True)
class PrintRoom:
    """The means of one run of printing.

    Attributes:
        transaction: opens a transaction that commits at the end of its block.
        dry_transaction: the same, rolled back at the end.
        reading: opens a session that only reads.
        lock: holds a named lock that dies with the process, or gives False.
        stem_digest: the keyed digest under which identifiers are numbered.
        portal_url: what letters print, without a slash at its end.
        host: the name of this machine; a folder is only looked into where it was written.
        workers: how many hashes are computed at the same time.
    """

    transaction: Callable[[], AbstractContextManager[Session]]
    dry_transaction: Callable[[], AbstractContextManager[Session]]
    reading: Callable[[], AbstractContextManager[Session]]
    lock: Callable[[str], AbstractContextManager[bool]]
    vault: PasswordVault
    chance: Chance
    press: LetterPress
    stem_digest: Callable[[str], str]
    portal_url: str
    host: str
    workers: int
    author: Author


def letters_lock(school_id: int) -> str:
    """Return the name of the lock that one school's printing holds."""
    return f"letters-{school_id}"
