"""Refusals about the files of letters: their passphrase, their end."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED, USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import file_errors as files
from educonnect_admin.domain.errors import EduConnectError


def _unusable(error: files.UnusablePassphrase) -> str:
    why = {
        "short": f"il en faut au moins {error.least} signes : quatre ou cinq mots sans lien",
        "long": "elle est trop longue pour les lecteurs de PDF : 127 octets au plus",
        "signs": "ni tabulation ni signe invisible, ni espace au début ou à la fin",
        "differ": "les deux saisies sont différentes",
        "file": "le fichier EDUCONNECT_LETTERS_PASSPHRASE_FILE ne peut pas être lu",
    }
    return f"Cette phrase de passe ne convient pas : {why[error.why]}. Rien n'a été fait."


FILES: Mapping[type[EduConnectError], Words] = {
    files.NoPassphrase: Words(
        USAGE,
        lambda _: (
            "L'option --encrypt demande une phrase de passe, et il n'y a pas de terminal où la "
            "taper. Écrivez-la dans un fichier en mode 600, nommé par "
            "EDUCONNECT_LETTERS_PASSPHRASE_FILE."
        ),
    ),
    files.UnusablePassphrase: Words(USAGE, _unusable),
    files.SlipsLocked: Words(
        REFUSED,
        lambda error: (
            f"Les courriers du lot n° {error.batch_id} sont chiffrés, dans {error.folder} : ses "
            "bordereaux ne seront pas faits en clair. Lancez : "
            "educonnect-admin letters recover --encrypt"
        ),
    ),
    files.NoSuchFolder: Words(
        REFUSED,
        lambda error: f"Il n'y a pas de dossier {error.path}. Vérifiez son chemin.",
    ),
}
