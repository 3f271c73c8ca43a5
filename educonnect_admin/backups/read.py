"""Read a backup to its end: is it whole, is it this office's, what does it hold?"""

import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from educonnect_admin.backups.frames import DATA, FOOT, TABLE, FrameReader
from educonnect_admin.backups.heads import BackupFoot, BackupHead
from educonnect_admin.backups.locking import Passphrase, key_of
from educonnect_admin.domain.backup_errors import (
    BackupDamage,
    BackupOfAnotherKey,
    DamagedBackup,
    WrongPassphrase,
)
from educonnect_admin.gateways.keys import Keyring

SEAL_USE = "backup"


@dataclass(frozen=True, slots=True)
class ReadBackup:
    """A backup that was read to its end and is whole.

    Attributes:
        path: the file.
        head, foot: what it says of itself.
        sha256: of the file, as `sha256sum` gives it.
        length: of the file, in bytes.
        key: opens it, if it is encrypted.
    """

    path: Path
    head: BackupHead
    foot: BackupFoot
    sha256: str
    length: int
    key: bytes | None

    def __repr__(self) -> str:
        return f"ReadBackup(schema={self.head.schema})"

    def frames(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield kind and content of every frame, the foot apart.

        Raises:
            DamagedBackup: the file has changed since it was read; known at the end only.
        """
        with self.path.open("rb") as file:
            reader = FrameReader(file, self.path)
            for kind, content in reader.frames(self.key):
                if kind != FOOT:
                    yield kind, content
            if reader.digest() != self.foot.content:
                raise reader.damaged(BackupDamage.ALTERED)


def read_backup(
    path: Path,
    keyring: Keyring,
    *,
    key: bytes | None = None,
    ask: Callable[[], Passphrase] | None = None,
) -> ReadBackup:
    """Read a backup to its end, in bounded memory; nothing is written.

    Args:
        path: The file.
        keyring: The office's key file: it closed what the backup says of itself.
        key: The key of an encrypted one, where it is at hand.
        ask: Gives the passphrase, where it is not; called for an encrypted one only.

    Raises:
        DamagedBackup: it is no backup, was changed or cut.
        WrongPassphrase: it was closed with another one.
        BackupOfAnotherKey: it belongs to another key file.
    """
    with path.open("rb") as file:
        reader = FrameReader(file, path)
        _refuse_other_key(reader.head, keyring)
        if reader.head.lock is not None and key is None and ask is not None:
            key = _key(reader, path, ask)
        foot = _followed(reader, key, keyring)
        return ReadBackup(path, reader.head, foot, reader.sha256(), file.tell(), key)


def _key(reader: FrameReader, path: Path, ask: Callable[[], Passphrase]) -> bytes:
    assert reader.head.lock is not None  # noqa: S101 - the caller has looked
    try:
        key = key_of(reader.head.lock, ask())
    except ValueError:
        raise DamagedBackup(path, BackupDamage.ALTERED) from None
    if key is None:
        raise WrongPassphrase(path)
    return key


def _refuse_other_key(head: BackupHead, keyring: Keyring) -> None:
    if head.office != keyring.fingerprint() or head.key_id not in keyring.keys:
        raise BackupOfAnotherKey(keyring.path)


def _followed(reader: FrameReader, key: bytes | None, keyring: Keyring) -> BackupFoot:
    """Follow every frame; return the foot, if all is as it says.

    Raises:
        DamagedBackup: it is not.
    """
    rows: dict[str, int] = {}
    table, last = "", b""
    try:
        for kind, content in reader.frames(key):
            if kind == TABLE:
                table = json.loads(content)["table"]
                rows[table] = 0
            elif kind == DATA and table:
                rows[table] += content.count(b"\n")
            last = content
        closed = json.loads(last)
        foot = BackupFoot.of_text(closed["foot"])
        seal = keyring.lasting_digest(SEAL_USE, closed["foot"])
        whole = foot.content == reader.digest() and foot.rows == rows
        if whole and hmac.compare_digest(seal, closed["seal"]):
            return foot
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass  # what was put in its place, brackets in brackets without end among it
    raise reader.damaged(BackupDamage.ALTERED)
