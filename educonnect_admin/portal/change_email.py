"""`/compte/adresse-mail`: another address, or the link of the pending one again (§4.2, §6.3)."""

from educonnect_admin.parents.account import sheet_of
from educonnect_admin.parents.addresses import same_email, tidy_email
from educonnect_admin.parents.change_email import EmailAsked, EmailVerdict, ask_for, send_again
from educonnect_admin.portal.account import (
    ACCOUNT,
    CHANGE_EMAIL,
    EMAIL_DONE,
    EMAIL_SAME,
    EMAIL_SENT_AGAIN,
    done,
)
from educonnect_admin.portal.answers import LEAVE, Answer, Page, Redirect
from educonnect_admin.portal.places import EXPIRED
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit
from educonnect_admin.portal.waiting import wait_words

_MISSING = "Saisissez votre nouvelle adresse mail."
_BAD = "Cette adresse mail n'est pas valable. Exemple : nom@exemple.fr"
_OTHER = "Les deux adresses mail saisies ne sont pas identiques."

_TOO_OFTEN = (
    "Trop de courriels ont été demandés. Regardez dans vos courriers indésirables, puis réessayez"
)


def show(visit: Visit) -> Answer:
    """Show the pending change, if there is one, and the form."""
    return _page(visit, {})


def take(visit: Visit) -> Answer:
    """Send the link again, or ask for the address that was typed."""
    if visit.typed("action") == "renvoyer":
        return _answer(visit, send_again(visit.means, visit.holder))
    email = tidy_email(visit.typed("email"))
    again = tidy_email(visit.typed("email_confirmation"))
    if email is None:
        return _page(visit, {"email": _BAD if visit.typed("email") else _MISSING})
    if again is None or not same_email(again, email):
        return _page(visit, {"email_confirmation": _OTHER})
    return _answer(visit, ask_for(visit.means, visit.holder, email))


def _answer(visit: Visit, asked: EmailAsked) -> Answer:
    match asked.verdict:
        case EmailVerdict.SENT:
            return Redirect(to=done(ACCOUNT, EMAIL_DONE))
        case EmailVerdict.SENT_AGAIN:
            return Redirect(to=done(CHANGE_EMAIL, EMAIL_SENT_AGAIN))
        case EmailVerdict.SAME:
            return Redirect(to=done(ACCOUNT, EMAIL_SAME))
        case EmailVerdict.NOTHING_PENDING:
            return Redirect(to=CHANGE_EMAIL)
        case EmailVerdict.OVER:
            return Redirect(to=EXPIRED, token=LEAVE)
        case EmailVerdict.TOO_OFTEN:
            return _page(visit, {"": f"{_TOO_OFTEN} {wait_words(visit.now, asked.until)}."})


def _page(visit: Visit, errors: dict[str, str]) -> Page:
    return Page(
        template="compte_adresse_mail",
        values={
            "sheet": sheet_of(visit.means, visit.holder),
            "email": visit.typed("email"),
            "email_confirmation": visit.typed("email_confirmation"),
            "said": visit.query.get("fait", ""),
        },
        errors=errors,
    )


ROUTES = [PageRoute(path=CHANGE_EMAIL, door=Door.HOLDER, show=show, take=take)]
