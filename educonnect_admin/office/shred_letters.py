"""What was printed is destroyed: the PDF files that we wrote, and nothing else of a folder."""

import errno
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.domain.file_errors import NoSuchFolder
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.homes import at_home
from educonnect_admin.office.printing.destroy_file import destroy, digest_of, is_wiped
from educonnect_admin.office.printing.print_room import PrintRoom, letters_lock
from educonnect_admin.queries.printed_files import (
    KnownBatch,
    PrintedFile,
    files_of_batches,
    known_batches,
    printed_files,
)
from educonnect_admin.queries.trail import append_to_trail

_OUR_NAME = re.compile(r"lot-(\d{6,18})-.+-(courriers|bordereau)\.pdf", re.ASCII)
_NOT_OURS = {errno.EACCES, errno.EPERM}


@dataclass(frozen=True, slots=True)
class Doomed:
    """A file that may go: letters, or a slip where `printed` is nothing."""

    path: Path
    sha256: str
    batch_id: int
    school_id: int
    printed: PrintedFile | None = None

    @property
    def letters(self) -> int:
        """How many letters it holds."""
        return self.printed.letters if self.printed else 0


@dataclass(slots=True)
class InFolder:
    """What lies in a folder.

    Attributes:
        doomed: what we wrote, as we wrote it.
        altered: what bears a name of ours and is not, or no longer, what we wrote.
        unfinished: files of a batch that is still running, or was killed.
        unreadable: files and folders that we may not look at: letters may be among them.
    """

    doomed: list[Doomed] = field(default_factory=list)
    altered: list[Path] = field(default_factory=list)
    unfinished: list[Path] = field(default_factory=list)
    unreadable: list[Path] = field(default_factory=list)

    @property
    def live(self) -> int:
        """How many of the letters could still be used by who holds them."""
        return sum(one.printed.live for one in self.doomed if one.printed)


@dataclass(slots=True)
class Shredded:
    """What was destroyed, and what was not.

    Attributes:
        files: what is gone.
        busy: the files of schools where somebody prints right now.
        refused: the files that we may not destroy.
        changed: the files that became something else since they were looked at.
    """

    files: list[Doomed] = field(default_factory=list)
    busy: list[Path] = field(default_factory=list)
    refused: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)


def look_into(room: PrintRoom, folder: Path) -> InFolder:
    """Tell the files that we wrote from all others, in a folder and those below it.

    Letters are known by what they hold, wherever they were moved to and whatever they are called
    now; slips, of which the database keeps nothing, by their name beside letters of their batch
    or in the folder it was printed into; what a killed destruction left, by its name and its
    zeros. Links are not followed.

    Raises:
        NoSuchFolder: there is none.
        UnwritableFolder: the disk does not answer.
    """
    folder = at_home(folder).absolute()
    if not folder.is_dir():
        raise NoSuchFolder(folder)
    digests, unreadable = _digests(folder)
    numbers = sorted({int(found[1]) for path in digests if (found := _our_name(path))})
    with room.reading() as session:
        printed = printed_files(session, sorted(set(digests.values())))
        printed |= _half_destroyed(digests, files_of_batches(session, numbers))
        batches = known_batches(session, numbers)
    sorting = _Sorting(digests, printed, batches)
    for path in digests:
        sorting.sort(path)
    sorting.found.unreadable = unreadable
    return sorting.found


def _digests(folder: Path) -> tuple[dict[Path, str], list[Path]]:
    """Return the SHA-256 of every PDF, and what may not be looked at."""
    digests: dict[Path, str] = {}
    unreadable: list[Path] = []
    for path in _pdfs(folder, closed=lambda error: unreadable.append(Path(error.filename))):
        try:
            if digest := digest_of(path):
                digests[path] = digest
        except PermissionError:
            unreadable.append(path)
    return digests, unreadable


def _pdfs(folder: Path, closed: Callable[[OSError], None]) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, onerror=closed):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names) if name.lower().endswith(".pdf"))


