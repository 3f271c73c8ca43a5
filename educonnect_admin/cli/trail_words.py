"""The trail in French: what each kind of entry tells, and the codes of its details."""

from collections.abc import Mapping

from educonnect_admin.cli.roles import ROLE_NAMES
from educonnect_admin.cli.state_words import STATE_WORDS
from educonnect_admin.domain.accounts import Journey
from educonnect_admin.domain.letters import LetterEnd, Who
from educonnect_admin.domain.messages import Channel, MessageKind
from educonnect_admin.domain.people import ReviewKind, ReviewResolution
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.trail import TrailKind

KIND_WORDS: Mapping[TrailKind, str] = {
    TrailKind.OFFICE_OPENED: "bureau ouvert",
    TrailKind.KEY_TURNED: "clé changée",
    TrailKind.KEYS_RETIRED: "anciennes clés oubliées",
    TrailKind.SCHOOL_ADDED: "école ajoutée",
    TrailKind.SCHOOL_CHANGED: "école modifiée",
    TrailKind.ROSTER_IMPORTED: "fichiers de l'école importés",
    TrailKind.PUPIL_CHANGED: "élève modifié par un import",
    TrailKind.PUPIL_LEFT: "élève parti",
    TrailKind.PUPIL_RETURNED: "élève revenu",
    TrailKind.GUARDIAN_CHANGED: "responsable modifié par un import",
    TrailKind.LINK_ADDED: "enfant rattaché",
    TrailKind.LINK_CHANGED: "lien d'un enfant modifié",
    TrailKind.LINK_ENDED: "enfant détaché",
    TrailKind.QUESTION_ANSWERED: "question de la file répondue",
    TrailKind.ACCOUNT_OPENED: "compte ouvert",
    TrailKind.RECORD_JOINED: "fiche d'une autre école réunie au compte",
    TrailKind.LETTER_ISSUED: "courrier émis",
    TrailKind.LETTER_ENDED: "courrier terminé",
    TrailKind.BATCH_STARTED: "lot de courriers commencé",
    TrailKind.BATCH_FINISHED: "lot de courriers fini",
    TrailKind.FILE_DISCARDED: "fichier de courriers abandonné",
    TrailKind.FILE_VOIDED: "fichier de courriers annulé",
    TrailKind.FILE_CONDEMNED: "destruction d'un fichier imprimé commencée",
    TrailKind.FILE_SHREDDED: "fichier imprimé détruit",
    TrailKind.HASHES_CLEARED: "mots de passe provisoires d'anciens courriers effacés",
    TrailKind.MESSAGE_QUEUED: "message mis en attente d'envoi",
    TrailKind.MESSAGE_SENT: "message envoyé",
    TrailKind.MESSAGE_FAILED: "message non remis",
    TrailKind.MESSAGE_CANCELLED: "message annulé",
    TrailKind.ACCOUNT_UNLOCKED: "compte déverrouillé",
    TrailKind.ACCOUNT_CLOSED: "compte fermé",
    TrailKind.ACCOUNT_REOPENED: "compte rouvert",
    TrailKind.ACCOUNT_REGROUPED: "comptes regroupés",
    TrailKind.REGROUPING_UNDONE: "regroupement annulé",
    TrailKind.ACCOUNT_RESET: "mot de passe annulé, compte remis à notifier",
    TrailKind.BIRTH_DATE_CORRECTED: "date de naissance corrigée",
    TrailKind.GUARDIAN_CORRECTED: "coordonnées corrigées",
    TrailKind.AUDIT_EXPORTED: "bilan des activations exporté",
    TrailKind.SERVICE_CHANGED: "service du portail modifié",
    TrailKind.DATABASE_BACKED_UP: "base sauvegardée",
    TrailKind.DATABASE_RESTORED: "base restaurée depuis une sauvegarde",
    TrailKind.PERSON_EXPORTED: "données d'un responsable remises",
    TrailKind.PERSON_PURGED: "données d'une personne effacées",
    TrailKind.OPERATOR_ADDED: "opérateur inscrit",
    TrailKind.OPERATOR_CHANGED: "rôle ou périmètre d'un opérateur changé",
    TrailKind.OPERATOR_REMOVED: "opérateur retiré",
    TrailKind.ACCOUNT_ACTIVATED: "activation faite par le responsable",
    TrailKind.ACCOUNT_LOCKED: "accès fermé pour un temps",
    TrailKind.EMAIL_GIVEN: "adresse mail donnée par le responsable",
    TrailKind.EMAIL_CONFIRMED: "adresse mail confirmée",
    TrailKind.PASSWORD_CHANGED: "mot de passe changé par le responsable",
    TrailKind.RESET_ASKED: "nouveau mot de passe demandé",
    TrailKind.IDENTIFIER_ASKED: "identifiant demandé",
    TrailKind.FRANCECONNECT_LINKED: "FranceConnect relié au compte",
}

