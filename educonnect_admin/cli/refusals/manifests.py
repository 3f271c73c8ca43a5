"""Refusals of manifests."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import manifest_errors
from educonnect_admin.domain.errors import EduConnectError
from educonnect_admin.domain.manifest_errors import ManifestTrouble

_TROUBLES = {
    ManifestTrouble.UNREADABLE: "est illisible ou coupé",
    ManifestTrouble.FOREIGN: "n'est pas le manifeste d'une impression",
    ManifestTrouble.OTHER_VERSION: "a été écrit par une autre version du programme",
    ManifestTrouble.DAMAGED: "est abîmé",
    ManifestTrouble.UNSAFE_NAME: "désigne un fichier hors de son dossier",
}


def _bad(error: manifest_errors.BadManifest) -> str:
    return (
        f"Le manifeste {error.path} {_TROUBLES[error.trouble]} : rien ne peut être vérifié. "
        "Relancez la commande qui a fait ces courriers : elle le récrit."
    )


MANIFESTS: Mapping[type[EduConnectError], Words] = {
    manifest_errors.BadManifest: Words(REFUSED, _bad),
    manifest_errors.NoManifest: Words(
        REFUSED,
        lambda e: (
            f"Aucun manifeste dans {e.folder} ni dans ses dossiers : donnez le dossier d'une "
            "campagne ou celui d'une école."
        ),
    ),
}
