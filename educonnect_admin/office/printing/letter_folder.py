"""The folder where letters go: whole files only, for their owner alone, never replaced."""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile

from educonnect_admin.domain.errors import FileExists, UnwritableFolder

_PART = ".part"
_TRAILER_BYTES = 2048


def part_of(path: Path) -> Path:
    """Return the name a file has until it is published."""
    return path.with_name(path.name + _PART)


def prepare_folder(folder: Path) -> Path:
    """Make the folder (mode 700) and what leads to it, durably; return its path.

    The real one, without links: a folder spelt in two ways is the same folder to the database.

    Raises:
        UnwritableFolder: it can't be made, or nothing can be written in it.
    """
    folder = folder.expanduser().resolve()
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o700)
            sync_folder(path.parent)
        # Without a name where that can be: a kill leaves nothing behind.
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UnwritableFolder(folder, error.errno) from error
    return folder


def write_part(path: Path, content: bytes) -> str:
    """Write the `.part` of a file, durably, mode 600; return the SHA-256 of its content.

    Raises:
        UnwritableFolder: the disk is full or refuses; nothing is left of it.
    """
    part = part_of(path)
    try:
        with suppress(FileNotFoundError):
            part.unlink()
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)  # whatever the umask
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(part.parent)
    except OSError as error:
        # Half a file is of no use, and may hold passwords.
        with suppress(OSError):
            part.unlink()
        raise UnwritableFolder(path.parent, error.errno) from error
    return sha256(content).hexdigest()


def publish_part(path: Path) -> None:
    """Give a `.part` its name, durably. A file that is already there is never replaced.

    A hard link fails where a rename would silently replace. A file system without links
    (a USB stick) gets a look before the rename; the school's lock and the batch's number in
    the name leave nobody who could come between.

    Raises:
        FileExists: another file bears the name.
        UnwritableFolder: the disk refuses.
    """
    part = part_of(path)
    try:
        _name_without_replacing(part, path)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise FileExists(path) from error
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error


def _name_without_replacing(part: Path, path: Path) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError from None
        part.replace(path)
    else:
        part.unlink()


def replace_file(path: Path, content: bytes) -> str:
    """Write a file of ours that may change, a manifest: the former one, or the whole new one.

    Letters are never written so: `publish_part` replaces nothing.

    Returns:
        The SHA-256 of its content.

    Raises:
        UnwritableFolder: the disk is full or refuses; what was there is still there.
    """
    digest = write_part(path, content)
    try:
        part_of(path).replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part_of(path).unlink()
        raise UnwritableFolder(path.parent, error.errno) from error
    return digest


def remove_part(path: Path) -> None:
    """Remove what a run left under the provisional name, if anything.

    Raises:
        UnwritableFolder: the disk refuses.
    """
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            part_of(path).unlink()
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error


def holds(path: Path, digest: str) -> bool:
    """Tell whether a file is there and has this SHA-256.

    Raises:
        UnwritableFolder: nobody can tell, the disk does not answer; that is not "gone".
    """
    try:
        return sha256(path.read_bytes()).hexdigest() == digest
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error


def is_locked(path: Path) -> bool:
    """Tell whether a PDF of ours is closed with a passphrase: its last lines say so."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TRAILER_BYTES))
            return b"/Encrypt<<" in file.read()
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; where folders can't be opened (Windows), pass."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