_KEY_WORDS: Mapping[str, str] = {
    "academy": "académie",
    "accounts": "comptes",
    "answer": "réponse",
    "asked": "",
    "attempts": "essais",
    "batch": "lot",
    "birth_date": "échecs de date de naissance",
    "change": "",
    "channel": "par",
    "chased": "à relancer",
    "delivery": "par",
    "device": "échecs depuis un navigateur connu",
    "double": "peut-être deux fois",
    "encrypted": "chiffrée",
    "end": "",
    "error": "erreur",
    "field": "champ",
    "fields": "champs",
    "file": "fichier",
    "format": "format",
    "former": "état d'avant",
    "former_state": "état d'avant",
    "from": "de",
    "guardian": "fiche",
    "into": "vers le compte",
    "journey": "par",
    "key": "",
    "keys": "",
    "kinship": "code de parenté",
    "legal": "responsable légal",
    "kind": "",
    "letter": "courrier",
    "letters": "courriers",
    "log_in": "échecs de mot de passe",
    "message": "message",
    "other": "autre compte",
    "planned": "prévus",
    "principal": "compte principal",
    "published": "publiés",
    "question": "n°",
    "records": "fiches",
    "replaced": "liens remplacés",
    "request": "demande n°",
    "service": "service",
    "sha256": "empreinte",
    "slips": "bordereaux",
    "operator": "",
    "role": "rôle",
    "state": "état",
    "to": "vers",
    "tries": "trop d'erreurs sur",
    "who": "pour",
    "why": "",
}

