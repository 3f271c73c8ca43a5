"""What a parent reads on the way from a letter to an account (§2.3.5, §6.1)."""

from collections.abc import Mapping

from educonnect_admin.portal.dead_ends import DeadEnd, Step
from educonnect_admin.portal.register_words import NO_CHILD, NO_DATE, NOT_A_DATE

__all__ = ["NOT_A_DATE", "NO_CHILD", "NO_DATE"]

WRONG_DATE = "La date de naissance saisie est incorrecte"
WRONG_DATES = (
    "La date de naissance saisie est incorrecte pour un enfant au moins. Vérifiez-les toutes."
)
CHANGED = "La liste des enfants vient de changer. Saisissez la date de naissance de chacun."
IS_TEMPORARY = "Choisissez un autre mot de passe que celui du courrier."
OVER = DeadEnd(
    title="Trop de dates incorrectes",
    sentences=(
        "La date de naissance saisie est incorrecte. Par sécurité, l'activation est interrompue ; "
        "rien n'a été enregistré et votre courrier reste valable.",
        "Vérifiez les dates, puis reconnectez-vous avec le courrier. Si elles sont bien celles de "
        "vos enfants, contactez le directeur d'école pour lui demander de les rectifier.",
    ),
    steps=(Step("Se connecter", "/connexion"),),
)


def closed(wait: str) -> DeadEnd:
    """Return what is said where dates were tried too often for a day."""
    return DeadEnd(
        title="Trop de dates incorrectes",
        sentences=(
            f"Des dates de naissance incorrectes ont été saisies trop souvent. Réessayez {wait} : "
            "votre courrier reste valable.",
            "Si vos dates sont bien celles de vos enfants, contactez dès maintenant le directeur "
            "d'école pour lui demander de les rectifier.",
        ),
        steps=(Step("Se connecter", "/connexion"),),
    )


def is_wrong_date(errors: Mapping[str, str]) -> bool:
    """Tell whether what is said is a birth date that the school has otherwise (§6.1)."""
    return any(sentence in (WRONG_DATE, WRONG_DATES) for sentence in errors.values())
