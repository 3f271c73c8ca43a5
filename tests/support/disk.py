"""Looking for a secret on a disk as a thief would: plain, encoded, in compressed streams."""

import re
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path

_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_MOST = 1 << 20
"""Bytes that a stream is followed for: ours are far shorter."""


def writings(secret: str) -> list[bytes]:
    """Return the ways in which a secret may be written."""
    plain, wide = secret.encode(), secret.encode("utf-16-be")
    found = [plain, wide, secret.encode("utf-16-le"), secret.lower().encode()]
    for each in (plain, wide):
        found += [each.hex().encode(), each.hex().upper().encode()]
    # Three ways to fall on the groups of base64, the ends that neighbours share left out.
    for shift in range(3):
        coded = b64encode(b"\0" * shift + plain)
        found.append(coded[4 if shift else 0 : len(coded) - 4])
    return found


def streams_in(content: bytes) -> Iterator[bytes]:
    """Yield what unpacks of a file's bytes, wherever a deflated stream may begin."""
    for begins in _ZLIB.finditer(content):
        unpacking = zlib.decompressobj()
        try:
            yield unpacking.decompress(content[begins.start() : begins.start() + _MOST], _MOST)
        except zlib.error:
            continue


def holders_of(secrets: Iterable[str], places: Iterable[Path]) -> dict[Path, set[str]]:
    """Return the files under these folders that hold secrets, in whatever writing, and which."""
    wanted = {secret: writings(secret) for secret in secrets}
    found: dict[Path, set[str]] = {}
    for place in places:
        for path in sorted(place.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            content = path.read_bytes()
            held = _held(wanted, content)
            for stream in streams_in(content):
                held |= _held(wanted, stream)
            if held:
                found[path] = held
    return found


def _held(wanted: dict[str, list[bytes]], content: bytes) -> set[str]:
    return {secret for secret, ways in wanted.items() if any(way in content for way in ways)}
