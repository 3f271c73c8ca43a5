"""Refusals of databases, keys, rosters, printing and settings."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED, UNAVAILABLE, USAGE
from educonnect_admin.cli.refusals.dangers import danger_sentence
from educonnect_admin.cli.refusals.words import Words, remedy, system_words
from educonnect_admin.domain import errors
from educonnect_admin.domain.academies import ACADEMIES
from educonnect_admin.domain.database_trouble import DatabaseTrouble as Trouble


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


def _unknown_academy(error: errors.UnknownAcademy) -> str:
    known = ", ".join(f"{academy.code} {academy.name}" for academy in ACADEMIES)
    return f"Aucune académie ne porte le code ou le nom «{error.code}». Celles qui sont : {known}."


def _other_school(error: errors.FileOfAnotherSchool) -> str:
    return (
        f"Le fichier «{error.path.name}» est celui de l'établissement {error.found}, pas de "
        f"{error.expected} : rien n'a été écrit. Prenez le bon fichier, ou donnez l'autre numéro "
        "à --school."
    )


_PLANS = {
    "unreadable": "ne peut pas être lu : vérifiez son chemin et ses droits.",
    "not_a_plan": "n'est pas un plan d'import. Un plan s'écrit par : educonnect-admin roster plan "
    "FICHIER… --school UAI --output PLAN",
    "other_version": "a été écrit par une autre version du programme. Refaites-le par : "
    "educonnect-admin roster plan",
    "other_office": "a été écrit par un autre bureau : sa clé n'est pas ici. Refaites-le sur cette "
    "base par : educonnect-admin roster plan",
    "changed": "a été modifié depuis son écriture : il ne sera pas appliqué. Refaites-le par : "
    "educonnect-admin roster plan",
}


def _outdated(error: errors.OutdatedDatabase) -> str:
    if error.found is None or error.found > error.expected:
        found = (
            f" : elle est à la version {error.found}, il connaît la" if error.found else " que la"
        )
        return (
            f"La base a été mise à jour par un programme plus récent{found} version "
            f"{error.expected}. Rien n'a été écrit. Installez ici le même programme. Une base ne "
            "revient pas en arrière : sinon, remettez la sauvegarde faite avant la mise à jour."
        )
    return (
        f"La base est à la version {error.found} et ce programme attend la version "
        f"{error.expected}. Rien n'a été écrit. Gardez une sauvegarde, puis lancez : "
        "educonnect-admin database upgrade"
    )


_TROUBLES = {
    Trouble.UNKNOWN: "ne répond pas ou refuse de travailler",
    Trouble.UNREACHABLE: "ne peut pas être atteinte : serveur arrêté, adresse ou port faux, ou "
    "fichier que cette session ne peut pas ouvrir",
    Trouble.REFUSED: "refuse cet accès : cet utilisateur n'y a pas, ou plus, de droits, comme un "
    "opérateur qui a été retiré ; voyez avec le propriétaire de la base",
    Trouble.NO_SUCH_DATABASE: "n'existe pas sur ce serveur, qui répond : corrigez son nom, ou "
    "créez-la (createdb)",
    Trouble.NOT_LET_IN: "ne laisse pas entrer cet utilisateur, et le serveur répond : nom inconnu, "
    "mot de passe refusé ou absent (~/.pgpass), ou machine que pg_hba.conf n'admet pas. Si c'est "
    "un opérateur, il a peut-être été retiré : voyez avec le propriétaire de la base",
    Trouble.READ_ONLY: "est en lecture seule : vérifiez les droits du fichier et du dossier",
    Trouble.FULL: "n'a plus de place : faites-en sur le disque",
    Trouble.BUSY: "est occupée par un autre travail, ou n'a pas répondu à temps : attendez une "
    "minute ; si cela dure, cherchez ce qui la retient (educonnect-admin database check)",
    Trouble.NOT_A_DATABASE: "n'est pas un fichier de base : vérifiez son chemin",
    Trouble.DAMAGED: "est abîmée ou son disque ne répond pas : n'y touchez plus, remettez votre "
    "sauvegarde",
    Trouble.LOST: "a été perdue en route : le serveur s'est arrêté ou la connexion est coupée",
}


def _unavailable(error: errors.DatabaseUnavailable) -> str:
    which = f" {error.where}" if error.where else ""
    # Whoever is kept out stays out, however often they try.
    is_kept_out = error.trouble in {Trouble.REFUSED, Trouble.NOT_LET_IN}
    then = "." if is_kept_out else " ; réessayez ensuite."
    why = _TROUBLES[error.trouble]
    return f"La base de données{which} {why}. Rien n'est resté à moitié fait{then}"


def _bad_template(error: errors.BadTemplate) -> str:
    from educonnect_admin.cli.letter_words import template_sentence

    return template_sentence(error)


def _unusable_columns(error: errors.UnusableColumns) -> str:
    where = f" (ligne {error.line})" if error.line else ""
    why = f" : ce que contient «{error.what}» n'est pas connu" if error.what else ""
    return (
        f"Le fichier des colonnes {error.path} ne peut pas être lu{where}{why}. Corrigez-le, ou "
        f"oubliez-le : educonnect-admin roster columns --school {error.path.stem} --forget"
    )


OFFICE: Mapping[type[errors.EduConnectError], Words] = {
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
    errors.DatabaseUnavailable: Words(UNAVAILABLE, _unavailable),
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
    errors.UnusableColumns: Words(REFUSED, _unusable_columns),
    errors.NothingAccepted: Words(
        REFUSED,
        lambda e: (
            f"Toutes les lignes ont été refusées ({e.refused}) : rien n'a été écrit. "
            "Corrigez-les dans le logiciel de l'école, puis exportez de nouveau."
        ),
    ),
    errors.MassDeparture: Words(REFUSED, danger_sentence),
    errors.MassUnlinking: Words(REFUSED, danger_sentence),
    errors.MassMove: Words(REFUSED, danger_sentence),
    errors.FileOfAnotherSchool: Words(REFUSED, _other_school),
    errors.BadPlan: Words(REFUSED, lambda e: f"Le fichier «{e.path.name}» {_PLANS[e.reason]}"),
    errors.PlanOutdated: Words(
        REFUSED,
        lambda e: (
            f"La base a changé pour l'école {e.uai} depuis que ce plan a été fait : rien n'a été "
            "écrit. Refaites le plan, relisez-le, puis appliquez-le."
        ),
    ),
    errors.AlreadyRunning: Words(
        REFUSED,
        lambda e: (
            f"Une autre commande prépare déjà les courriers de l'école {e.uai}. "
            "Attendez qu'elle finisse, puis recommencez."
        ),
    ),
    errors.UnwritableFolder: Words(
        UNAVAILABLE,
        lambda e: f"Impossible d'écrire dans {e.path} : {system_words(e.errno)}. {remedy(e.errno)}",
    ),
    errors.FileExists: Words(
        REFUSED,
        lambda e: (
            f"Il existe déjà {e.path}, qui ne sera pas remplacé. "
            "Déplacez-le, ou choisissez un autre nom ou un autre dossier."
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
    errors.UnknownAcademy: Words(REFUSED, _unknown_academy),
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
            "L'adresse de la base doit être le chemin d'un fichier SQLite, ou une adresse "
            "postgresql://utilisateur@machine/base."
        ),
    ),
    errors.KeyFileNotSet: Words(
        USAGE,
        lambda _: (
            "Avec PostgreSQL, il faut dire où est le fichier de clé, ou bien où le créer : mettez "
            "son chemin dans EDUCONNECT_SECRET_KEY_FILE."
        ),
    ),
}
