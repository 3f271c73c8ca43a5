"""`/adresse-mail`: an address that is still to be confirmed (§6.2, R-23)."""

from educonnect_admin.parents.addresses import same_email, tidy_email
from educonnect_admin.parents.pending_email import (
    LinkSent,
    PendingEmail,
    SendVerdict,
    pending_email_of,
    send_to,
)
from educonnect_admin.portal import email_words
from educonnect_admin.portal.account import CHANGE_EMAIL
from educonnect_admin.portal.answers import Answer, Page, Redirect
from educonnect_admin.portal.places import LOG_IN, PENDING_EMAIL
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit
from educonnect_admin.portal.waiting import wait_words

_SENT = "envoye"
_TOO_OFTEN = (
    "Plusieurs mails ont déjà été envoyés. Cherchez le dernier, aussi dans vos courriers "
    "indésirables, ou réessayez {wait}."
)


def show(visit: Visit) -> Answer:
    """Show the address, to check, to correct, or to have the mail sent again."""
    pending = pending_email_of(visit.means, visit.holder)
    if pending.is_confirmed:
        return Redirect(to=CHANGE_EMAIL)
    return _page(visit, pending, {})


def take(visit: Visit) -> Answer:
    """Send the link to the address that stands there, corrected or not."""
    pending = pending_email_of(visit.means, visit.holder)
    if pending.is_confirmed:
        return Redirect(to=CHANGE_EMAIL)
    email, errors = _typed(visit, pending)
    if email is None:
        return _page(visit, pending, errors)
    return _answer(visit, pending, send_to(visit.means, visit.holder, email))


def _answer(visit: Visit, pending: PendingEmail, sent: LinkSent) -> Answer:
    match sent.verdict:
        case SendVerdict.SENT:
            return Redirect(to=f"{PENDING_EMAIL}?fait={_SENT}")
        case SendVerdict.DONE:
            return Redirect(to=CHANGE_EMAIL)
        case SendVerdict.OVER:
            return Redirect(to=LOG_IN)
        case SendVerdict.TOO_OFTEN:
            wait = wait_words(visit.now, sent.until)
            return _page(visit, pending, {"": _TOO_OFTEN.format(wait=wait)})


def _typed(visit: Visit, pending: PendingEmail) -> tuple[str | None, dict[str, str]]:
    """Return the address; one that was not corrected need not be typed twice."""
    email = tidy_email(visit.typed("email"))
    if not visit.typed("email_confirmation") and email is not None and _is_known(email, pending):
        return email, {}
    return email_words.judged(visit)


def _is_known(email: str, pending: PendingEmail) -> bool:
    return pending.email is not None and same_email(email, pending.email)


def _page(visit: Visit, pending: PendingEmail, errors: dict[str, str]) -> Page:
    typed = visit.form if errors else {}
    known = pending.email or ""
    return Page(
        template="adresse_mail",
        values={
            "known": pending.email,
            "is_blocking": pending.is_blocking,
            "email": typed.get("email", known),
            "email_confirmation": typed.get("email_confirmation", known),
            "is_sent": visit.query.get("fait") == _SENT and not errors and bool(known),
        },
        errors=errors,
    )


ROUTES = [PageRoute(path=PENDING_EMAIL, door=Door.PENDING, show=show, take=take)]
