"""A file made unreadable, then removed, as far as a program can."""

import errno
import os
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG, S_ISVTX

from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.office.printing.letter_folder import sync_folder

_BLOCK = 1 << 20
# Neither where a link leads, nor waiting for whoever writes into a pipe.
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def digest_of(path: Path) -> str | None:
    """Return the SHA-256 of a file; nothing if it is a link, no file, or gone.

    Raises:
        PermissionError: it may not be read.
        UnwritableFolder: the disk does not answer.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _AS_IT_IS)
    except PermissionError:
        raise
    except OSError:
        return None
    try:
        with os.fdopen(descriptor, "rb") as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return _digest(file.fileno())
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error


def is_wiped(path: Path) -> bool:
    """Tell whether a file begins with zeros, as one whose destruction was cut; no PDF does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _AS_IT_IS)
    except OSError:
        return False
    with os.fdopen(descriptor, "rb") as file:
        return file.read(1) == b"\0"


def destroy(path: Path, digest: str) -> bool:
    """Overwrite a file and remove it; False if it is not (any more) the one of this SHA-256.

    Where it may be written but not removed, it is not overwritten either.

    What was overwritten is gone for whoever asks the disk. A disk that writes elsewhere (SSD,
    USB stick, a file system with snapshots) may keep the former content for a while.

    Raises:
        UnwritableFolder: the disk refuses.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | _AS_IT_IS)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error
    try:
        # Looked at and overwritten through one and the same opening: nothing comes between.
        if _digest(descriptor) != digest:
            return False
        _refuse_to_stay(path, os.fstat(descriptor).st_uid)
        _overwrite(descriptor)
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error
    finally:
        os.close(descriptor)
    return True


def _refuse_to_stay(path: Path, owner: int) -> None:
    """Refuse what may be written but not removed: its folder is closed, or everybody's.

    Raises:
        PermissionError: it may not be removed.
    """
    folder = path.parent.stat()
    user = os.geteuid() if hasattr(os, "geteuid") else owner
    is_kept = folder.st_mode & S_ISVTX and user not in {0, owner, folder.st_uid}
    if is_kept or not os.access(path.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _digest(descriptor: int) -> str:
    found = sha256()
    os.lseek(descriptor, 0, os.SEEK_SET)
    while block := os.read(descriptor, _BLOCK):
        found.update(block)
    return found.hexdigest()


def _overwrite(descriptor: int) -> None:
    left = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(descriptor, bytes(min(left, _BLOCK)))
    os.fsync(descriptor)
