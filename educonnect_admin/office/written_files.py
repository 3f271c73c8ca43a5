"""A file that a command writes where it was told: whole, mode 600, never over another one."""

from pathlib import Path

from educonnect_admin.domain.errors import FileExists
from educonnect_admin.office.printing.letter_folder import (
    prepare_folder,
    publish_part,
    remove_part,
    write_part,
)


def free_path(path: Path) -> Path:
    """Return where a file may go, its folder made if need be.

    Raises:
        FileExists: a file bears the name, and is never replaced.
        UnwritableFolder: the folder can't be made or written to.
    """
    folder = prepare_folder(path.parent)
    if (folder / path.name).exists():
        raise FileExists(folder / path.name)
    return folder / path.name


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole, or nothing of it.

    Raises:
        FileExists: another file has come there meanwhile.
        UnwritableFolder: the disk is full or refuses.
    """
    write_part(path, content)
    publish(path)


def publish(path: Path) -> None:
    """Give the file its name; a file that came there meanwhile is never replaced.

    Raises:
        FileExists: another file bears the name; ours is removed.
        UnwritableFolder: the disk refuses.
    """
    try:
        publish_part(path)
    except FileExists:
        remove_part(path)
        raise
