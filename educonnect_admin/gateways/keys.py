"""The key file: secrets that live outside the database (R-5).

The file is JSON, mode 600. It holds one `naming` key that never changes (the digests of
identifier stems must be found again for ever) and a list of dated keys of which the last
one is current; older ones still open what they sealed. Each use has its own derived key.
"""

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from educonnect_admin.domain.errors import (
    DamagedKeyFile,
    FileExists,
    MissingKeyFile,
    UnwritableFolder,
)
from educonnect_admin.gateways.chance import Chance

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keyring:
    """The secret keys of an office; never shown."""

    path: Path
    naming: bytes = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)
    current: str

    def derived(self, purpose: str, key_id: str | None = None) -> bytes:
        """Return the 32-byte key of one purpose, from the current key or an older one.

        Raises:
            KeyError: no key bears this id.
        """
        return _derive(self.keys[key_id or self.current], purpose)

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


def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, b"educonnect-admin/" + purpose.encode(), sha256)


def read_keyring(path: Path) -> Keyring:
    """Read the key file.

    Raises:
        MissingKeyFile: it is not there or can't be read.
        DamagedKeyFile: it does not hold what it should.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MissingKeyFile(path) from error
    try:
        return _parse(path, json.loads(text))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        # The cause is not chained: its message could quote the content of the file.
        raise DamagedKeyFile(path) from None


def _parse(path: Path, content: dict[str, Any]) -> Keyring:
    naming = _key(content["naming"])
    keys = {str(entry["id"]): _key(entry["secret"]) for entry in content["keys"]}
    return Keyring(path, naming, keys, current=str(content["keys"][-1]["id"]))


def _key(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("key length")
    return key


def create_keyring(path: Path, chance: Chance) -> Keyring:
    """Write a new key file, mode 600, and return its keys.

    Raises:
        FileExists: there is one already; overwriting it would lose every password.
        UnwritableFolder: it can't be written there.
    """
    secret = [b64encode(chance.salt() + chance.salt()).decode() for _ in range(2)]
    content = {"naming": secret[0], "keys": [{"id": "k1", "secret": secret[1]}]}
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, mode=0o700)
        _write_whole(path, json.dumps(content, indent=1))
    except FileExistsError as error:
        raise FileExists(path) from error
    except OSError as error:
        raise UnwritableFolder(path, error.errno) from error
    return read_keyring(path)


def _write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all, whatever instant we die at."""
    draft = path.with_name(path.name + ".part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        draft.unlink()
        raise FileExistsError
    draft.rename(path)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)


class TrailPen:
    """Seals the trail with the key ring (R-63)."""

    def __init__(self, keyring: Keyring, chance: Chance) -> None:
        self._keyring = keyring
        self._chance = chance
        self.key_id = keyring.current

    def digest(self, data: bytes, key_id: str | None = None) -> str:
        """Return the keyed digest of some bytes under the current key or an older one."""
        return hmac.digest(self._keyring.derived("trail", key_id), data, "sha256").hex()

    def salt(self) -> bytes:
        """Draw 16 bytes."""
        return self._chance.salt()
