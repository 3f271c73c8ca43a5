"""Refusals about the files of letters: what closes them, their end."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import file_errors as files
from educonnect_admin.domain.errors import EduConnectError

FILES: Mapping[type[EduConnectError], Words] = {
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
        lambda error: (
            f"Ce n'est pas un dossier, ou il n'existe pas : {error.path}. Donnez le chemin du "
            "dossier où sont les fichiers."
        ),
    ),
}
