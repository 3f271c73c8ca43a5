"""`--encrypt`: letters closed with a passphrase that every reader of PDF takes."""

from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.passphrase import Closed, new_passphrase
from educonnect_admin.domain.passphrases import LEAST_SIGNS

if TYPE_CHECKING:
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
CLOSED_WORDS = (
    "Chiffré : la phrase de passe sera demandée à l'ouverture. Ce programme ne la garde "
    "pas ; si elle est perdue, les courriers sont à refaire."
)
_SETTING = "EDUCONNECT_LETTERS_PASSPHRASE_FILE"
_MOST_BYTES = 127
"""What the password of a PDF may take (ISO 32000-2)."""


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
    if not encrypt:
        return None
    return checked(
        new_passphrase(Closed("des courriers", _SETTING, settings.letters_passphrase_file))
    )


def checked(passphrase: str) -> str:
    """Return a passphrase that every reader takes as it is typed.

    Raises:
        UnusablePassphrase: `long` or `signs`.
    """
    from educonnect_admin.domain.passphrase_errors import UnusablePassphrase

    if not passphrase.isprintable() or passphrase != passphrase.strip():
        raise UnusablePassphrase("signs", LEAST_SIGNS, _SETTING)
    if len(passphrase.encode()) > _MOST_BYTES:
        raise UnusablePassphrase("long", LEAST_SIGNS, _SETTING)
    return passphrase