def _half_destroyed(
    digests: Mapping[Path, str], named: Mapping[str, PrintedFile]
) -> dict[str, PrintedFile]:
    """Return the letters of which only zeros, or zeros and a rest, are left, by their SHA-256."""
    return {
        digest: named[path.name]
        for path, digest in digests.items()
        if path.name in named and is_wiped(path)
    }


def _our_name(path: Path) -> re.Match[str] | None:
    return _OUR_NAME.fullmatch(path.name)


class _Sorting:
    """Tells what may go from what stays, by what the database knows."""

    def __init__(
        self,
        digests: Mapping[Path, str],
        printed: Mapping[str, PrintedFile],
        batches: Mapping[int, KnownBatch],
    ) -> None:
        self.found = InFolder()
        self._digests, self._printed, self._batches = digests, printed, batches
        self._beside = {
            (path.parent, printed[digest].batch_id)
            for path, digest in digests.items()
            if digest in printed
        }

    def sort(self, path: Path) -> None:
        """Sort one file; what is none of ours is not spoken of."""
        digest = self._digests[path]
        printed = self._printed.get(digest)
        if printed is None:
            self._sort_by_name(path, digest)
        elif printed.finished:
            doomed = Doomed(path, digest, printed.batch_id, printed.school_id, printed)
            self.found.doomed.append(doomed)
        else:
            self.found.unfinished.append(path)

    def _sort_by_name(self, path: Path, digest: str) -> None:
        name = _our_name(path)
        batch = self._batches.get(int(name[1])) if name else None
        if name is None or batch is None:
            return
        beside = (path.parent, batch.batch_id) in self._beside
        if name[2] == "courriers":
            self.found.altered.append(path)
        elif beside or batch.folder == str(path.parent):
            self.found.doomed.append(Doomed(path, digest, batch.batch_id, batch.school_id))


def shred_letters(
    room: PrintRoom, doomed: Sequence[Doomed], progress: Callable[[int], None] = lambda _: None
) -> Shredded:
    """Destroy these files; the trail tells of each before it is touched, and once it is gone.

    Done again, nothing is left to do. The passwords go on working: who has the letter in hand
    needs them.

    Args:
        room: The means.
        doomed: What `look_into` found.
        progress: Told of each file.

    Raises:
        UnwritableFolder: the disk refuses; what was destroyed before is in the trail.
    """
    done = Shredded()
    for school_id in dict.fromkeys(one.school_id for one in doomed):
        mine = [one for one in doomed if one.school_id == school_id]
        with room.lock(letters_lock(school_id)) as held:
            if not held:
                done.busy += [one.path for one in mine]
                continue
            # First, and kept: a crash between the two leaves no loss that nobody told.
            _tell_trail(room, TrailKind.FILE_CONDEMNED, mine)
            for one in mine:
                _shred(room, one, done)
                progress(1)
    return done


def _shred(room: PrintRoom, one: Doomed, done: Shredded) -> None:
    try:
        if not destroy(one.path, one.sha256):
            if os.path.lexists(one.path):
                done.changed.append(one.path)
            return
    except UnwritableFolder as refusal:
        if refusal.errno not in _NOT_OURS:
            raise
        done.refused.append(one.path)
        return
    _tell_trail(room, TrailKind.FILE_SHREDDED, [one])
    done.files.append(one)


def _tell_trail(room: PrintRoom, kind: TrailKind, files: Sequence[Doomed]) -> None:
    with room.transaction() as session:
        append_to_trail(session, room.author, [_told(kind, one) for one in files])


def _told(kind: TrailKind, one: Doomed) -> Happening:
    details: dict[str, str | int] = {"letters": one.letters} if one.printed else {"slips": 1}
    if one.printed:
        details["file"] = one.printed.file_id
    return Happening(kind, school_id=one.school_id, batch_id=one.batch_id, details=details)
