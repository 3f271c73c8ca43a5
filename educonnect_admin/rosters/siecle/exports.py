"""The XML documents of a file: the file itself, or each member of a zip.

They are told by what they hold, never by a name. A zip that holds anything else is left to
the readers of workbooks, which know what to call it.
"""

import codecs
import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.archives import MAX_RATIO, MAX_UNPACKED, ZIP
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.siecle.streaming import Bytes, XmlStream

PUPILS = "BEE_ELEVES"
GUARDIANS = "BEE_RESPONSABLES"
STRUCTURES = "BEE_STRUCTURES"
NOMENCLATURE = "BEE_NOMENCLATURES"
HEADER = "PARAMETRES"
_FAMILY = "BEE_"
_SHELVES = {
    PUPILS: frozenset({"DONNEES/ELEVES/ELEVE", "DONNEES/STRUCTURES/STRUCTURES_ELEVE"}),
    GUARDIANS: frozenset(
        {
            "DONNEES/PERSONNES/PERSONNE",
            "DONNEES/RESPONSABLES/RESPONSABLE_ELEVE",
            "DONNEES/ADRESSES/ADRESSE",
        }
    ),
    STRUCTURES: frozenset({"DONNEES/DIVISIONS/DIVISION"}),
    NOMENCLATURE: frozenset({"DONNEES/MEFS/MEF"}),
}
MAX_MEMBERS = 50
_RATIO_MATTERS = 10_000_000
_HEAD = 64
_CHUNK = 1 << 16
_NAME_AT = 30
_OFFICE_STEMS = (b"[content_types]",)
_STARTS = (
    b"<?xml", b"<BEE_", b"<\0?\0", b"\0<\0?",  # the last two: UTF-16
)  # fmt: skip
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LITTER = ("__MACOSX/", ".DS_Store")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error,
    EOFError, NotImplementedError, ValueError, OSError,
)  # fmt: skip
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OFFICE = ("[Content_Types].xml", "mimetype")

Source = Callable[[], BinaryIO]
"""What opens a file, as often as it must be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One XML document of SIECLE, not opened yet; `part` is its name in an archive of several."""

    path: Path
    source: Source = field(repr=False)
    member: zipfile.ZipInfo | None = field(repr=False)
    part: str
    root: str = ""

    @property
    def place(self) -> Path:
        """Where a person looks for it: inside the archive, where that holds several."""
        return self.path / self.part if self.part else self.path

    @property
    def holds_people(self) -> bool:
        """Whether pupils or guardians are in it."""
        return self.root in {PUPILS, GUARDIANS}

    def sha256(self) -> str:
        """Return the digest of the whole file, which is read piece by piece."""
        found = hashlib.sha256()
        with _telling(self.path), self.source() as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
        return found.hexdigest()

    @contextmanager
    def reading(self) -> Iterator[XmlStream]:
        """Open it.

        Raises:
            UnreadableFile: it can't be read, now or by whoever reads on; with its line.
        """
        with _telling(self.place), _opened(self.source, self.member) as file:
            yield XmlStream(file, shelves)


def shelves(root: str) -> frozenset[str] | None:
    """Return where the records of a document stand; nothing if SIECLE has no such document."""
    if not root.startswith(_FAMILY):
        return None
    return _SHELVES.get(root, frozenset()) | {HEADER}


def find_exports(path: Path, source: Source) -> list[Export]:
    """Return the documents of SIECLE that a file holds; none if it is something else.

    Args:
        path: Where it lies, for the errors.
        source: What opens it.

    Raises:
        UnreadableFile: it is XML of another origin, ill-formed before its root, or hostile.
    """
    try:
        with source() as file:
            head = file.read(_HEAD)
            if not (_is_xml(head) or head.startswith(ZIP)):
                return []
            with _telling(path):
                members = [None] if _is_xml(head) else _members(file, head)
    except OSError:
        # Whoever reads the file whole tells why it can't be read.
        return []
    exports = [
        Export(
            path=path,
            source=source,
            member=member,
            part=member.filename if member and len(members) > 1 else "",
        )
        for member in members
    ]
    return [_recognised(export) for export in exports]


def _recognised(export: Export) -> Export:
    with export.reading() as stream:
        return replace(export, root=stream.root)


def _is_xml(head: bytes) -> bool:
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.lstrip().startswith(_STARTS)


def _members(file: BinaryIO, head: bytes) -> list[zipfile.ZipInfo]:
    """Return the members of a zip if every one of them is XML, and it is no workbook."""
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGE:
        if _begins_with_xml(head):
            raise Unreadable(UnreadableReason.DAMAGED_ARCHIVE) from None
        return []
    with _unzipping(), archive:
        parts = [part for part in archive.infolist() if not _is_litter(part)]
        if any(part.filename in _OFFICE for part in parts):
            return []
        _refuse_bomb(parts)
        if any(part.flag_bits & 0x1 for part in parts):
            raise Unreadable(UnreadableReason.PROTECTED_ARCHIVE)
        if any(part.compress_type not in _PACKINGS for part in parts):
            raise Unreadable(UnreadableReason.DAMAGED_ARCHIVE)
        return parts if all(_is_xml(_head(archive, part)) for part in parts) else []


def _begins_with_xml(head: bytes) -> bool:
    """Tell by the name of its first member that a broken zip was no workbook."""
    name = head[_NAME_AT:].partition(b".xml")[0].lower()
    return b".xml" in head.lower() and name not in _OFFICE_STEMS and b"/" not in name


def _head(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as member:
        return member.read(_HEAD)


def _is_litter(part: zipfile.ZipInfo) -> bool:
    """Tell folders, and what a Macintosh leaves in every archive."""
    name = part.filename  # which may be empty, and `is_dir` does not know it
    return name.endswith("/") or name.startswith(_LITTER[0]) or _LITTER[1] in name


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    swollen = any(
        part.file_size > max(_RATIO_MATTERS, MAX_RATIO * part.compress_size) for part in parts
    )
    if swollen or len(parts) > MAX_MEMBERS or sum(p.file_size for p in parts) > MAX_UNPACKED:
        raise Unreadable(UnreadableReason.ZIP_BOMB)


@contextmanager
def _opened(source: Source, member: zipfile.ZipInfo | None) -> Iterator[Bytes]:
    with source() as file:
        if member is None:
            yield file
            return
        with _unzipping():
            archive = zipfile.ZipFile(file)
            part = archive.open(member)
        with archive, part:
            yield _Unzipped(part)


class _Unzipped(NamedTuple):
    """A member of an archive, whose damage shows while it is read."""

    part: IO[bytes]

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        with _unzipping():
            return self.part.read(size)

    def seek(self, offset: int) -> int:
        """Go to a place, which most often means to unpack it again."""
        with _unzipping():
            return self.part.seek(offset)


@contextmanager
def _unzipping() -> Iterator[None]:
    """Turn whatever a zip written by anybody makes the library raise into a refusal."""
    try:
        yield
    except _DAMAGE:
        raise Unreadable(UnreadableReason.DAMAGED_ARCHIVE) from None


@contextmanager
def _telling(place: Path) -> Iterator[None]:
    """Turn what goes wrong on the way into a file that can't be read, with its reason."""
    try:
        yield
    except Unreadable as found:
        raise UnreadableFile(place, found.reason, line=found.line, what=found.what) from None
    except OSError:
        raise UnreadableFile(place, UnreadableReason.DISK) from None
