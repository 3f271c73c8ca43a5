"""What is said of a folder that is not as its manifest says, and what to do."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from educonnect_admin.cli.speech import counted
from educonnect_admin.letters.manifest_checking import Fault

NOTHING_GONE: Mapping[bool, str] = {
    False: "Tout est là, rien n'a changé.",
    True: "Ce qui est là n'a pas changé.",
}
"""What is said when all is well; True where files are gone because they were printed."""

_HEADINGS = {
    Fault.MISSING: ("Il manque {}", "fichier", "fichiers"),
    Fault.NO_MANIFEST: (
        "{} que plus aucun manifeste n'explique",
        "fichier ou dossier", "fichiers ou dossiers",
    ),
    Fault.ALTERED: ("{} depuis leur impression", "fichier modifié", "fichiers modifiés"),
    Fault.BAD_MANIFEST: ("{}", "manifeste abîmé ou étranger", "manifestes abîmés ou étrangers"),
    Fault.REPLACED: (
        "{} par un lien ou un dossier",
        "fichier remplacé", "fichiers remplacés",
    ),
    Fault.UNLISTED: ("{} au manifeste", "fichier étranger", "fichiers étrangers"),
    Fault.UNFINISHED: ("{}", "fichier inachevé", "fichiers inachevés"),
    Fault.LINK: ("{}, jamais suivis", "lien", "liens"),
    Fault.WIDE: (
        "{} à d'autres que vous",
        "fichier ou dossier ouvert", "fichiers ou dossiers ouverts",
    ),
}  # fmt: skip

_REWRITTEN = "Relancez la campagne : elle récrit les manifestes sans refaire les courriers."
_ADVICE = {
    Fault.MISSING: (
        "Imprimés puis effacés ? C'est ce qu'il faut faire : ajoutez --printed. Sinon ces "
        "courriers sont perdus, et letters resend en fait un autre à chaque responsable."
    ),
    Fault.NO_MANIFEST: _REWRITTEN,
    Fault.ALTERED: "Ne les imprimez pas : ce ne sont plus les courriers qui ont été faits.",
    Fault.BAD_MANIFEST: _REWRITTEN,
    Fault.REPLACED: "Ne les ouvrez pas : cherchez qui les a mis là.",
    Fault.UNLISTED: "Ne les imprimez pas : cette campagne ne les a pas faits.",
    Fault.UNFINISHED: (
        "Une impression a été interrompue. Pour la reprendre : educonnect-admin letters recover"
    ),
    Fault.LINK: "Effacez-les si vous ne les avez pas mis vous-même.",
    Fault.WIDE: "Ils portent des mots de passe. Refermez-les : chmod -R go= {folder}",
}


def heading_of(fault: Fault, files: int) -> str:
    """Return what happened to how many files."""
    sentence, one, several = _HEADINGS[fault]
    return f"{sentence.format(counted(files, one, several))} :"


def advice_on(fault: Fault, folder: Path) -> str:
    """Return what to do about it.

    Args:
        fault: what is wrong.
        folder: the one that was looked at.
    """
    return _ADVICE[fault].format(folder=shlex.quote(str(folder)))
