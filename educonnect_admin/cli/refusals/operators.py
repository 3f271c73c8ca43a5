"""Refusals around operators, their roles and their scope."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.cli.roles import ROLE_NAMES, roles_in_words
from educonnect_admin.domain import operator_errors as operators
from educonnect_admin.domain.errors import EduConnectError

_BAD = {
    "name": "un nom d'opérateur commence par une lettre et n'a que des minuscules sans accent, "
    "des chiffres, «.», «_» et «-» (63 signes au plus)",
    "owner": "c'est le nom de votre propre session, celle du propriétaire : choisissez-en un autre",
    "holder": "sous ce nom, le journal dit ce que font les parents : il est au portail seul ; "
    "choisissez-en un autre",
    "taken": "le serveur a déjà, sous ce nom, un rôle qui passe outre les règles ; "
    "choisissez un autre nom",
    "scope": "ce périmètre manque ou ne va pas avec ce rôle. Il faut --school, une ou plusieurs "
    "fois, à director ; --academy à rectorate ; --everything à cron et portal ; un seul des trois "
    "à helpdesk",
}

OPERATORS: Mapping[type[EduConnectError], Words] = {
    operators.UnknownOperator: Words(
        REFUSED,
        lambda e: (
            f"«{e.name}» n'est pas un opérateur de ce bureau. Son propriétaire peut l'inscrire "
            "(operators add) ; lui-même travaille sous le nom de sa session, sans --operator."
        ),
    ),
    operators.NotYourRole: Words(
        REFUSED,
        lambda e: (
            f"La commande {e.command} n'est pas pour votre rôle ({ROLE_NAMES[e.role]}). "
            f"Qui peut la lancer : {roles_in_words(e.command)}."
        ),
    ),
    operators.OwnerOnly: Words(
        REFUSED,
        lambda _: (
            "Cette commande est réservée au propriétaire de la base, sous le nom de sa session, "
            "sans --operator."
        ),
    ),
    operators.BeyondScope: Words(
        REFUSED,
        lambda _: (
            "La base vous le refuse : cela sort de votre rôle ou de votre périmètre, ou vous "
            "n'êtes plus opérateur. Rien n'a été écrit."
        ),
    ),
    operators.HeldElsewhere: Words(
        REFUSED,
        lambda e: (
            f"Le compte {e.identifier} a aussi une fiche dans une école hors de votre périmètre : "
            "qui voit les deux écoles, le rectorat ou le propriétaire de la base, peut le "
            "regrouper ou annuler son regroupement. Rien n'a été écrit."
        ),
    ),
    operators.BadOperator: Words(REFUSED, lambda e: f"Opérateur refusé : {_BAD[e.why]}."),
}
