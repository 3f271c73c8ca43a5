"""What keeping the keys needs, gathered by the edge; what stands sealed, and by whom."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from educonnect_admin.domain.imports import owner_of_import
from educonnect_admin.domain.messages import owner_of_message
from educonnect_admin.domain.trail import Author
from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from educonnect_admin.gateways.keys import Keyring
from educonnect_admin.gateways.sealing import LAST_IMPORT, OUTBOX, PASSWORDS, VISIT, KeyringSealer
from educonnect_admin.queries import sealed_rows
from educonnect_admin.queries.sealed_rows import SealedColumn
from educonnect_admin.queries.visits import owner_of_visit

LOCK = "keys"


class Sealed(NamedTuple):
    """Something that stands sealed in the database.

    Attributes:
        column: where.
        owner: makes the name under which it is sealed.
        purpose: which of the derived keys seals it.
    """

    column: SealedColumn
    owner: "Callable[[str], str] | Callable[[int], str]"
    purpose: str


SEALED = {
    "letters": Sealed(sealed_rows.LETTERS, owner_of_letter, PASSWORDS),
    "accounts": Sealed(sealed_rows.ACCOUNTS, owner_of_account, PASSWORDS),
    "messages": Sealed(sealed_rows.MESSAGES, owner_of_message, OUTBOX),
    "imports": Sealed(sealed_rows.IMPORTS, owner_of_import, LAST_IMPORT),
    "visits": Sealed(sealed_rows.VISITS, owner_of_visit, VISIT),
}
"""All there is: a test looks for a column of bytes that is missing here."""


@dataclass(frozen=True, kw_only=True)
class KeyRoom:
    """The means of whoever keeps the keys.

    Attributes:
        transaction: opens a transaction that commits at the end of its block.
        reading: opens a session that only reads.
        lock: holds a named lock that dies with the process, or gives False.
        author: who acts, with a pen of the key that is current when it is called.
        now: the moment of the command.
    """

    transaction: Callable[[], AbstractContextManager[Session]]
    reading: Callable[[], AbstractContextManager[Session]]
    lock: Callable[[str], AbstractContextManager[bool]]
    keyring: Keyring
    chance: Chance
    author: Callable[[], Author]
    now: datetime

    def sealer(self, purpose: str) -> KeyringSealer:
        """Return what opens and closes what is for this purpose."""
        return KeyringSealer(self.keyring, self.chance, purpose)
