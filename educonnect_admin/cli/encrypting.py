"""`--encrypt`: the passphrase of letters, typed twice or read from a file, never an option."""

import sys
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from educonnect_admin.edge import Services
    from educonnect_admin.letters.protection import Protection
    from educonnect_admin.settings import Settings

Encrypt = Annotated[
    bool,
    typer.Option(
        "--encrypt",
        help="Chiffrer les PDF (AES-256) par une phrase de passe, tapée deux fois, ou lue du "
        "fichier EDUCONNECT_LETTERS_PASSPHRASE_FILE.",
    ),
]
_MOST_BYTES = 127


def asked_protection(services: "Services", *, encrypt: bool) -> "Protection | None":
    """Return what closes files with the passphrase that is asked for; None where none is wanted.

    Raises:
        NoPassphrase, UnusablePassphrase: see `asked_passphrase`.
    """
    from educonnect_admin.gateways.pdf_lock import PdfProtection

    passphrase = asked_passphrase(services.settings, encrypt=encrypt)
    return None if passphrase is None else PdfProtection(passphrase, services.chance)


def asked_passphrase(settings: "Settings", *, encrypt: bool) -> str | None:
    """Return the passphrase that files are to be closed with; None where none is wanted.

    Raises:
        NoPassphrase: no file is set, and nobody is there to type it.
        UnusablePassphrase: it is too short or too long, not typed twice the same, or its file
            can't be read.
    """
    from educonnect_admin.domain.file_errors import NoPassphrase

    if not encrypt:
        return None
    if settings.letters_passphrase_file is not None:
        return checked(_read(settings.letters_passphrase_file))
    if not sys.stdin.isatty():
        raise NoPassphrase
    return _typed_twice()


def _typed_twice() -> str:
    from educonnect_admin.domain.file_errors import UnusablePassphrase
    from educonnect_admin.gateways.pdf_lock import LEAST_SIGNS

    typed = checked(getpass("Phrase de passe des courriers : "))
    if getpass("La même, encore une fois : ") != typed:
        raise UnusablePassphrase("differ", LEAST_SIGNS)
    return typed


def _read(path: "Path") -> str:
    """Return the first line of a file."""
    from educonnect_admin.domain.file_errors import UnusablePassphrase
    from educonnect_admin.gateways.pdf_lock import LEAST_SIGNS

    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        # The cause is not chained: it could quote what the file holds.
        raise UnusablePassphrase("file", LEAST_SIGNS) from None


def checked(passphrase: str) -> str:
    """Return a passphrase that every reader takes and nobody guesses in an afternoon.

    Raises:
        UnusablePassphrase: `short`, `long` or `signs`.
    """
    from educonnect_admin.domain.file_errors import UnusablePassphrase
    from educonnect_admin.gateways.pdf_lock import LEAST_SIGNS

    if len(passphrase) < LEAST_SIGNS:
        raise UnusablePassphrase("short", LEAST_SIGNS)
    if not passphrase.isprintable() or passphrase != passphrase.strip():
        raise UnusablePassphrase("signs", LEAST_SIGNS)
    if len(passphrase.encode()) > _MOST_BYTES:
        raise UnusablePassphrase("long", LEAST_SIGNS)
    return passphrase
