"""What is said of a refusal, and what the system says when it refuses."""

import errno
from collections.abc import Callable
from getpass import getuser
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


def system_words(number: int | None) -> str:
    """Return why the system refused, in French."""
    return _SYSTEM.get(number or 0, "le système refuse")


_ROOM = "Faites de la place, puis recommencez."
_ACCESS = "Rendez cet endroit accessible à la session «{}», ou choisissez un autre dossier."
_IN_THE_WAY = "Un fichier porte ce nom, ou celui d'un dossier sur le chemin : retirez-le."
_REMEDIES = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EROFS: "Choisissez un dossier d'un support où l'on peut écrire.",
    errno.EIO: "Vérifiez le disque ou sa liaison, puis recommencez.",
    errno.EACCES: _ACCESS,
    errno.EPERM: _ACCESS,
    errno.ENOENT: "Vérifiez le chemin, et que le disque est branché.",
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.EISDIR: "Un dossier porte le nom d'un fichier à écrire : retirez-le.",
    errno.ENAMETOOLONG: "Choisissez un chemin plus court.",
}


def remedy(number: int | None) -> str:
    """Return what to do where the system refused to write, in French: one thing a cause."""
    return _REMEDIES.get(number or 0, "Choisissez un autre dossier.").format(_session())


def _session() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return "de ce programme"
