"""A passphrase: typed on a terminal without being shown, or read from a file, never an option.

What stands on a command line is read by everybody on the machine (`ps`), and kept in the
history of the shell.
"""

import sys
from pathlib import Path

SHORTEST = 12
"""Signs at least: whoever has the file guesses for as long as they like."""


def new_passphrase(file: Path | None, what: str) -> str:
    """Return a new passphrase: from a file, else typed twice.

    Args:
        file: The file that holds it, of a setting `…_FILE`; for cron.
        what: What it is for, as the question says it: «de la sauvegarde».

    Raises:
        PassphraseMissing: there is no file, and nobody sits at a terminal.
        BadPassphrase: too short, or not the same twice.
    """
    from educonnect_admin.domain.backup_errors import BadPassphrase

    if file is not None:
        found = _of_file(file)
    else:
        found = _typed(f"Phrase de passe {what} ({SHORTEST} signes au moins) : ")
        if len(found) >= SHORTEST and _typed("La même, encore une fois : ") != found:
            raise BadPassphrase("differ")
    if len(found) < SHORTEST:
        raise BadPassphrase("short")
    return found


def known_passphrase(file: Path | None, what: str) -> str:
    """Return the passphrase of something that exists: from a file, else typed once.

    Raises:
        PassphraseMissing: there is no file, and nobody sits at a terminal.
    """
    return _of_file(file) if file is not None else _typed(f"Phrase de passe {what} : ")


def _of_file(file: Path) -> str:
    """Return the first line of a file.

    Raises:
        BadPassphrase: it can't be read.
    """
    from educonnect_admin.domain.backup_errors import BadPassphrase

    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadPassphrase("file") from error
    return lines[0] if lines else ""


def _typed(question: str) -> str:
    from getpass import getpass

    from educonnect_admin.domain.backup_errors import PassphraseMissing

    if not sys.stdin.isatty():
        raise PassphraseMissing
    return getpass(question, stream=sys.stderr)
