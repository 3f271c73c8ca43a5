"""Refusals of passphrases."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import passphrase_errors as passphrases
from educonnect_admin.domain.errors import EduConnectError


def _unusable(error: passphrases.UnusablePassphrase) -> str:
    why = {
        "short": f"il faut au moins {error.least} signes, comme quatre ou cinq mots sans lien",
        "long": "elle est trop longue pour les lecteurs de PDF : 127 octets au plus",
        "signs": "ni tabulation ni signe invisible, ni espace au début ou à la fin",
        "differ": "les deux saisies sont différentes",
        "file": f"le fichier que nomme {error.setting} ne peut pas être lu",
    }
    return f"Cette phrase de passe ne convient pas : {why[error.why]}. Rien n'a été fait."


PASSPHRASES: Mapping[type[EduConnectError], Words] = {
    passphrases.NoPassphrase: Words(
        USAGE,
        lambda error: (
            "Il faut une phrase de passe, et personne n'est là pour la taper. Lancez la commande "
            "dans un terminal, ou écrivez-la dans un fichier de mode 600 nommé par "
            f"{error.setting}."
        ),
    ),
    passphrases.UnusablePassphrase: Words(USAGE, _unusable),
}
