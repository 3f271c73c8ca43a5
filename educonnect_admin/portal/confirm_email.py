"""`/confirmation/{token}`: the link of a mail; looking does nothing, the button does (R-22)."""

from educonnect_admin.parents.confirm_email import (
    EmailLink,
    Standing,
    confirm_email,
    look_at_email_link,
)
from educonnect_admin.portal.answers import Answer, Page, Redirect
from educonnect_admin.portal.confirm_words import why_over
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Visit

DONE = "/confirmation"
LINK = "/confirmation/{token}"
NOT_FOUND = 404
NO_LONGER_THERE = 410

_CHANGE = "changement"
_OTHER = "autre"


def show(visit: Visit) -> Answer:
    """Show the button, or why the link does nothing any more."""
    return _shown(visit, look_at_email_link(visit.means, visit.path["token"]))


def take(visit: Visit) -> Answer:
    """Follow the link."""
    link = confirm_email(visit.means, visit.path["token"])
    if link.standing is not Standing.CONFIRMED:
        return _shown(visit, link)
    # What is said next must not depend on a token that does nothing any more.
    said = [("fait", _CHANGE)] if link.is_change else []
    said += [("compte", _OTHER)] if _is_anothers(visit, link) else []
    query = "&".join(f"{name}={value}" for name, value in said)
    return Redirect(to=f"{DONE}?{query}" if query else DONE)


def show_done(visit: Visit) -> Answer:
    """Say that the address is confirmed, and offer «Se connecter» (§2.3.6)."""
    return _done(
        visit,
        is_change=visit.query.get("fait") == _CHANGE,
        is_anothers=visit.query.get("compte") == _OTHER,
    )


def _shown(visit: Visit, link: EmailLink) -> Answer:
    if link.standing is Standing.READY:
        return Page(
            template="confirmation",
            values={
                "action": LINK.format(token=visit.path["token"]),
                "is_change": link.is_change,
            },
        )
    if link.standing is Standing.ALREADY:
        anothers = _is_anothers(visit, link)
        return _done(visit, is_change=link.is_change, is_anothers=anothers, already=True)
    end = why_over(link.standing, is_change=link.is_change, is_own=_is_own(visit, link))
    return end.page(status=NOT_FOUND if link.standing is Standing.UNKNOWN else NO_LONGER_THERE)


def _done(visit: Visit, *, is_change: bool, is_anothers: bool, already: bool = False) -> Page:
    is_in = visit.visitor is not None and visit.visitor.is_in
    return Page(
        template="confirmation_faite",
        values={
            "is_change": is_change,
            "already": already,
            "is_in": is_in,
            "is_anothers": is_in and is_anothers,
        },
    )


def _is_own(visit: Visit, link: EmailLink) -> bool:
    return visit.visitor is not None and visit.visitor.account_id == link.account_id is not None


def _is_anothers(visit: Visit, link: EmailLink) -> bool:
    """Tell whether somebody else is in, as on the computer of a family."""
    visitor = visit.visitor
    return visitor is not None and visitor.account_id not in {None, link.account_id}


ROUTES = [
    PageRoute(path=DONE, show=show_done),
    PageRoute(path=LINK, show=show, take=take),
]
