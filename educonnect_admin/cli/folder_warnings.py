"""A word before letters go to a folder that others see: passwords will lie in it."""

from pathlib import Path
from typing import TYPE_CHECKING

from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from educonnect_admin.office.printing.exposed_folder import Exposed


def warn_of_folder(speech: Speech, folder: Path, *, encrypt: bool) -> bool:
    """Warn of a folder that is open to others or copied elsewhere; nothing is refused.

    Args:
        speech: How the command speaks.
        folder: Where letters are to go.
        encrypt: Whether they will be closed: then a copy says nothing.

    Returns:
        Whether there was anything to say.
    """
    from educonnect_admin.office.printing.exposed_folder import Exposure, exposures_of

    said = False
    for one in exposures_of(folder):
        if one.how is Exposure.SYNCHRONISED and encrypt:
            continue
        speech.warn(f"Attention : {_sentence(folder, one)}")
        said = True
    return said


def _sentence(folder: Path, exposed: "Exposed") -> str:
    from educonnect_admin.office.printing.exposed_folder import Exposure

    match exposed.how:
        case Exposure.SYNCHRONISED:
            return (
                f"{folder} semble synchronisé ({exposed.what}) : les mots de passe seront copiés "
                "sur un serveur, et y resteront après letters shred. Prenez un autre dossier, ou "
                "--encrypt."
            )
        case Exposure.WRITABLE:
            return (
                f"n'importe qui sur cette machine peut effacer ou remplacer ce qui est dans "
                f"{folder}. Fermez-le par chmod 700, ou prenez un autre dossier."
            )
        case _:
            return (
                f"n'importe qui sur cette machine voit les noms des fichiers de {folder}, et "
                "sur une clé USB leur contenu. Fermez-le par chmod 700, ou prenez un autre dossier."
            )
