"""Where a workbook goes that a command writes: a new `.xlsx`."""

from pathlib import Path

import typer

from educonnect_admin.cli.options import filled
from educonnect_admin.homes import at_home

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
    from educonnect_admin.office.written_files import free_path

    path = at_home(Path(filled(typed, option))).absolute()
    if path.suffix.lower() != _SUFFIX:
        raise typer.BadParameter(f"'{path.suffix}' is not one of {_SUFFIX}", param_hint=option)
    if touch:
        return free_path(path)
    if path.exists():
        raise FileExists(path)
    return path
