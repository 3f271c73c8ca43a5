"""The command that would do alone what a step does, ready to be copied into a terminal."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

PROGRAM = "educonnect-admin"
_BARE = re.compile(r"[\w@%+=:,./-]+")
_NEEDS_SINGLE = re.compile(r"[\"$`\\!]")
_INDENT = "    "


def quoted(word: str, *, windows: bool = os.name == "nt") -> str:
    """Return a word as a shell takes it for one, whatever signs it holds; `~` for the home."""
    if windows:
        return subprocess.list2cmdline([word])
    home = f"{Path.home()}/"
    if word.startswith(home) and len(home) > 1 and word != home:
        return f"~/{_quoted(word.removeprefix(home))}"
    return _quoted(word)


def _quoted(word: str) -> str:
    if _BARE.fullmatch(word):
        return word
    if _NEEDS_SINGLE.search(word):
        return "'" + word.replace("'", "'\"'\"'") + "'"
    return f'"{word}"'


def command_lines(
    words: Sequence[str], columns: int, *, windows: bool = os.name == "nt"
) -> list[str]:
    """Return a command on lines that fit, each but the last ending with what joins it to the next.

    A word that is longer than a line stays whole: broken, it could not be copied.
    """
    lines: list[str] = []
    line = "  "
    for word in (quoted(word, windows=windows) for word in words):
        if line.strip() and len(line) + len(word) + 3 > columns and not windows:
            lines.append(f"{line} \\")
            line = _INDENT + word
        else:
            line += f" {word}" if line.strip() else word
    return [*lines, line]
