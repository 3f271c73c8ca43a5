"""Who to chase: one line an account that is not active, its reason and what to do, in French."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from educonnect_admin.domain.troubles import Trouble


class ChaseLine(NamedTuple):
    """An account that is not active yet.

    `guardian`, `children` and `contact` are empty in an audit of several schools: names are
    for the school that knows the people (R-66); `child_count` is always there.
    """

    identifier: str
    uai: str
    class_label: str | None
    guardian: str
    children: Sequence[str]
    child_count: int
    trouble: Trouble
    since: date | None
    until: date | None
    contact: str

    def __repr__(self) -> str:
        return f"ChaseLine(trouble={self.trouble!s})"


class Advice(NamedTuple):
    """A reason in a few words, and what to do about it."""

    reason: str
    action: str


_NEW_LETTER = "Faire un nouveau courrier : letters resend"
_EXPLAIN = "Voir le détail : accounts explain"
_OTHER = Advice("Autre raison", _EXPLAIN)

ADVICE: Mapping[Trouble, Advice] = {
    Trouble.CLOSED: Advice("Compte fermé", "Le rouvrir si c'est une erreur : accounts reopen"),
    Trouble.CLOSED_WITHOUT_CHILD: Advice(
        "Fermé faute d'enfant inscrit", "Importer les fichiers de l'école de l'enfant"
    ),
    Trouble.REGROUPED: Advice("Compte regroupé", "Utiliser l'autre identifiant"),
    Trouble.LOCKED: Advice("Bloqué après des mots de passe faux", "accounts unlock, ou attendre"),
    Trouble.BIRTH_DATE_LOCKED: Advice(
        "Date de naissance refusée trop souvent", "Comparer la date avec la fiche : pupils show"
    ),
    Trouble.BIRTH_DATE_REFUSED: Advice(
        "Date de naissance refusée", "Comparer la date avec la fiche : pupils show"
    ),
    Trouble.MOBILE_REFUSED: Advice(
        "Mobile tapé différent de celui de l'école", "Vérifier le mobile : guardians correct"
    ),
    Trouble.HOMONYMS_REFUSED: Advice(
        "Homonymes au même mobile", "Donner à chacun son mobile : guardians correct"
    ),
    Trouble.HOMONYMS: Advice(
        "Homonymes au même mobile", "Donner à chacun son mobile : guardians correct"
    ),
    Trouble.NO_CHILD: Advice("Plus aucun enfant inscrit", "Vérifier les fichiers de l'école"),
    Trouble.NO_LEGAL_LINK: Advice(
        "N'est pas responsable légal", "Vérifier la fiche dans le logiciel de l'école"
    ),
    Trouble.LETTER_MAIL_FAILED: Advice(
        "Courrier par mail refusé", "Vérifier l'adresse, puis letters resend"
    ),
    Trouble.LETTER_MAIL_RETRIED: Advice(
        "Courrier par mail retardé", "Attendre le prochain essai : mail deliver"
    ),
    Trouble.LETTER_MAIL_WAITING: Advice("Courrier par mail à envoyer", "mail deliver"),
    Trouble.LETTER_UNPUBLISHED: Advice("Impression interrompue", "letters recover"),
    Trouble.LETTER_VOID: Advice("Courrier annulé, fichier perdu", _NEW_LETTER),
    Trouble.LETTER_WITHDRAWN: Advice("Courrier retiré", _NEW_LETTER),
    Trouble.LETTER_EXPIRED: Advice("Courrier expiré", _NEW_LETTER),
    Trouble.LETTER_SUPERSEDED: Advice(
        "Courrier remplacé par un plus récent", "Faire chercher le nouveau courrier"
    ),
    Trouble.NEVER_NOTIFIED: Advice("Jamais notifié", "Imprimer les courriers : letters issue"),
    Trouble.LETTER_LIVE: Advice(
        "A un courrier valable, pas encore utilisé", "Rappeler ; s'il est perdu, letters resend"
    ),
    Trouble.EMAIL_BOUNCES: Advice("Adresse mail refusée", f"Vérifier l'adresse. {_NEW_LETTER}"),
    Trouble.EMAIL_MISSING: Advice("Adresse mail manquante", _NEW_LETTER),
    Trouble.EMAIL_UNCONFIRMED: Advice(
        "Adresse mail à confirmer", "Chercher le message d'activation, indésirables compris"
    ),
    Trouble.LETTER_USED: Advice(
        "Courrier déjà utilisé", "Taper le mot de passe choisi ; s'il est perdu, letters resend"
    ),
    Trouble.WRONG_PASSWORDS: Advice("Mots de passe faux", _EXPLAIN),
    Trouble.SECOND_ACCOUNT: Advice(
        "Semble avoir un autre compte", "Vérifier, puis regrouper : accounts regroup"
    ),
    Trouble.SCHOOL_MOBILE_MISSING: Advice("Mobile inconnu de l'école", "guardians correct"),
    Trouble.SCHOOL_EMAIL_MISSING: Advice("Adresse mail inconnue", "guardians correct"),
}


def advice(trouble: Trouble) -> Advice:
    """Return the words of a reason; one that concerns active accounts only has general ones."""
    return ADVICE.get(trouble, _OTHER)