_CODE_WORDS: Mapping[str, Mapping[str, str]] = {
    "end": {
        LetterEnd.EXPIRED: "date passée",
        LetterEnd.USED: "utilisé",
        LetterEnd.SUPERSEDED: "remplacé par un autre",
        LetterEnd.REGROUPED: "compte regroupé",
        LetterEnd.CLOSED: "compte fermé",
        LetterEnd.VOID: "annulé, son fichier a été perdu",
    },
    "who": {
        Who.NEW: "les comptes jamais notifiés",
        Who.EXPIRED: "les notifications expirées",
        Who.PENDING: "les adresses mail à confirmer",
        Who.RESEND: "une seule personne",
    },
    "kind": {
        MessageKind.LETTER: "courrier de notification",
        MessageKind.REMINDER: "rappel sans mot de passe",
        MessageKind.CHILD_ADDED: "enfant ajouté au compte",
        MessageKind.ACTIVATION_CODE: "code d'activation",
        MessageKind.EMAIL_TO_CONFIRM: "adresse mail à confirmer",
        MessageKind.EMAIL_CHANGE: "nouvelle adresse mail à confirmer",
        MessageKind.EMAIL_CHANGE_TOLD: "changement d'adresse mail annoncé",
        MessageKind.IDENTIFIERS: "identifiant oublié",
        MessageKind.PASSWORD_RESET: "mot de passe à réinitialiser",
        MessageKind.PASSWORD_CHANGED: "changement de mot de passe annoncé",
        MessageKind.FRANCECONNECT_LINKED: "FranceConnect annoncé",
    },
    "delivery": {"email": "mail"},
    "why": {"no_child": "plus d'enfant inscrit", "child_returned": "enfant de retour"},
    "tries": {
        TryKind.LOG_IN: "le mot de passe",
        TryKind.DEVICE: "le mot de passe, depuis un navigateur connu",
        TryKind.BIRTH_DATE: "une date de naissance",
    },
    "journey": {
        Journey.LETTER: "courrier",
        Journey.SMS: "SMS",
        Journey.FRANCECONNECT: "FranceConnect",
    },
    "channel": {Channel.MAIL: "mail", Channel.SMS: "SMS"},
    "legal": {"yes": "oui", "no": "non"},
    "asked": {
        ReviewKind.AMBIGUOUS_LINK: "enfant ambigu",
        ReviewKind.AMBIGUOUS_GUARDIAN: "responsable ambigu",
        ReviewKind.NO_CHILD: "responsable sans enfant",
        ReviewKind.MERGE_PROPOSAL: "une seule personne ?",
    },
    "answer": {
        ReviewResolution.ANSWERED: "par les faits",
        ReviewResolution.LINKED: "cet élève",
        ReviewResolution.NOBODY: "aucun élève",
        ReviewResolution.KNOWN_RECORD: "cette fiche",
        ReviewResolution.NEW_RECORD: "une fiche nouvelle",
        ReviewResolution.SAME_PERSON: "une seule personne",
        ReviewResolution.TWO_PEOPLE: "deux personnes",
        "reopened": "retirée",
    },
    "role": dict(ROLE_NAMES),
    "change": {"added": "ajouté", "changed": "modifié", "removed": "retiré"},
}
_FIELD_WORDS: Mapping[str, str] = {
    "address": "adresse",
    "birth_date": "date de naissance",
    "city": "ville",
    "civility": "civilité",
    "class": "classe",
    "class_label": "classe",
    "country": "pays",
    "email": "adresse mail",
    "family_name": "nom de famille",
    "first_level": "premier niveau",
    "given_name": "prénom",
    "ine": "INE",
    "kind": "type",
    "label": "libellé",
    "last_level": "dernier niveau",
    "level": "niveau",
    "mobile": "mobile",
    "name": "nom",
    "phone": "téléphone",
    "postcode": "code postal",
    "source_birth_date": "date de naissance du fichier",
    "source_city": "ville du fichier",
    "source_country": "pays du fichier",
    "source_id": "numéro du logiciel",
    "source_email": "adresse mail du fichier",
    "source_mobile": "mobile du fichier",
    "source_postcode": "code postal du fichier",
    "source_street": "rue du fichier",
    "street": "rue",
    "url": "adresse du service",
    "usage_name": "nom d'usage",
}


def end_words(end: str) -> str:
    """Return why a letter is over (R-11)."""
    return _CODE_WORDS["end"][end]


def message_words(kind: str) -> str:
    """Return what a message of the outbox is."""
    return _CODE_WORDS["kind"][kind]


def code_words(key: str, code: str) -> str:
    """Return what a code of a detail of that key is."""
    return _CODE_WORDS[key][code]


def field_words(field: str) -> str:
    """Return what a field is called; one without words of ours stands as it is."""
    return _FIELD_WORDS.get(field, field)


def told(kind: TrailKind, details: Mapping[str, str | int]) -> str:
    """Return what an entry tells, with its codes and counts: `courrier terminé (remplacé …)`.

    Args:
        kind: The kind of the entry.
        details: Its details; a key or code without words of ours stands as it is.
    """
    said = details_words(details)
    return f"{KIND_WORDS[kind]} ({said})" if said else KIND_WORDS[kind]


def details_words(details: Mapping[str, str | int]) -> str:
    """Return the details of an entry, as `told` has them."""
    return ", ".join(_detail(key, value) for key, value in details.items())


def _detail(key: str, value: str | int) -> str:
    name = _KEY_WORDS.get(key, key)
    if key in {"field", "fields"}:
        words = ", ".join(field_words(one) for one in str(value).split(","))
    elif key in {"state", "former", "former_state"}:
        words = STATE_WORDS.get(str(value), str(value))
    else:
        words = _CODE_WORDS.get(key, {}).get(str(value), str(value))
    return f"{name} {words}".strip()
