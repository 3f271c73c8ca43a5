"""Passwords at rest: an argon2id hash, sealed with a key outside the database (R-5).

Sealing the hash, rather than hashing a keyed value, lets a key rotation reseal everything
without knowing anybody's password; a stolen database alone still can't be attacked. The
seal is bound to what the hash belongs to, so that copying one's own hash over another
person's makes it unreadable.
"""

from dataclasses import dataclass
from functools import cached_property
from threading import BoundedSemaphore
from typing import Protocol

from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.keys import Keyring
from educonnect_admin.gateways.sealing import PASSWORDS, KeyringSealer


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs: memory in KiB, passes, lanes."""

    memory_kib: int
    passes: int
    lanes: int = 1


OWASP = Cost(memory_kib=19 * 1024, passes=2)
"""OWASP's argon2id setting; about 23 ms of CPU a hash on the machines we measured."""

CHEAP = Cost(memory_kib=8, passes=1)
"""For tests and memory benchmarks only; the command line says so loudly."""


_DECOY = "decoy"


class PasswordVault(Protocol):
    """Turns passwords into what may be stored, and checks them."""

    def seal(self, password: str, owner: str) -> bytes:
        """Hash a password and seal the hash for its owner (`letter:…`)."""
        ...

    def accepts(self, sealed: bytes, password: str, owner: str) -> bool:
        """Tell whether this is the password behind a sealed hash of this owner."""
        ...

    def pretend(self, password: str) -> None:
        """Take as long as checking a password does, where there is none to check."""
        ...


class Argon2Vault:
    """Argon2id, sealed by AES-256-GCM.

    `seal` releases the interpreter lock while it hashes: threads make use of every core.
    """

    def __init__(self, keyring: Keyring, chance: Chance, cost: Cost = OWASP) -> None:
        self._sealer = KeyringSealer(keyring, chance, PASSWORDS)
        self._chance = chance
        self._cost = cost

    def seal(self, password: str, owner: str) -> bytes:
        """Hash a password with a fresh salt and seal the hash."""
        from argon2.low_level import Type, hash_secret

        encoded = hash_secret(
            password.encode(),
            self._chance.salt(),
            time_cost=self._cost.passes,
            memory_cost=self._cost.memory_kib,
            parallelism=self._cost.lanes,
            hash_len=32,
            type=Type.ID,
        )
        return self._sealer.close(encoded, owner)

    def accepts(self, sealed: bytes, password: str, owner: str) -> bool:
        """Check a password; a seal that does not open is a "no", never an error."""
        from argon2.exceptions import VerificationError
        from argon2.low_level import Type, verify_secret

        try:
            return verify_secret(self._sealer.open(sealed, owner), password.encode(), Type.ID)
        except (VerificationError, KeyError, ValueError):
            return False

    def pretend(self, password: str) -> None:
        """Check a password against a hash that is nobody's."""
        self.accepts(self._decoy, password, _DECOY)

    @cached_property
    def _decoy(self) -> bytes:
        return self.seal("", _DECOY)


class InTurns:
    """So many hashes at the same time and no more: the rest of the program keeps its share."""

    def __init__(self, vault: PasswordVault, at_once: int) -> None:
        self._vault = vault
        self._turns = BoundedSemaphore(at_once)

    def seal(self, password: str, owner: str) -> bytes:
        """Hash a password when it is its turn."""
        with self._turns:
            return self._vault.seal(password, owner)

    def accepts(self, sealed: bytes, password: str, owner: str) -> bool:
        """Check a password when it is its turn."""
        with self._turns:
            return self._vault.accepts(sealed, password, owner)

    def pretend(self, password: str) -> None:
        """Take as long as checking one when it is its turn."""
        with self._turns:
            self._vault.pretend(password)


def owner_of_letter(number: str) -> str:
    """Return the name under which the password of a letter is sealed."""
    return f"letter:{number}"


def owner_of_account(account_id: int) -> str:
    """Return the name under which the holder's own password is sealed."""
    return f"account:{account_id}"
