"""An e-mail address that is typed twice: what is wrong with it, in words."""

from educonnect_admin.parents.addresses import same_email, tidy_email
from educonnect_admin.portal.visit import Visit

MISSING = "Saisissez une adresse mail."
BAD = "Cette adresse mail n'est pas valable. Exemple : nom@exemple.fr"
AGAIN = "Saisissez l'adresse mail une seconde fois."
DIFFERENT = "Les deux adresses mail saisies ne sont pas identiques."


def judged(visit: Visit) -> tuple[str | None, dict[str, str]]:
    """Return the address that was typed in `email` and `email_confirmation`, or the errors."""
    typed, again = visit.typed("email"), visit.typed("email_confirmation")
    email = tidy_email(typed)
    if email is None:
        return None, {"email": BAD if typed else MISSING}
    if not again:
        return None, {"email_confirmation": AGAIN}
    if not same_email(tidy_email(again) or "", email):
        return None, {"email_confirmation": DIFFERENT}
    return email, {}
