"""Refusals of the changes that the desk makes: accounts, birth dates, contacts."""

from collections.abc import Iterable, Mapping

from educonnect_admin.cli.exit_codes import REFUSED, USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import desk_errors as desk
from educonnect_admin.domain.errors import EduConnectError

_STATES = {
    "not_notified": "n'a pas encore été notifié",
    "notified": "est notifié et pas encore activé",
    "email_pending": "attend la confirmation de son adresse mail",
    "active": "est activé",
}
_DIFFERENT = {
    "family_name": "le nom de famille diffère",
    "given_name": "le prénom diffère",
    "civility": "la civilité diffère",
    "email": "l'adresse mail n'est pas la même",
    "mobile": "le mobile n'est pas le même",
    "same_school": "une même école a une fiche pour chacun",
}
_DATES = {
    "two_digit_year": "écrivez l'année sur quatre chiffres, ex. 04/03/2011",
    "future_birth_date": "elle est dans le futur",
}
_CONTACTS = {
    "email": "Cette adresse mail n'en est pas une : vérifiez-la signe par signe (nom@domaine.fr).",
    "mobile": "Ce numéro n'est pas celui d'un portable : il commence par 06 ou 07, ou par "
    "l'indicatif de son pays, ex. +32 470 12 34 56. Une ligne fixe ne reçoit pas de SMS.",
    "address": "Cette adresse n'a pas été comprise : écrivez «12 rue des Lilas, 59000 Lille», ou "
    "donnez --street, --postcode et --city (et --country à l'étranger).",
}

_SERVICES = {
    "code": "Ce code de service ne convient pas : de 1 à 40 signes parmi a-z, 0-9, «-» et «_», ex. "
    "livret.",
    "label": "Ce libellé de service ne convient pas : de 1 à 100 signes, ex. Livret Scolaire.",
    "url": "Cette adresse de service est refusée : il faut une adresse complète qui commence par "
    "https://, sans mot de passe ni espace.",
    "levels": "Ces niveaux n'ont pas été compris : écrivez-les du plus jeune au plus âgé, ex. "
    "CP..3e, ou un seul, ex. CM2.",
}


def _listed(texts: Iterable[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} et {last}" if first else last


def _different(error: desk.DifferentPeople) -> str:
    why = _listed(_DIFFERENT[field] for field in error.fields)
    return (
        f"Les comptes {error.principal} et {error.other} semblent être ceux de deux personnes : "
        f"{why}. Comparez-les (accounts show {error.principal}, accounts show {error.other}). Si "
        "c'est bien une seule personne, ajoutez --yes : educonnect-admin accounts regroup "
        f"{error.principal} {error.other} --yes --reason MOTIF"
    )


CHANGES: Mapping[type[EduConnectError], Words] = {
    desk.AccountNotClosed: Words(
        REFUSED,
        lambda e: (
            f"Le compte {e.identifier} n'est pas fermé, il {_STATES[e.state]} : il n'y a rien à "
            "rouvrir."
        ),
    ),
    desk.SameAccount: Words(
        REFUSED,
        lambda e: (
            f"Un compte ne se regroupe pas avec lui-même ({e.identifier}). Le deuxième identifiant "
            "doit être celui de l'autre compte de la même personne."
        ),
    ),
    desk.DifferentPeople: Words(REFUSED, _different),
    desk.NotRegrouped: Words(
        REFUSED,
        lambda e: (
            f"Le compte {e.identifier} n'est regroupé dans aucun autre : il n'y a rien à annuler. "
            "L'identifiant attendu est celui du compte qui ne sert plus."
        ),
    ),
    desk.UndoLaterFirst: Words(
        REFUSED,
        lambda e: (
            f"Le regroupement de {e.identifier} ne peut pas encore être annulé : celui de "
            f"{e.first} est plus récent, annulez-le d'abord : "
            f"educonnect-admin accounts undo-regroup {e.first} --reason MOTIF"
        ),
    ),
    desk.BadBirthDate: Words(
        REFUSED,
        lambda e: (
            "Cette date de naissance est refusée : "
            f"{_DATES.get(e.why, 'ce jour n’existe pas, ou ce n’est pas une date')}. "
            "Les formes possibles sont 04/03/2011 et 2011-03-04."
        ),
    ),
    desk.BadContact: Words(
        REFUSED,
        lambda e: _CONTACTS.get(
            e.field, "Ce texte est trop long, ou vide : la base n'a pas la place de le garder."
        ),
    ),
    desk.NothingToCorrect: Words(
        USAGE,
        lambda _: (
            "Il n'y a rien à corriger : donnez --email, --mobile, --address, ou --no-email ou "
            "--no-mobile pour retirer ce qui est faux."
        ),
    ),
    desk.ContradictoryOptions: Words(
        USAGE, lambda e: f"Les options {_listed(e.options)} ne vont pas ensemble."
    ),
    desk.UnknownService: Words(
        REFUSED,
        lambda e: (
            f"Aucun service du portail ne porte le code «{e.code}». Ceux qui existent : "
            "educonnect-admin services list"
        ),
    ),
    desk.BadService: Words(REFUSED, lambda e: _SERVICES[e.field]),
}
