"""A backup on the disk: two lines that say what it is, then numbered frames, the foot last.

A frame is one byte of kind, the length of its content, a CRC over both, the content. Encrypted,
each content is closed by AES-256-GCM under a key that this backup alone has: its number is the
nonce, the kind and the digest of the head are bound to it. A frame that was changed, moved, left
out or taken from another backup does not open; a backup that was cut has no foot.
"""

import struct
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from educonnect_admin.backups.heads import BackupHead
from educonnect_admin.domain.backup_errors import BackupDamage, DamagedBackup

TABLE, DATA, FOOT = b"T", b"D", b"F"
CHUNK = 1024 * 1024
"""Bytes of content a frame at most: what is in memory at one time, there and back."""

_MAGIC = b"EDUCONNECT-BACKUP "
_FORMAT = b"1"
_LONGEST_HEAD = 4096
_LONGEST_FOOT = 64 * CHUNK
_LEAD = struct.Struct(">cI")
_CRC = struct.Struct(">I")
_TAG = 16


def _first_line(head: bytes) -> bytes:
    return _MAGIC + _FORMAT + b" " + sha256(head).hexdigest().encode() + b"\n"


class FrameWriter:
    """Writes a backup, frame after frame."""

    def __init__(self, file: BinaryIO, head: BackupHead, key: bytes | None) -> None:
        line = head.line()
        self._file = file
        self._box = None if key is None else AESGCM(key)
        self._bound = sha256(line).digest()
        self._number = 0
        self._digest = sha256(line)
        file.write(_first_line(line) + line)

    def write(self, kind: bytes, content: bytes) -> None:
        """Write one frame; `DATA` has `CHUNK` bytes at most."""
        self._digest.update(_LEAD.pack(kind, len(content)) + content)
        if self._box is not None:
            nonce = self._number.to_bytes(12, "big")
            content = self._box.encrypt(nonce, content, kind + self._bound)
        self._number += 1
        lead = _LEAD.pack(kind, len(content))
        self._file.write(lead + _CRC.pack(zlib.crc32(lead)) + content)

    def digest(self) -> str:
        """Return the SHA-256 of what was written so far, before it was encrypted."""
        return self._digest.hexdigest()


class FrameReader:
    """Reads a backup, frame after frame, in bounded memory.

    Raises:
        DamagedBackup: it is none, or was changed or cut; also while it is read.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._whole = sha256()
        line = self._read_head()
        self._bound = sha256(line).digest()
        self._digest = sha256(line)
        try:
            self.head = BackupHead.of_line(line)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise self.damaged(BackupDamage.OTHER_FORMAT) from None

    def damaged(self, damage: BackupDamage) -> DamagedBackup:
        """Return the refusal of this file."""
        return DamagedBackup(self._path, damage)

    def digest(self) -> str:
        """Return the SHA-256 of what was read, decrypted, the foot apart."""
        return self._digest.hexdigest()

    def sha256(self) -> str:
        """Return the SHA-256 of the bytes of the file, as far as they were read."""
        return self._whole.hexdigest()

    def frames(self, key: bytes | None) -> Iterator[tuple[bytes, bytes]]:
        """Yield kind and content of every frame to the foot, which is the last one."""
        box = None if key is None else AESGCM(key)
        number, kind = 0, b""
        while kind != FOOT:
            kind, content = self._next(box, number)
            if kind != FOOT:
                self._digest.update(_LEAD.pack(kind, len(content)) + content)
            number += 1
            yield kind, content
        if self._file.read(1):
            raise self.damaged(BackupDamage.ALTERED)

    def _read_head(self) -> bytes:
        first = self._file.readline(_LONGEST_HEAD)
        if not first.startswith(_MAGIC):
            # A file cut to nothing is no backup either.
            raise self.damaged(BackupDamage.NOT_A_BACKUP)
        line = self._file.readline(_LONGEST_HEAD)
        if not line.endswith(b"\n"):
            raise self.damaged(BackupDamage.CUT)
        self._whole.update(first + line)
        if first == _first_line(line):
            return line
        version = first.removeprefix(_MAGIC).partition(b" ")[0]
        later = version.isdigit() and version != _FORMAT
        raise self.damaged(BackupDamage.OTHER_FORMAT if later else BackupDamage.ALTERED)

    def _next(self, box: AESGCM | None, number: int) -> tuple[bytes, bytes]:
        lead = self._exactly(_LEAD.size)
        if _CRC.unpack(self._exactly(_CRC.size))[0] != zlib.crc32(lead):
            raise self.damaged(BackupDamage.ALTERED)
        kind, length = _LEAD.unpack(lead)
        if length > (_LONGEST_FOOT if kind == FOOT else CHUNK + _TAG):
            raise self.damaged(BackupDamage.ALTERED)
        content = self._exactly(length)
        return kind, content if box is None else self._opened(box, number, kind, content)

    def _exactly(self, length: int) -> bytes:
        found = self._file.read(length)
        if len(found) < length:
            raise self.damaged(BackupDamage.CUT)
        self._whole.update(found)
        return found

    def _opened(self, box: AESGCM, number: int, kind: bytes, content: bytes) -> bytes:
        try:
            return box.decrypt(number.to_bytes(12, "big"), content, kind + self._bound)
        except InvalidTag:
            raise self.damaged(BackupDamage.ALTERED) from None
