"""Pages of the FranceConnect journey: there, back, the mobile, the good-bye (§2.1, R-40, R-41)."""

import logging

from educonnect_admin.parents.claiming import tidy_mobile
from educonnect_admin.parents.franceconnect_mobile import MobileAsked, MobileVerdict, ask_mobile
from educonnect_admin.parents.franceconnect_names import identity_of
from educonnect_admin.parents.sign_in_with_franceconnect import (
    CALLBACK,
    FAREWELL,
    Verdict,
    arrive,
    depart,
)
from educonnect_admin.portal.answers import LEAVE, Answer, Page, Redirect
from educonnect_admin.portal.franceconnect_words import (
    ARRIVALS,
    MOBILE,
    MOBILES,
    End,
    delayed,
)
from educonnect_admin.portal.places import HOME, LOG_IN, place_of
from educonnect_admin.portal.register_words import (
    CODE,
    MISSING,
    NOT_A_MOBILE,
    STEPS_BY_FRANCECONNECT,
)
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit

LOG = logging.getLogger("educonnect_admin.portal")

_GONE = {Verdict.ABANDONED, Verdict.REFUSED, Verdict.UNAVAILABLE}
"""The visit that left is used up, and none goes on."""


def show_nothing(visit: Visit) -> Answer:
    """Send whoever reloads the address of the button where they belong."""
    return Redirect(to=place_of(visit.visitor))


def start(visit: Visit) -> Answer:
    """Leave for the provider, by the button «S'identifier avec FranceConnect»."""
    if visit.means.franceconnect is None or _is_in(visit):
        return Redirect(to=place_of(visit.visitor))
    departed = depart(visit.means, visit.visitor)
    if departed.refusal is not None:
        LOG.warning("franceconnect: %s", departed.refusal)
        return _dead_end(ARRIVALS[Verdict.UNAVAILABLE])
    return Redirect(to=departed.address, token=departed.token)


def come_back(visit: Visit) -> Answer:
    """Take what the provider's answer brings back."""
    if visit.means.franceconnect is None or _is_in(visit):
        return Redirect(to=place_of(visit.visitor))
    arrived = arrive(visit.means, visit.visitor, visit.query)
    if arrived.refusal is not None:
        LOG.warning("franceconnect: %s", arrived.refusal)
    match arrived.verdict:
        case Verdict.IN:
            return Redirect(to=HOME, token=arrived.token)
        case Verdict.PROOFS:
            return Redirect(to=MOBILE, token=arrived.token)
    token = LEAVE if arrived.verdict in _GONE else arrived.token
    return _dead_end(ARRIVALS[arrived.verdict], token=token)


def show_mobile(visit: Visit) -> Answer:
    """Ask for the mobile that was given to the school (§2.1.4)."""
    return _mobile_page(visit, "", {})


def take_mobile(visit: Visit) -> Answer:
    """Look for the account, and send the code."""
    typed = visit.typed("mobile")
    mobile = tidy_mobile(typed)
    if mobile is None:
        return _mobile_page(visit, typed, {"mobile": NOT_A_MOBILE if typed else MISSING["mobile"]})
    asked = ask_mobile(visit.means, visit.holder, visit.client, mobile)
    if asked.verdict is MobileVerdict.NOBODY:
        return Redirect(to=LOG_IN)
    if asked.verdict is MobileVerdict.SENT:
        return Redirect(to=CODE, token=asked.token)
    return _dead_end(_mobile_words(visit, asked))


def say_good_bye(_visit: Visit) -> Answer:
    """Say that both visits are over, ours and the provider's."""
    return Page(template="franceconnect_deconnexion")


def _is_in(visit: Visit) -> bool:
    return visit.visitor is not None and visit.visitor.is_in


def _mobile_page(visit: Visit, typed: str, errors: dict[str, str]) -> Answer:
    identity = identity_of(visit.means, visit.visitor)
    if identity is None:
        return Redirect(to=place_of(visit.visitor))
    name = f"{identity.given_names[0]} {identity.usage_name or identity.family_name}"
    return Page(
        template="franceconnect_mobile",
        values={
            "name": name,
            "typed": typed,
            "steps": STEPS_BY_FRANCECONNECT,
            "step": STEPS_BY_FRANCECONNECT.index("Mobile"),
        },
        errors=errors,
    )


def _mobile_words(visit: Visit, asked: MobileAsked) -> End:
    return delayed(MOBILES[asked.verdict], asked.until, visit.now)


def _dead_end(words: End, *, token: str | None = None) -> Page:
    return Page(
        template="franceconnect_impasse", values={"end": words}, status=words.status, token=token
    )


ROUTES = [
    PageRoute(path="/franceconnect", show=show_nothing, take=start),
    PageRoute(path=CALLBACK, show=come_back),
    PageRoute(path=MOBILE, door=Door.TRAVELLER, show=show_mobile, take=take_mobile),
    PageRoute(path=FAREWELL, show=say_good_bye),
]
