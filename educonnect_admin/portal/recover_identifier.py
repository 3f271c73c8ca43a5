"""`/identifiant-oublie`: an address, and a mail with what is attached to it (§5.1)."""

from educonnect_admin.parents.addresses import tidy_email
from educonnect_admin.parents.recover_identifier import (
    IdentifierAsked,
    IdentifierVerdict,
    ask_identifiers,
)
from educonnect_admin.portal.answers import Answer, Page, Redirect
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Visit
from educonnect_admin.portal.waiting import wait_words

FORGOTTEN = "/identifiant-oublie"
SENT = "/identifiant-oublie/envoye"
TOO_MANY_REQUESTS = 429

_MISSING = "Saisissez votre adresse mail."
_BAD = "Cette adresse mail n'est pas valable. Exemple : nom@exemple.fr"
_UNKNOWN = "L'adresse mail saisie n'est pas reconnue."


def show(visit: Visit) -> Answer:
    """Show the form."""
    return _page(visit, None)


def take(visit: Visit) -> Answer:
    """Write to the address, if it is one and somebody's."""
    email = tidy_email(visit.typed("email"))
    if email is None:
        return _page(visit, _BAD if visit.typed("email") else _MISSING)
    return _answer(visit, ask_identifiers(visit.means, visit.client, email))


def _answer(visit: Visit, asked: IdentifierAsked) -> Answer:
    match asked.verdict:
        case IdentifierVerdict.SENT:
            return Redirect(to=SENT)
        case IdentifierVerdict.UNKNOWN:
            return _page(visit, _UNKNOWN, is_unknown=True)
        case IdentifierVerdict.TOO_OFTEN:
            return Page(
                template="trop_d_essais",
                values={"again": FORGOTTEN, "wait": wait_words(visit.now, asked.until)},
                status=TOO_MANY_REQUESTS,
            )


def _page(visit: Visit, error: str | None, *, is_unknown: bool = False) -> Page:
    return Page(
        template="identifiant_oublie",
        values={"email": visit.typed("email"), "is_unknown": is_unknown},
        errors={"email": error} if error else {},
    )


def show_sent(_visit: Visit) -> Answer:
    """Say that a mail has left."""
    return Page(template="identifiant_envoye")


ROUTES = [
    PageRoute(path=FORGOTTEN, show=show, take=take),
    PageRoute(path=SENT, show=show_sent),
]
