"""From a passphrase to the key of one backup: argon2id, with a salt of its own."""

import hmac
import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw

from educonnect_admin.backups.heads import Lock
from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.hashing import Cost

EARNEST = Cost(memory_kib=64 * 1024, passes=3, lanes=4)
"""The second choice of RFC 9106, for where 2 GiB are too much: once a backup, not a log-in."""

_MOST_MEMORY_KIB = 1024 * 1024
_MOST_PASSES = 20
_MOST_LANES = 16
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class Passphrase:
    """What was typed; it is shown nowhere."""

    text: str

    def __repr__(self) -> str:
        return "Passphrase()"


def new_lock(passphrase: Passphrase, chance: Chance, cost: Cost = EARNEST) -> tuple[Lock, bytes]:
    """Draw a salt; return how the key comes about, and the key (32 bytes)."""
    salt = chance.salt() + chance.salt()
    key = _stretched(passphrase, salt, cost)
    lock = Lock(
        salt=salt.hex(),
        memory_kib=cost.memory_kib,
        passes=cost.passes,
        lanes=cost.lanes,
        check=_check(key),
    )
    return lock, key


def key_of(lock: Lock, passphrase: Passphrase) -> bytes | None:
    """Return the key of a backup; None if this is not its passphrase.

    Raises:
        ValueError: no program of ours would ask for so much memory: it is not ours.
    """
    cost = Cost(memory_kib=lock.memory_kib, passes=lock.passes, lanes=lock.lanes)
    too_much = (
        not 0 < cost.memory_kib <= _MOST_MEMORY_KIB
        or not 0 < cost.passes <= _MOST_PASSES
        or not 0 < cost.lanes <= _MOST_LANES
    )
    if too_much:
        raise ValueError("cost")
    key = _stretched(passphrase, bytes.fromhex(lock.salt), cost)
    return key if hmac.compare_digest(_check(key), lock.check) else None


def _stretched(passphrase: Passphrase, salt: bytes, cost: Cost) -> bytes:
    # One keyboard composes an accent, another one does not.
    typed = unicodedata.normalize("NFC", passphrase.text).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        typed,
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )


def _check(key: bytes) -> str:
    return hmac.digest(key, b"educonnect-admin/backup/check", "sha256").hex()[:32]
