"""Why the link of a mail does nothing any more, and what to do now (§6.2 to §6.4, R-56)."""

from collections.abc import Mapping

from educonnect_admin.parents.confirm_email import Standing
from educonnect_admin.portal.account import CHANGE_EMAIL
from educonnect_admin.portal.dead_ends import DeadEnd, Step
from educonnect_admin.portal.places import LOG_IN, PENDING_EMAIL

_LOG_IN = Step("Se connecter", LOG_IN)
_OVER = "Ce lien n'est plus valable"
_HOW = "Connectez-vous avec votre identifiant et le mot de passe que vous avez choisi : "
_THERE = "Connectez-vous, puis choisissez « Gérer mon compte » et « Modifier mon adresse mail » : "

_BY_ACTIVATION: Mapping[Standing, DeadEnd] = {
    Standing.EXPIRED: DeadEnd(
        title=_OVER,
        sentences=(
            "Il était valable trois jours, et il a expiré.",
            _HOW + "vous pourrez vérifier votre adresse mail et recevoir un autre lien.",
        ),
    ),
    Standing.REPLACED: DeadEnd(
        title=_OVER,
        sentences=(
            "Une autre demande l'a remplacé.",
            "Cherchez dans votre boîte le dernier mail reçu, et suivez son lien.",
            "Vous ne le trouvez pas ? " + _HOW + "vous pourrez en recevoir un autre.",
        ),
    ),
}
_BY_CHANGE: Mapping[Standing, DeadEnd] = {
    Standing.EXPIRED: DeadEnd(
        title=_OVER,
        sentences=(
            "Il était valable trois jours, et il a expiré : votre adresse mail n'a pas changé.",
            _THERE + "vous pourrez recevoir un autre lien.",
        ),
    ),
    Standing.REPLACED: DeadEnd(
        title=_OVER,
        sentences=(
            "Une autre demande l'a remplacé.",
            "Cherchez dans votre boîte le dernier mail reçu, et suivez son lien.",
            "Vous ne le trouvez pas ? " + _THERE + "vous pourrez en recevoir un autre.",
        ),
    ),
}
_OTHERS: Mapping[Standing, DeadEnd] = {
    Standing.RESTARTED: DeadEnd(
        title=_OVER,
        sentences=(
            "Depuis ce mail, un nouveau courrier a été fait pour votre compte.",
            "Connectez-vous avec l'identifiant et le mot de passe provisoire de ce courrier : vous "
            "recevrez ensuite un autre mail.",
        ),
        steps=(_LOG_IN, Step("Je n'ai pas ce courrier", "/connexion/autres-facons")),
    ),
    Standing.REGROUPED: DeadEnd(
        title="Ce compte a été regroupé",
        sentences=(
            "Il a été regroupé avec un autre des vôtres, et ne sera plus utilisable.",
            "Connectez-vous avec votre compte principal : tous vos enfants y sont.",
        ),
        steps=(_LOG_IN, Step("Identifiant oublié ?", "/identifiant-oublie")),
    ),
    Standing.CLOSED: DeadEnd(
        title="Ce compte est fermé",
        sentences=(
            "Ce lien ne peut plus servir.",
            "Si votre enfant est scolarisé dans une école ou un établissement public, demandez un "
            "nouveau courrier au directeur.",
        ),
        steps=(Step("Les façons d'accéder à mon compte", "/connexion/autres-facons"),),
    ),
    Standing.UNKNOWN: DeadEnd(
        title="Ce lien n'est pas valable",
        sentences=(
            "Il est peut-être coupé : certaines messageries le partagent sur deux lignes.",
            "Ouvrez de nouveau le mail et recopiez le lien en entier.",
            "Si cela ne marche pas, connectez-vous : vous pourrez en recevoir un autre.",
        ),
        steps=(_LOG_IN,),
    ),
}


def why_over(standing: Standing, *, is_change: bool, is_own: bool) -> DeadEnd:
    """Return the page of a link that does nothing any more.

    Args:
        standing: Why, none of those that have pages of their own.
        is_change: Whether it was to bring another address to an active account.
        is_own: Whether its account is open in this browser: another mail is one step away.
    """
    if standing in _OTHERS:
        return _OTHERS[standing]
    end = (_BY_CHANGE if is_change else _BY_ACTIVATION)[standing]
    again = Step("Recevoir un autre mail", CHANGE_EMAIL if is_change else PENDING_EMAIL)
    return DeadEnd(title=end.title, sentences=end.sentences, steps=(again if is_own else _LOG_IN,))
