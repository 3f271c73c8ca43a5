"""Paths as people give them: typed, pasted, or dragged into the window of a terminal.

Terminals write a dragged file in quotes, with backslashes before the spaces, as a `file://`
address, or bare.
"""

import os
import re
import shlex
from pathlib import Path
from urllib.parse import unquote, urlsplit

from educonnect_admin.homes import at_home

_ADDRESS = re.compile(r"file:/", re.IGNORECASE)
_ON_WINDOWS = re.compile(r"\"([^\"]*)\"|'([^']*)'|(\S+)")


def typed_paths(typed: str, *, windows: bool = os.name == "nt") -> list[Path]:
    """Return the paths that somebody typed on one line.

    Args:
        typed: The line.
        windows: A backslash stands between folders there, and protects nothing.
    """
    bare = path_of(typed.strip())
    if exists(bare):
        return [bare]
    words = _words(typed, windows=windows)
    return [path_of(word) for word in words] if words else [bare]


def typed_path(typed: str, *, windows: bool = os.name == "nt") -> Path:
    """Return the one path that a line gives: spaces need no quotes then."""
    words = _words(typed, windows=windows)
    return path_of(words[0] if len(words) == 1 else typed.strip())


def path_of(word: str) -> Path:
    """Return a path from its text: an address, the home folder or a bare path."""
    if _ADDRESS.match(word):
        word = _path_of_address(word)
    return at_home(Path(word))


def _path_of_address(address: str) -> str:
    try:
        return unquote(urlsplit(address).path)
    except ValueError:  # no host is called like that: it is a name, and nothing has it
        return address


def exists(path: Path) -> bool:
    """Tell whether a path leads to something; one too long for the system does not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _words(typed: str, *, windows: bool) -> list[str]:
    """Return the words of a line; nothing if a quote is never closed."""
    if windows:
        return ["".join(found) for found in _ON_WINDOWS.findall(typed)]
    try:
        return shlex.split(typed)
    except ValueError:
        return []
