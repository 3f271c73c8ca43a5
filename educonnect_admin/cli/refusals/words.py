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


def system_words(number: int | None) -> str:
    """Return why the system refused, in French."""
    return _SYSTEM.get(number or 0, "le système refuse")
