"""What is said of a folder that is not as its manifest says, and what to do."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from educonnect_admin.cli.speech import counted
from educonnect_admin.letters.manifest import FILE_NAME
from educonnect_admin.letters.manifest_findings import Fault, Finding

NOTHING_GONE: Mapping[bool, str] = {
    False: "Tout est là, rien n'a changé.",
    True: "Ce qui est là n'a pas changé.",
}
"""What is said when all is well; True where files are gone because they were printed."""
ONLY_MODES = "Aucun fichier n'est perdu ni changé : seuls des droits sont à refermer."

_OF_FOLDERS = {Fault.NOT_FINISHED, Fault.SCHOOL_GONE, Fault.NO_MANIFEST}

_HEADINGS = {
    Fault.NOT_FINISHED: ("{} pas finie", "{} pas finies", "école"),
    Fault.SCHOOL_GONE: ("Il manque {} entière", "Il manque {} entières", "école"),
    Fault.MISSING: ("Il manque {}", "Il manque {}", "fichier"),
    Fault.NO_MANIFEST: ("{} n'a plus de manifeste", "{} n'ont plus de manifeste", "dossier"),
    Fault.ALTERED: (
        "{} modifié depuis son impression", "{} modifiés depuis leur impression", "fichier",
    ),
    Fault.BAD_MANIFEST: ("{} abîmé ou étranger", "{} abîmés ou étrangers", "manifeste"),
    Fault.REPLACED: (
        "{} remplacé par un lien ou un dossier", "{} remplacés par un lien ou un dossier",
        "fichier",
    ),
    Fault.UNLISTED: ("{} étranger au manifeste", "{} étrangers au manifeste", "fichier"),
    Fault.UNFINISHED: ("{} inachevé", "{} inachevés", "fichier"),
    Fault.LINK: ("{}, jamais suivi", "{}, jamais suivis", "lien"),
    Fault.WIDE: (
        "{} à refermer : d'autres que vous peuvent lire",
        "{} à refermer : d'autres que vous peuvent lire",
        "fichier ou dossier",
    ),
}  # fmt: skip
_SEVERAL = {"fichier ou dossier": "fichiers ou dossiers"}

_REWRITTEN = "Relancez la campagne : elle récrit les manifestes sans refaire les courriers."
_ADVICE = {
    Fault.NOT_FINISHED: (
        "Relancez la campagne avant de les imprimer : elle finit ces écoles et écrit leurs "
        "manifestes."
    ),
    Fault.SCHOOL_GONE: (
        "Imprimées, et leur dossier effacé tout entier ? Relancez la campagne : elle les ôte de "
        "son manifeste. Sinon ces courriers sont perdus, et letters resend en fait un autre à "
        "chaque responsable."
    ),
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
        "Une impression a été interrompue. Relancez-la, ou seulement : educonnect-admin letters "
        "recover"
    ),
    Fault.LINK: "Effacez-les si vous ne les avez pas mis vous-même.",
    Fault.WIDE: "Ils portent des mots de passe. Refermez-les : chmod -R go= {folder}",
}


def heading_of(fault: Fault, number: int) -> str:
    """Return what happened to how many files, folders or schools."""
    one, several, noun = _HEADINGS[fault]
    said = counted(number, noun, _SEVERAL.get(noun))
    return f"{(one if number < 2 else several).format(said)} :"


def named(finding: Finding, folder: Path) -> str:
    """Return where a fault is; of a whole school, with what it holds or held.

    Args:
        finding: the fault.
        folder: the one that was looked at, which has the name of nothing in itself.
    """
    if finding.fault not in _OF_FOLDERS:
        return str(finding.path)
    path = finding.path.parent if finding.path.name == FILE_NAME else finding.path
    if finding.fault is Fault.NO_MANIFEST and path == Path():
        return f"{folder.resolve().name} (celui de la campagne)"
    held = counted(finding.files, "fichier")
    if finding.fault is Fault.SCHOOL_GONE:
        held += " et le manifeste"
    return f"{folder.resolve().name if path == Path() else path} ({held})"


def advice_on(fault: Fault, folder: Path) -> str:
    """Return what to do about it.

    Args:
        fault: what is wrong.
        folder: the one that was looked at.
    """
    return _ADVICE[fault].format(folder=shlex.quote(str(folder)))
