"""What is said where the FranceConnect journey goes no further, and what may come next (R-56)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from educonnect_admin.parents.franceconnect_mobile import MobileVerdict
from educonnect_admin.parents.sign_in_with_franceconnect import Verdict
from educonnect_admin.portal.waiting import wait_words

NO_MOBILE = "Saisissez votre numéro de téléphone mobile."
NOT_A_MOBILE = (
    "Ce n'est pas un numéro de téléphone mobile. Il commence par 06 ou 07 et a dix chiffres."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadEnd:
    """A page that goes no further.

    Attributes:
        title: what has happened.
        sentences: what it means, and what to do.
        again: whether to offer FranceConnect again.
        retry: what the link back to the mobile says; empty for none.
        other_ways: whether to offer the log-in with an identifier.
        known: whether the provider knows who this is: on a shared computer that must end.
        status: of the answer.
    """

    title: str
    sentences: tuple[str, ...]
    again: bool = False
    retry: str = ""
    other_ways: bool = True
    known: bool = False
    status: int = 200


_SAFE = "Par sécurité, rien n'a été fait."

ARRIVALS: Mapping[Verdict, DeadEnd] = {
    Verdict.ABANDONED: DeadEnd(
        title="Vous n'avez pas continué avec FranceConnect",
        sentences=("Rien n'a été fait. Vous pouvez recommencer, ou vous connecter autrement.",),
        again=True,
    ),
    Verdict.NO_DEPARTURE: DeadEnd(
        title="Votre identification n'a pas abouti",
        sentences=(
            f"Elle a duré trop longtemps, ou cette page a été ouverte deux fois. {_SAFE}",
            "Recommencez depuis le bouton.",
        ),
        again=True,
        status=403,
    ),
    Verdict.REFUSED: DeadEnd(
        title="Nous n'avons pas pu vérifier votre identité",
        sentences=(
            f"La réponse reçue n'est pas celle que FranceConnect doit nous donner. {_SAFE}",
            "Recommencez. Si le problème persiste, connectez-vous autrement.",
        ),
        again=True,
        status=403,
    ),
    Verdict.UNAVAILABLE: DeadEnd(
        title="FranceConnect est momentanément indisponible",
        sentences=(
            "Rien n'a été perdu. Réessayez dans quelques minutes, ou connectez-vous autrement.",
        ),
        again=True,
        status=503,
    ),
    Verdict.NO_NAME: DeadEnd(
        title="FranceConnect ne nous a pas donné votre nom et votre prénom",
        sentences=(
            "Sans eux, nous ne pouvons pas trouver votre fiche dans l'école ou l'établissement de "
            "votre enfant.",
            "Activez votre compte autrement : avec le courrier remis par l'école, ou par SMS.",
        ),
        known=True,
    ),
    Verdict.CLOSED: DeadEnd(
        title="Votre compte est fermé",
        sentences=(
            "Le compte relié à FranceConnect est fermé : plus aucun enfant n'y est rattaché.",
            "Si votre enfant est inscrit dans une école ou un établissement, vous pouvez continuer "
            "avec le numéro de mobile que vous y avez donné.",
        ),
        retry="Continuer avec mon numéro de mobile",
        other_ways=False,
        known=True,
    ),
}

MOBILES: Mapping[MobileVerdict, DeadEnd] = {
    MobileVerdict.UNKNOWN: DeadEnd(
        title="Numéro de téléphone non reconnu",
        sentences=(
            "Ce numéro n'est pas celui que l'école ou l'établissement de votre enfant connaît pour "
            "vous.",
            "Vérifiez la saisie de votre numéro, ou contactez votre établissement scolaire afin de "
            "modifier vos informations personnelles.",
        ),
        retry="Réessayer",
        known=True,
        status=422,
    ),
    MobileVerdict.HOMONYMS: DeadEnd(
        title="Plusieurs personnes portent ce nom avec ce numéro",
        sentences=(
            "Nous ne pouvons pas savoir laquelle vous êtes. Contactez votre établissement scolaire "
            "pour qu'il corrige sa fiche : nous l'avons signalé à l'assistance.",
            "Vous pouvez aussi activer votre compte avec le courrier remis par l'école.",
        ),
        retry="Essayer un autre numéro",
        known=True,
        status=422,
    ),
    MobileVerdict.TOO_MANY_CODES: DeadEnd(
        title="Trop de codes ont été envoyés",
        sentences=("Aucun code n'est parti cette fois.",),
        known=True,
        status=429,
    ),
    MobileVerdict.TOO_OFTEN: DeadEnd(
        title="Trop de numéros ont été essayés",
        sentences=("Par sécurité, ce numéro n'a pas été cherché.",),
        known=True,
        status=429,
    ),
}


def delayed(words: DeadEnd, until: datetime | None, now: datetime) -> DeadEnd:
    """Return the same, and from when on another try may be made."""
    if until is None:
        return words
    wait = f"Réessayez {wait_words(now, until)}."
    return replace(words, sentences=(*words.sentences, wait))
