"""A passphrase: typed on a terminal without being shown, or read from a file, never an option.

What stands on a command line is read by everybody on the machine (`ps`), and kept in the
history of the shell.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from educonnect_admin.cli.speech import Speech
from educonnect_admin.domain.passphrases import LEAST_SIGNS


class Closed(NamedTuple):
    """What a passphrase closes.

    Attributes:
        what: As the question says it: «de la sauvegarde».
        setting: The setting that may name a file with it, for cron.
        file: That file, where it is set.
    """

    what: str
    setting: str
    file: Path | None


def new_passphrase(closed: Closed) -> str:
    """Return a new passphrase: from a file, else typed twice.

    Raises:
        NoPassphrase: there is no file, and nobody sits at a terminal.
        UnusablePassphrase: too short, not the same twice, or its file can't be read.
    """
    from educonnect_admin.domain.passphrase_errors import UnusablePassphrase

    if closed.file is not None:
        return _long_enough(_of_file(closed, closed.file), closed)
    question = f"Phrase de passe {closed.what} ({LEAST_SIGNS} signes au moins) : "
    found = _long_enough(_typed(question, closed), closed)
    if _typed("La même, encore une fois : ", closed) != found:
        raise UnusablePassphrase("differ", LEAST_SIGNS, closed.setting)
    return found


def known_passphrase(closed: Closed) -> str:
    """Return the passphrase of something that exists: from a file, else typed once.

    Raises:
        NoPassphrase: there is no file, and nobody sits at a terminal.
        UnusablePassphrase: its file can't be read.
    """
    if closed.file is not None:
        return _of_file(closed, closed.file)
    return _typed(f"Phrase de passe {closed.what} : ", closed)


def _long_enough(passphrase: str, closed: Closed) -> str:
    from educonnect_admin.domain.passphrase_errors import UnusablePassphrase

    if len(passphrase) < LEAST_SIGNS:
        raise UnusablePassphrase("short", LEAST_SIGNS, closed.setting)
    return passphrase


def _of_file(closed: Closed, file: Path) -> str:
    """Return the first line of a file; the mark that some editors put before it is no sign.

    A file that others may read is told, not refused: what it closes would not be made at night.
    """
    from educonnect_admin.domain.passphrase_errors import UnusablePassphrase
    from educonnect_admin.queries.file_health import is_open_to_others

    if is_open_to_others(file):
        Speech(quiet=False, json=False).warn(
            f"Attention : d'autres que son propriétaire peuvent ouvrir {file}, que nomme "
            f"{closed.setting}. Refermez-le par chmod 600."
        )
    try:
        return file.read_text(encoding="utf-8-sig").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        # The cause is not chained: it could quote what the file holds.
        raise UnusablePassphrase("file", LEAST_SIGNS, closed.setting) from None


def _typed(question: str, closed: Closed) -> str:
    from getpass import getpass

    from educonnect_admin.domain.passphrase_errors import NoPassphrase

    if not sys.stdin.isatty():
        raise NoPassphrase(closed.setting)
    return getpass(question, stream=sys.stderr)
