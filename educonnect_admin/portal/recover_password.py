"""`/mot-de-passe-oublie` and what is behind its link (§5.2)."""

from educonnect_admin.domain.holder_passwords import PasswordFault
from educonnect_admin.parents.mail_links import LinkVerdict
from educonnect_admin.parents.recover_password import ResetAsked, ResetVerdict, ask_for_reset
from educonnect_admin.parents.reset_password import (
    Reset,
    ResetLink,
    browser_of_reset,
    look_at_reset,
    reset_password,
)
from educonnect_admin.portal.answers import LEAVE, Answer, Page, Redirect
from educonnect_admin.portal.password_words import DIFFERENT, EMPTY, FAULTS, HINT
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Visit
from educonnect_admin.portal.waiting import wait_words

FORGOTTEN = "/mot-de-passe-oublie"
SENT = "/mot-de-passe-oublie/envoye"
DONE = "/mot-de-passe-oublie/termine"
LINK = "/mot-de-passe/{token}"
TOO_MANY_REQUESTS = 429
NO_LONGER_THERE = 410

_MISSING = "Saisissez votre identifiant."
_UNKNOWN = "L'identifiant saisi n'est pas reconnu."
_PARTLY = "Nous ne pouvons pas réinitialiser le mot de passe de ce compte par mail."


def show(visit: Visit) -> Answer:
    """Show the form."""
    return _page(visit, None)


def take(visit: Visit) -> Answer:
    """Send the link, or say which of the guide's three answers it is."""
    if not visit.typed("identifiant"):
        return _page(visit, _MISSING)
    return _answer(visit, ask_for_reset(visit.means, visit.client, visit.typed("identifiant")))


def _answer(visit: Visit, asked: ResetAsked) -> Answer:
    match asked.verdict:
        case ResetVerdict.SENT:
            return Redirect(to=SENT)
        case ResetVerdict.PARTLY:
            return _page(visit, _PARTLY, advice="partly")
        case ResetVerdict.UNKNOWN:
            return _page(visit, _UNKNOWN, advice="unknown")
        case ResetVerdict.TOO_OFTEN:
            return Page(
                template="trop_d_essais",
                values={"again": FORGOTTEN, "wait": wait_words(visit.now, asked.until)},
                status=TOO_MANY_REQUESTS,
            )


def _page(visit: Visit, error: str | None, *, advice: str = "") -> Page:
    return Page(
        template="mot_de_passe_oublie",
        values={"identifier": visit.typed("identifiant"), "advice": advice},
        errors={"identifiant": error} if error else {},
    )


def show_sent(_visit: Visit) -> Answer:
    """Say that a mail has left."""
    return Page(template="mot_de_passe_envoye")


def show_done(_visit: Visit) -> Answer:
    """Say that the password is another one."""
    return Page(template="mot_de_passe_reinitialise")


def show_link(visit: Visit) -> Answer:
    """Show the form behind a link, which only looking at leaves as it is."""
    link = look_at_reset(visit.means, visit.path["token"])
    if link is None or link.verdict is not LinkVerdict.LIVE:
        return _gone(link)
    return _form(visit, link, {})


def take_link(visit: Visit) -> Answer:
    """Set the password that was typed twice, if the link still works."""
    link = look_at_reset(visit.means, visit.path["token"])
    if link is None or link.verdict is not LinkVerdict.LIVE:
        return _gone(link)
    password, again = visit.secret("mot_de_passe"), visit.secret("confirmation")
    if not password:
        return _form(visit, link, {"mot_de_passe": EMPTY})
    if password != again:
        return _form(visit, link, {"confirmation": DIFFERENT})
    match reset_password(visit.means, visit.path["token"], password):
        case Reset.DONE:
            device = browser_of_reset(visit.means, visit.client, link)
            return Redirect(to=DONE, token=LEAVE, device=device)
        case Reset.GONE:
            return _gone(look_at_reset(visit.means, visit.path["token"]))
        case PasswordFault() as fault:
            return _form(visit, link, {"mot_de_passe": FAULTS[fault]})


def _form(visit: Visit, link: ResetLink, errors: dict[str, str]) -> Page:
    return Page(
        template="mot_de_passe_a_choisir",
        values={
            "address": LINK.format(token=visit.path["token"]),
            "identifier": link.identifier,
            "hint": HINT,
        },
        errors=errors,
    )


def _gone(link: ResetLink | None) -> Page:
    return Page(
        template="mot_de_passe_lien_perime",
        values={"why": link.verdict if link else "unknown"},
        status=NO_LONGER_THERE,
    )


ROUTES = [
    PageRoute(path=FORGOTTEN, show=show, take=take),
    PageRoute(path=SENT, show=show_sent),
    PageRoute(path=DONE, show=show_done),
    PageRoute(path=LINK, show=show_link, take=take_link),
]
