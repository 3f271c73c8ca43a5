"""The keys of an office: secrets that live outside the database (R-5).

One `naming` key never changes (the digests of identifier stems must be found again for ever).
The others are dated: the last one is current, older ones still open what they sealed. Each use
has its own derived key.
"""

import hmac
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from educonnect_admin.domain.errors import EduConnectError
from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.key_file import Keys, create_key_file, read_keys, replace_key_file

FIRST = "k1"
TRAIL = "trail"

Mark = tuple[int, int, int]


class Keyring:
    """The secret keys of an office; never shown.

    One that was read from a file follows it: a portal that has been running for months seals
    with the new key as soon as there is one.
    """

    def __init__(
        self,
        path: Path,
        naming: bytes,
        keys: Mapping[str, bytes],
        current: str,
        retired: Mapping[str, bytes] | None = None,
    ) -> None:
        """Hold some keys; what they were read from is not looked at again."""
        self.path = path
        self._held = Keys(naming, keys, current, retired=retired or {})
        self._mark: Mark | None = None

    @classmethod
    def of_file(cls, path: Path) -> "Keyring":
        """Read the key file, and follow it.

        Raises:
            MissingKeyFile, DamagedKeyFile: it can't be read.
        """
        # Looked at before it is read: a change in between is then seen, not missed.
        mark, held = _mark_of(path), read_keys(path)
        ring = cls(path, held.naming, held.keys, held.current)
        ring._held, ring._mark = held, mark
        return ring

    @property
    def held(self) -> Keys:
        """What the file holds now; what was last read of it while it can't be read."""
        if self._mark is not None:
            mark = _mark_of(self.path)
            if mark is not None and mark != self._mark:
                self._read_again(mark)
        return self._held

    def _read_again(self, mark: Mark) -> None:
        try:
            found = read_keys(self.path)
        except EduConnectError:
            return
        if found.naming == self._held.naming:
            self._held, self._mark = found, mark

    @property
    def naming(self) -> bytes:
        """The key that never changes."""
        return self._held.naming

    @property
    def keys(self) -> Mapping[str, bytes]:
        """The keys that open secrets, by id."""
        return self.held.keys

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return self.held.current

    def derived(self, purpose: str, key_id: str | None = None) -> bytes:
        """Return the 32-byte key of one purpose, from the current key or an older one.

        Raises:
            KeyError: no key bears this id, or it was retired and is none of the trail's.
        """
        held = self.held
        if purpose == TRAIL and key_id is not None and key_id in held.retired:
            return held.retired[key_id]
        return _derive(held.keys[key_id or held.current], purpose)

    def stem_digest(self, stem: str) -> str:
        """Return the keyed digest under which an identifier stem is numbered (R-2)."""
        return hmac.digest(_derive(self.naming, "identifier-stem"), stem.encode(), "sha256").hex()

    def lasting_digest(self, use: str, text: str) -> str:
        """Return a keyed digest that outlives every change of key."""
        key = _derive(self.naming, f"lasting/{use}")
        return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def fingerprint(self) -> str:
        """Return what a database keeps to recognise its key file; it opens nothing."""
        return _derive(self.naming, "fingerprint").hex()[:32]

    def __eq__(self, other: object) -> bool:
        """Tell whether it holds the same keys."""
        return isinstance(other, Keyring) and self.held == other.held

    __hash__ = None  # type: ignore[assignment]  # what it holds changes with its file

    def __repr__(self) -> str:
        return f"Keyring(path={self.path!r}, current={self._held.current!r})"


def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, b"educonnect-admin/" + purpose.encode(), sha256)


def _mark_of(path: Path) -> Mark | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for at each use: `Path.stat` takes twice as long
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def read_keyring(path: Path) -> Keyring:
    """Read the key file.

    Raises:
        MissingKeyFile: it is not there or can't be read.
        DamagedKeyFile: it does not hold what it should.
    """
    return Keyring.of_file(path)


def create_keyring(path: Path, chance: Chance) -> Keyring:
    """Write a new key file, mode 600, and return its keys.

    Raises:
        FileExists: there is one already; overwriting it would lose every password.
        UnwritableFolder: it can't be written there.
    """
    create_key_file(path, Keys(_drawn(chance), {FIRST: _drawn(chance)}, FIRST))
    return read_keyring(path)


def _drawn(chance: Chance) -> bytes:
    return chance.salt() + chance.salt()


def prepare_key(keyring: Keyring, chance: Chance) -> str:
    """Draw the next key without sealing anything with it yet; return its id.

    Where one waits already, it is that one.

    Raises:
        UnwritableFolder: the key file can't be written.
    """
    held = keyring.held
    if held.upcoming is not None:
        return held.upcoming
    key_id = _next_id(held, chance)
    keys = {**held.keys, key_id: _drawn(chance)}
    replace_key_file(keyring.path, replace(held, keys=keys, upcoming=key_id))
    return key_id


def turn_to_next_key(keyring: Keyring, chance: Chance, now: datetime) -> str:
    """Make the prepared key current, or one drawn here; return its id.

    Raises:
        UnwritableFolder: the key file can't be written; nothing has changed.
    """
    held = keyring.held
    key_id = held.upcoming or _next_id(held, chance)
    keys = {one: key for one, key in held.keys.items() if one != key_id}
    keys[key_id] = held.keys.get(key_id) or _drawn(chance)
    since = {**held.since, key_id: now}
    turned = replace(held, keys=keys, current=key_id, upcoming=None, since=since)
    replace_key_file(keyring.path, turned)
    return key_id


def forget_older_keys(keyring: Keyring) -> list[str]:
    """Keep of every older key only what verifies its trail entries; return their ids.

    Raises:
        UnwritableFolder: the key file can't be written; nothing has changed.
    """
    held = keyring.held
    gone = held.older
    if not gone:
        return []
    verifying = {one: _derive(held.keys[one], TRAIL) for one in gone}
    kept = {one: key for one, key in held.keys.items() if one not in gone}
    retired = {**held.retired, **verifying}
    since = {one: moment for one, moment in held.since.items() if one not in gone}
    replace_key_file(
        keyring.path, replace(held, keys=kept, retired=retired, since=since), wipe=True
    )
    return gone


def _next_id(held: Keys, chance: Chance) -> str:
    """Return an id of its own: two servers that each draw a key must not call both `k2`."""
    number = len(held.keys) + len(held.retired) + 1
    return f"k{number}-{chance.salt().hex()[:6]}"


class TrailPen:
    """Seals the trail with the key ring (R-63)."""

    def __init__(self, keyring: Keyring, chance: Chance) -> None:
        self._keyring = keyring
        self._chance = chance
        self.key_id = keyring.current

    def digest(self, data: bytes, key_id: str | None = None) -> str:
        """Return the keyed digest of some bytes under the pen's key or another one."""
        key = self._keyring.derived(TRAIL, key_id or self.key_id)
        return hmac.digest(key, data, "sha256").hex()

    def still_seals(self, key_id: str) -> bool:
        """Tell whether a key may have sealed something of today: it is there, and not retired."""
        return key_id in self._keyring.keys

    def salt(self) -> bytes:
        """Draw 16 bytes."""
        return self._chance.salt()
