"""Every refusal in French, with its exit code; nothing a person causes ends in a traceback.

Exit codes: 0 done, 1 our bug, 2 usage, 3 refused and nothing written, 4 done with remarks,
5 database, disk, mail or SMS not to be had, 130 interrupted.
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

import typer
from typer.exceptions import TyperException

from educonnect_admin.cli.french import usage_in_french
from educonnect_admin.cli.speech import Speech
from educonnect_admin.domain import errors

DONE, BUG, USAGE, REFUSED, REMARKS, UNAVAILABLE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM}


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


class Words(NamedTuple):
    """What is said of a refusal, and the exit code it has."""

    exit_code: int
    sentence: Callable[[Any], str]


def _unreadable(error: errors.UnreadableFile) -> str:
    from educonnect_admin.cli.roster_words import unreadable_sentence

    return unreadable_sentence(error)


def _invalid_uai(error: errors.InvalidUAI) -> str:
    hint = (
        f"la lettre de contrôle devrait être {error.expected}"
        if error.expected
        else "sept chiffres et une lettre, par exemple 0752387M"
    )
    return f"«{error.uai}» n'est pas un numéro UAI : {hint}. Vérifiez-le dans ONDE ou SIECLE."


def _unknown_class(error: errors.UnknownClass) -> str:
    known = ", ".join(f"«{label}»" for label in error.known) or "aucune"
    return (
        f"L'école {error.uai} n'a pas de classe «{error.label}». Classes connues : {known}. "
        "Reprenez le libellé exact, entre guillemets."
    )


def _mass_departure(error: errors.MassDeparture) -> str:
    return (
        f"Ce fichier ferait partir {error.departed} élèves sur {error.enrolled} : rien n'a été "
        "écrit. Vérifiez que c'est le bon fichier ; si ces départs sont vrais, recommencez avec "
        "--accept-departures."
    )


def _mass_unlinking(error: errors.MassUnlinking) -> str:
    return (
        f"Ce fichier détacherait {error.ended} enfants de leurs responsables, sur {error.links} "
        "rattachements : rien n'a été écrit. Vérifiez que c'est le bon fichier ; si c'est vrai, "
        "recommencez avec --accept-departures."
    )


def _outdated(error: errors.OutdatedDatabase) -> str:
    found = f"La base est à la version {error.found}" if error.found else "La base est plus récente"
    return (
        f"{found} et ce programme attend la version {error.expected}. Si le programme vient "
        "d'être mis à jour, lancez : educonnect-admin init. Sinon, installez la dernière version."
    )


def _bad_template(error: errors.BadTemplate) -> str:
    from educonnect_admin.cli.letter_words import template_sentence

    return template_sentence(error)


WORDS: Mapping[type[errors.EduConnectError], Words] = {
    errors.InvalidUAI: Words(REFUSED, _invalid_uai),
    errors.UnknownSchool: Words(
        REFUSED,
        lambda e: (
            f"Aucune école ne porte le numéro {e.uai}. Ajoutez-la d'abord : "
            f'educonnect-admin schools add {e.uai} "Nom de l\'école"'
        ),
    ),
    errors.UnknownClass: Words(REFUSED, _unknown_class),
    errors.UnknownTimeZone: Words(
        REFUSED,
        lambda e: (
            f"«{e.name}» n'est pas un fuseau horaire connu ; par exemple Europe/Paris ou "
            "Indian/Reunion."
        ),
    ),
    errors.NoDatabase: Words(
        UNAVAILABLE,
        lambda _: "Il n'y a pas encore de base de données ici. Créez-la : educonnect-admin init",
    ),
    errors.OutdatedDatabase: Words(UNAVAILABLE, _outdated),
    errors.DatabaseUnavailable: Words(
        UNAVAILABLE,
        lambda _: (
            "La base de données ne répond pas ou refuse d'écrire (disque plein, serveur "
            "arrêté, base occupée). Rien n'est resté à moitié fait ; réessayez ensuite."
        ),
    ),
    errors.MissingKeyFile: Words(
        UNAVAILABLE,
        lambda e: (
            f"Le fichier de clé {e.path} manque ou ne peut pas être lu. Sans lui, aucun mot "
            "de passe ne peut être vérifié : remettez-le en place depuis votre sauvegarde, ou "
            "indiquez-le par EDUCONNECT_SECRET_KEY_FILE."
        ),
    ),
    errors.DamagedKeyFile: Words(
        UNAVAILABLE,
        lambda e: f"Le fichier de clé {e.path} est abîmé. Remettez en place votre sauvegarde.",
    ),
    errors.WrongKey: Words(
        UNAVAILABLE,
        lambda e: (
            f"Le fichier de clé {e.path} n'est pas celui de cette base. Remettez en place "
            "celui qui a été créé avec elle."
        ),
    ),
    errors.UnreadableFile: Words(REFUSED, _unreadable),
    errors.NothingAccepted: Words(
        REFUSED,
        lambda e: (
            f"Toutes les lignes ont été refusées ({e.refused}) : rien n'a été écrit. "
            "Corrigez-les dans le logiciel de l'école, puis exportez de nouveau."
        ),
    ),
    errors.MassDeparture: Words(REFUSED, _mass_departure),
    errors.MassUnlinking: Words(REFUSED, _mass_unlinking),
    errors.AlreadyRunning: Words(
        REFUSED,
        lambda e: (
            f"Une autre commande prépare déjà les courriers de l'école {e.uai}. "
            "Attendez qu'elle finisse, puis recommencez."
        ),
    ),
    errors.UnwritableFolder: Words(
        UNAVAILABLE,
        lambda e: (
            f"Impossible d'écrire dans {e.path} : {system_words(e.errno)}. "
            "Choisissez un autre dossier ou faites de la place."
        ),
    ),
    errors.FileExists: Words(
        REFUSED,
        lambda e: (
            f"Le fichier {e.path} existe déjà et ne sera pas remplacé. "
            "Déplacez-le, ou choisissez un autre dossier."
        ),
    ),
    errors.BadTemplate: Words(REFUSED, _bad_template),
    errors.TextOverflow: Words(
        REFUSED,
        lambda e: (
            f"Un texte du modèle ne tient pas à sa place ({e.place}). Raccourcissez-le, "
            "puis vérifiez : educonnect-admin letters check-templates"
        ),
    ),
    errors.MissingGlyph: Words(
        REFUSED,
        lambda e: (
            f"La police des courriers n'a pas ces signes : {e.characters} ({e.place}). "
            "Remplacez-les dans le logiciel de l'école par une écriture en lettres latines."
        ),
    ),
    errors.UnknownAcademy: Words(
        REFUSED,
        lambda e: (
            f"Aucune académie ne porte le code «{e.code}» ; par exemple 04 pour Bordeaux, "
            "70 pour la Normandie."
        ),
    ),
    errors.BadSetting: Words(
        USAGE,
        lambda e: (
            "Ce réglage n'est pas utilisable : "
            + (", ".join(e.names) or "variable EDUCONNECT_…")
            + ". Voyez docs/settings.fr.md."
        ),
    ),
    errors.BadDatabaseAddress: Words(
        USAGE,
        lambda _: (
            "L'adresse de la base doit être le chemin d'un fichier SQLite ou une adresse "
            "postgresql:// ; avec PostgreSQL, indiquez aussi EDUCONNECT_SECRET_KEY_FILE."
        ),
    ),
}


def explain(error: errors.EduConnectError) -> tuple[str, int]:
    """Return the French sentence and the exit code of a refusal."""
    words = WORDS[type(error)]
    return words.sentence(error), words.exit_code


@contextmanager
def exit_on_failure() -> Iterator[None]:
    """Leave the process with the promised exit code, whatever happens inside."""
    try:
        yield
    except SystemExit:
        # Typer ends with 1 when the reader goes away, and leaves this mark of it.
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":
            sys.exit(DONE)
        raise
    except BaseException as error:
        _leave_for(error)


def _leave_for(error: BaseException) -> NoReturn:
    match error:
        case errors.EduConnectError():
            _leave(*explain(error))
        case TyperException():
            _leave(_usage(error), USAGE)
        case KeyboardInterrupt() | typer.Abort():
            leave_interrupted()
        case BrokenPipeError():
            # The reader went away (`| head`): nothing to tell, nobody to tell it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(DONE)
        case OSError() if error.errno in _DISK_ERRORS:
            words = system_words(error.errno)
            _leave(f"Le disque refuse ({words}). Faites de la place, puis réessayez.", UNAVAILABLE)
        case _:
            _report_bug(error)


def _usage(error: TyperException) -> str:
    """A group typed without a command carries its help, French already."""
    message = error.format_message()
    helped = type(error).__name__ == "NoArgsIsHelpError"
    return message if helped else usage_in_french(message)


def leave_interrupted() -> NoReturn:
    """Say what a Ctrl-C left, and leave."""
    _leave("Interrompu. Ce qui était fini est gardé, le reste n'a pas été commencé.", INTERRUPTED)


def _leave(sentence: str, code: int) -> NoReturn:
    if sentence:
        Speech(json=False, quiet=False).warn(sentence)
    sys.exit(code)


def _report_bug(error: BaseException) -> NoReturn:
    """Say where it broke, without the message: it could quote a person (R-66)."""
    if os.environ.get("EDUCONNECT_TRACEBACK") == "1":
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "?"
    _leave(
        f"Erreur interne ({type(error).__name__}, {where}) : c'est notre faute, pas la vôtre. "
        "Signalez-la avec cette ligne ; EDUCONNECT_TRACEBACK=1 en montre davantage.",
        BUG,
    )
