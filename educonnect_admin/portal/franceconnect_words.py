"""What is said where the FranceConnect journey goes no further, and what may come next (R-56)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from educonnect_admin.parents.franceconnect_mobile import MobileVerdict
from educonnect_admin.parents.sign_in_with_franceconnect import Verdict
from educonnect_admin.portal.dead_ends import TOO_MANY_REQUESTS, UNPROCESSABLE, DeadEnd, Step
from educonnect_admin.portal.waiting import wait_words

MOBILE = "/franceconnect/mobile"

_OTHERWISE = Step("Me connecter autrement", "/connexion/autres-facons")


@dataclass(frozen=True, slots=True, kw_only=True)
class End(DeadEnd):
    """What such a page says.

    Attributes:
        known: whether the provider knows who this is: on a shared computer that must end.
        status: of the answer.
    """

    known: bool = False
    status: int = UNPROCESSABLE


_SAFE = "Par sécurité, rien n'a été fait."

ARRIVALS: Mapping[Verdict, End] = {
    Verdict.ABANDONED: End(
        title="Vous n'avez pas continué avec FranceConnect",
        sentences=("Rien n'a été fait. Vous pouvez recommencer, ou vous connecter autrement.",),
        status=200,
        steps=(_OTHERWISE,),
        offers_franceconnect=True,
    ),
    Verdict.NO_DEPARTURE: End(
        title="Votre identification n'a pas abouti",
        sentences=(
            f"Elle a duré trop longtemps, ou cette page a été ouverte deux fois. {_SAFE}",
            "Recommencez depuis le bouton.",
        ),
        steps=(_OTHERWISE,),
        offers_franceconnect=True,
        status=403,
    ),
    Verdict.REFUSED: End(
        title="Nous n'avons pas pu vérifier votre identité",
        sentences=(
            f"La réponse reçue n'est pas celle que FranceConnect doit nous donner. {_SAFE}",
            "Recommencez. Si le problème persiste, connectez-vous autrement.",
        ),
        steps=(_OTHERWISE,),
        offers_franceconnect=True,
        status=403,
    ),
    Verdict.UNAVAILABLE: End(
        title="FranceConnect est momentanément indisponible",
        sentences=(
            "Rien n'a été perdu. Réessayez dans quelques minutes, ou connectez-vous autrement.",
        ),
        steps=(_OTHERWISE,),
        offers_franceconnect=True,
        status=503,
    ),
    Verdict.NO_NAME: End(
        title="FranceConnect ne nous a pas donné votre nom et votre prénom",
        sentences=(
            "Sans eux, nous ne pouvons pas trouver votre fiche dans l'école ou l'établissement de "
            "votre enfant.",
            "Activez votre compte autrement : avec le courrier remis par l'école, ou par SMS.",
        ),
        steps=(_OTHERWISE,),
        known=True,
    ),
    Verdict.CLOSED: End(
        title="Votre compte est fermé",
        sentences=(
            "Le compte relié à FranceConnect est fermé : plus aucun enfant n'y est rattaché.",
            "Si votre enfant est inscrit dans une école ou un établissement, vous pouvez continuer "
            "avec le numéro de mobile que vous y avez donné.",
        ),
        steps=(Step("Continuer avec mon numéro de mobile", MOBILE),),
        known=True,
    ),
}

MOBILES: Mapping[MobileVerdict, End] = {
    MobileVerdict.UNKNOWN: End(
        title="Numéro de téléphone non reconnu",
        sentences=(
            "Ce numéro n'est pas celui que l'école ou l'établissement de votre enfant connaît pour "
            "vous.",
            "Vérifiez la saisie de votre numéro, ou contactez votre établissement scolaire afin de "
            "modifier vos informations personnelles.",
        ),
        steps=(Step("Réessayer", MOBILE), _OTHERWISE),
        known=True,
    ),
    MobileVerdict.HOMONYMS: End(
        title="Plusieurs personnes portent ce nom avec ce numéro",
        sentences=(
            "Nous ne pouvons pas savoir laquelle vous êtes. Contactez votre établissement scolaire "
            "pour qu'il corrige sa fiche : nous l'avons signalé à l'assistance.",
            "Vous pouvez aussi activer votre compte avec le courrier remis par l'école.",
        ),
        steps=(Step("Essayer un autre numéro", MOBILE), _OTHERWISE),
        known=True,
    ),
    MobileVerdict.TOO_MANY_CODES: End(
        title="Trop de codes ont été envoyés",
        sentences=("Aucun code n'est parti cette fois.",),
        steps=(_OTHERWISE,),
        known=True,
        status=TOO_MANY_REQUESTS,
    ),
    MobileVerdict.TOO_OFTEN: End(
        title="Trop de numéros ont été essayés",
        sentences=("Par sécurité, ce numéro n'a pas été cherché.",),
        steps=(_OTHERWISE,),
        known=True,
        status=TOO_MANY_REQUESTS,
    ),
}


def delayed(words: End, until: datetime | None, now: datetime) -> End:
    """Return the same, and from when on another try may be made."""
    if until is None:
        return words
    wait = f"Réessayez {wait_words(now, until)}."
    return replace(words, sentences=(*words.sentences, wait))
