"""Where a workbook goes that a command writes: a new `.xlsx`, whole or not at all, mode 600."""

from pathlib import Path

import typer

from educonnect_admin.cli.options import filled

_SUFFIX = ".xlsx"


def free_workbook(typed: str, option: str, *, touch: bool = True) -> Path:
    """Return where a workbook may go.

    Args:
        typed: The path, as typed.
        option: What it was typed for, to be named in the error.
        touch: Make the folder if need be, and try it; else only look.

    Raises:
        BadParameter: it is empty, or no `.xlsx` (exit 2).
        FileExists: a file bears the name, and is never replaced.
        UnwritableFolder: the folder can't be made or written to.
    """
    from educonnect_admin.domain.errors import FileExists
    from educonnect_admin.office.printing.letter_folder import prepare_folder

    path = Path(filled(typed, option)).expanduser().absolute()
    if path.suffix.lower() != _SUFFIX:
        raise typer.BadParameter(f"'{path.suffix}' is not one of {_SUFFIX}", param_hint=option)
    if path.exists():
        raise FileExists(path)
    if touch:
        prepare_folder(path.parent)
    return path


def publish_workbook(path: Path, content: bytes) -> None:
    """Write a new workbook, mode 600; it replaces no other file.

    Raises:
        FileExists: a file came there meanwhile.
        UnwritableFolder: the disk refuses.
    """
    from educonnect_admin.domain.errors import FileExists
    from educonnect_admin.office.printing.letter_folder import (
        publish_part,
        remove_part,
        write_part,
    )

    write_part(path, content)
    try:
        publish_part(path)
    except FileExists:
        remove_part(path)
        raise
