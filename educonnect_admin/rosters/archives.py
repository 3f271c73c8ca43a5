"""The zip that a workbook is: its parts, unpacked under bounds, and packed again once checked."""

import re
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from educonnect_admin.rosters.problems import Unreadable, UnreadableReason

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"

MAX_UNPACKED = 500_000_000
MAX_RATIO = 200
MAX_CELLS = 5_000_000
_RATIO_MATTERS = 10_000_000
_MAX_PARTS = 2_000
# In UTF-16 too. No office writes either, and what they are for is to unfold without end.
_ENTITIES = re.compile(
    rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE
)


def unpack(
    data: bytes, refuse: Callable[[zipfile.ZipFile], None], needed: Callable[[str], object]
) -> dict[str, bytes]:
    """Return the parts that matter, never more of them than the bounds allow.

    Args:
        data: The archive.
        refuse: Raises `Unreadable` where the archive is none of the wanted kind.
        needed: Tells by its name whether a part matters.

    Raises:
        Unreadable: DAMAGED_WORKBOOK, ZIP_BOMB, PROTECTED_WORKBOOK; HOSTILE_XML where a part
            declares a type of document or an entity.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            refuse(archive)
            _refuse_bomb(archive)
            parts = {
                part.filename: _read(archive, part)
                for part in archive.infolist()
                if needed(part.filename)
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise Unreadable(UnreadableReason.DAMAGED_WORKBOOK) from None
    if any(map(_ENTITIES.search, parts.values())):
        raise Unreadable(UnreadableReason.HOSTILE_XML)
    return parts


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Read a part whole; a size declared too small ends as a bad checksum, not as a flood."""
    if part.flag_bits & 0x1:
        raise Unreadable(UnreadableReason.PROTECTED_WORKBOOK)
    return archive.read(part)


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(UnreadableReason.ZIP_BOMB)
    for part in parts:
        swollen = part.file_size > MAX_RATIO * max(part.compress_size, 1)
        if swollen and part.file_size > _RATIO_MATTERS:
            raise Unreadable(UnreadableReason.ZIP_BOMB)


def repack(parts: dict[str, bytes]) -> BytesIO:
    """Return a workbook of exactly the parts that were checked."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    file.seek(0)
    return file
