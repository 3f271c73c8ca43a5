"""What the pages of the journey by SMS say, and where they lead (§2.2, R-30 to R-35)."""

from educonnect_admin.portal.dead_ends import DeadEnd, Step

REGISTER = "/inscription"
CODE = "/inscription/code"
ANOTHER_CODE = "/inscription/code/nouveau"
CHILDREN = "/inscription/enfants"
PASSWORD = "/inscription/mot-de-passe"  # noqa: S105 - a page

STEPS_BY_SMS = ("Mobile", "Code", "Enfants", "Mot de passe")
STEPS_BY_FRANCECONNECT = ("FranceConnect", "Mobile", "Code", "Enfants")

MISSING = {
    "nom": "Saisissez votre nom.",
    "prenom": "Saisissez votre prénom.",
    "mobile": "Saisissez votre numéro de mobile.",
}
NOT_A_MOBILE = "Ce numéro n'est pas celui d'un mobile. Exemple : 06 12 34 56 78"
UNKNOWN = (
    "Les informations saisies ne permettent pas de poursuivre l'auto-inscription par SMS. "
    "Vérifiez les données saisies, ou contactez votre établissement scolaire."
)
NO_CODE = "Saisissez le code reçu par SMS."
NO_DATE = "Saisissez la date de naissance de {name}."
NOT_A_DATE = "La date saisie pour {name} n'existe pas. Exemple : 14 3 2018"
WRONG_DATE = (
    "La date de naissance saisie est incorrecte. Vérifiez-la ; si elle est bien celle de votre "
    "enfant, demandez au directeur de l'école de la corriger."
)
WRONG_DATES = (
    "Au moins une date de naissance saisie est incorrecte. Vérifiez-les toutes ; si elles sont "
    "bien celles de vos enfants, demandez au directeur de l'école de les corriger."
)

_ACTIVATE = "J'active mon compte"
_AGAIN = "Réessayer"
_OTHERWISE = Step("Me connecter autrement", "/connexion/autres-facons")

ALREADY_ACTIVE = DeadEnd(
    title="Votre compte est déjà activé",
    sentences=(
        "Ces informations sont celles d'un compte déjà activé : vous n'avez pas à le créer.",
        "Connectez-vous avec votre identifiant et votre mot de passe, ou avec FranceConnect. Si "
        "vous les avez oubliés, la page de connexion vous aide à les retrouver.",
    ),
    steps=(
        Step("Se connecter", "/connexion"),
        Step("Identifiant oublié", "/identifiant-oublie"),
        Step("Mot de passe oublié", "/mot-de-passe-oublie"),
    ),
    offers_franceconnect=True,
)
HOMONYMS = DeadEnd(
    title="Plusieurs personnes correspondent",
    sentences=(
        "Plusieurs personnes portent ce nom et ce prénom, avec ce numéro de mobile.",
        "Nous ne pouvons pas savoir laquelle vous êtes. Contactez l'établissement scolaire de "
        "votre enfant : il peut corriger vos coordonnées, ou vous remettre un courrier avec un "
        "identifiant et un mot de passe provisoire.",
    ),
    steps=(_OTHERWISE,),
)
WRONG_CODE = DeadEnd(
    title=_ACTIVATE,
    sentences=("Le code saisi est incorrect. Veuillez le saisir à nouveau.",),
    steps=(Step(_AGAIN, CODE),),
)
CODE_TOO_OFTEN = DeadEnd(
    title=_ACTIVATE,
    sentences=(
        "Le code a été saisi trop souvent de façon incorrecte : il n'est plus valable.",
        "Demandez un autre code, puis saisissez le plus récent.",
    ),
    another_code=True,
)


def expired_code(restart: str) -> DeadEnd:
    """Return what is said of a code that is too old (§2.2.4.1): back to the mobile."""
    return DeadEnd(
        title=_ACTIVATE,
        sentences=(
            "Le code saisi n'est plus valable : il l'est pendant 30 minutes.",
            "Recommencez la saisie de votre numéro de mobile pour en recevoir un autre.",
        ),
        steps=(Step(_AGAIN, restart),),
    )


def too_often(wait: str) -> DeadEnd:
    """Return what is said where too many names were tried."""
    return DeadEnd(
        title="Trop d'essais",
        sentences=(
            f"Par sécurité, cette page est fermée pour un moment. Réessayez {wait}.",
            "Ce n'est pas vous ? Quelqu'un d'autre, sur la même connexion internet que vous, a pu "
            "faire ces essais.",
        ),
        steps=(Step(_AGAIN, REGISTER), _OTHERWISE),
    )


def too_many(wait: str, *, has_one: bool = False) -> DeadEnd:
    """Return what is said where no code may be sent for now.

    Args:
        wait: Until when.
        has_one: A code that was sent before may still be typed.
    """
    return DeadEnd(
        title="Aucun autre code pour le moment",
        sentences=(
            f"Trop de codes ont été demandés. Réessayez {wait}.",
            "Un SMS peut mettre quelques minutes à arriver : attendez le dernier code demandé.",
        ),
        steps=(*((Step("Saisir le code reçu", CODE),) if has_one else ()), _OTHERWISE),
    )


def restart_at(restart: str) -> DeadEnd:
    """Return what is said where what was proved is no longer true."""
    return DeadEnd(
        title="Il faut recommencer",
        sentences=(
            "Vos informations, ou celles de vos enfants, viennent de changer : elles ont été "
            "corrigées par l'établissement, ou le compte a été activé autrement.",
            "Rien n'a été enregistré. Recommencez ; si votre compte est déjà activé, "
            "connectez-vous.",
        ),
        steps=(Step(_AGAIN, restart), Step("Se connecter", "/connexion")),
    )


def dates_over(restart: str) -> DeadEnd:
    """Return what is said after the last wrong date of a journey."""
    return DeadEnd(
        title="Trop de dates incorrectes",
        sentences=(
            "Les dates de naissance saisies sont incorrectes. Par sécurité, votre inscription est "
            "interrompue ; rien n'a été enregistré.",
            "Vérifiez les dates, puis recommencez. Si elles sont bien celles de vos enfants, "
            "demandez au directeur de l'école de les corriger.",
        ),
        steps=(Step(_AGAIN, restart), _OTHERWISE),
    )


def dates_closed(wait: str) -> DeadEnd:
    """Return what is said where dates were tried too often for a day."""
    return DeadEnd(
        title="Trop de dates incorrectes",
        sentences=(
            f"Des dates de naissance incorrectes ont été saisies trop souvent. Réessayez {wait}.",
            "Si vos dates sont bien celles de vos enfants, demandez dès maintenant au directeur de "
            "l'école de les corriger.",
        ),
        steps=(_OTHERWISE,),
    )


NO_CHILD = DeadEnd(
    title="Aucun enfant rattaché",
    sentences=(
        "Aucun enfant scolarisé n'est rattaché à votre compte pour le moment.",
        "Contactez l'établissement scolaire de votre enfant.",
    ),
    steps=(_OTHERWISE,),
)
