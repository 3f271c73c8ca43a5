"""`~` at the start of a path: the home folder of whoever runs the command, or of somebody else."""

from pathlib import Path


def at_home(path: Path) -> Path:
    """Return a path with its `~` replaced; as it stands where nobody lives there.

    A shell leaves `~nobody/file` as it is too: such a file is looked for, and not found.
    """
    try:
        return path.expanduser()
    except (RuntimeError, ValueError):  # ValueError: a zero byte, which no name has
        return path
