"""What is said of a refusal, and what the system says when it refuses."""

import errno
from collections.abc import Callable
from typing import Any, NamedTuple


class Words(NamedTuple):
    """What is said of a refusal, and the exit code it has."""

    exit_code: int
    sentence: Callable[[Any], str]


_SYSTEM = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "votre quota de disque est atteint",
    errno.EROFS: "le support est en lecture seule",
    errno.EIO: "le disque ne répond pas",
    errno.EACCES: "accès refusé",
    errno.EPERM: "opération interdite",
    errno.ENOENT: "dossier introuvable",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EISDIR: "c'est un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.ENAMETOOLONG: "le nom est trop long",
}


_MAKE_ROOM = "Faites de la place, ou choisissez un autre dossier."
_GIVE_ACCESS = (
    "Rendez ce dossier accessible à la session qui lance la commande, ou choisissez-en un autre."
)
_FILE_IN_THE_WAY = "Un fichier porte le nom d'un dossier : retirez-le, ou choisissez un autre nom."
_DISK_REMEDIES = {
    errno.ENOSPC: _MAKE_ROOM,
    errno.EDQUOT: _MAKE_ROOM,
    errno.EROFS: "Choisissez un dossier sur un support où l'on peut écrire.",
    errno.EIO: "Vérifiez le disque et ses branchements, ou choisissez un autre dossier.",
    errno.EACCES: _GIVE_ACCESS,
    errno.EPERM: _GIVE_ACCESS,
    errno.ENOTDIR: _FILE_IN_THE_WAY,
    errno.EEXIST: _FILE_IN_THE_WAY,
    errno.EISDIR: "Un dossier porte le nom d'un fichier : retirez-le, ou choisissez un autre nom.",
    errno.ENAMETOOLONG: "Choisissez un chemin plus court.",
}


def disk_remedy(number: int | None) -> str:
    """Return what to do where the system refused to write, in a French sentence."""
    return _DISK_REMEDIES.get(number or 0, "Vérifiez ce dossier, ou choisissez-en un autre.")


def system_words(number: int | None) -> str:
    """Return why the system refused, in French."""
    return _SYSTEM.get(number or 0, "le système refuse")
