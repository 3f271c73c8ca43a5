"""`/inscription`, `/inscription/mot-de-passe`: both ends of registering by SMS (§2.2)."""

from educonnect_admin.parents.claiming import Claimant, tidy_mobile
from educonnect_admin.parents.register_by_sms import (
    BeginVerdict,
    Begun,
    begin,
    fault_of,
    finish,
    identifier_to_note,
)
from educonnect_admin.portal import register_words as words
from educonnect_admin.portal.answers import Answer, Page, Redirect
from educonnect_admin.portal.dead_ends import TOO_MANY_REQUESTS
from educonnect_admin.portal.password_words import DIFFERENT, EMPTY, FAULTS, HINT
from educonnect_admin.portal.places import HOME, place_of
from educonnect_admin.portal.prove import next_step
from educonnect_admin.portal.register_words import CODE, PASSWORD, REGISTER
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit
from educonnect_admin.portal.waiting import wait_words

_FIELDS = ("nom", "prenom", "mobile")


def show(visit: Visit) -> Answer:
    """Ask for names and mobile; whoever is logged in has an account already."""
    if visit.visitor is not None and visit.visitor.account_id is not None:
        return Redirect(to=place_of(visit.visitor))
    return _form(visit, {})


def take(visit: Visit) -> Answer:
    """Look for whoever it is, and send them a code (R-30, R-31)."""
    if visit.visitor is not None and visit.visitor.account_id is not None:
        return Redirect(to=place_of(visit.visitor))
    mobile = tidy_mobile(visit.typed("mobile"))
    errors = _faults(visit, mobile)
    if errors or mobile is None:
        return _form(visit, errors)
    claimant = Claimant.of(
        given_names=[visit.typed("prenom")], surnames=[visit.typed("nom")], mobile=mobile
    )
    return _answer(visit, begin(visit.means, visit.client, visit.visitor, claimant))


def _faults(visit: Visit, mobile: str | None) -> dict[str, str]:
    errors = {name: words.MISSING[name] for name in _FIELDS if not visit.typed(name)}
    if "mobile" not in errors and mobile is None:
        errors["mobile"] = words.NOT_A_MOBILE
    return errors


def _answer(visit: Visit, begun: Begun) -> Answer:
    match begun.verdict:
        case BeginVerdict.SENT:
            return Redirect(to=CODE, token=begun.token)
        case BeginVerdict.UNKNOWN:
            return _form(visit, {"": words.UNKNOWN}, is_unknown=True)
        case BeginVerdict.ACTIVE:
            return words.ALREADY_ACTIVE.page()
        case BeginVerdict.HOMONYMS:
            return words.HOMONYMS.page()
        case BeginVerdict.TOO_OFTEN | BeginVerdict.TOO_MANY_CODES:
            wait = wait_words(visit.now, begun.until)
            end = words.too_often if begun.verdict is BeginVerdict.TOO_OFTEN else words.too_many
            return end(wait).page(status=TOO_MANY_REQUESTS)


def _form(visit: Visit, errors: dict[str, str], *, is_unknown: bool = False) -> Page:
    return Page(
        template="inscription",
        values={
            "typed": {name: visit.typed(name) for name in _FIELDS},
            "is_unknown": is_unknown,
            "steps": words.STEPS_BY_SMS,
            "step": 0,
        },
        errors=errors,
    )


def show_password(visit: Visit) -> Answer:
    """Show the identifier to be noted, and ask for a password (R-34)."""
    return _password_form(visit, {})


def take_password(visit: Visit) -> Answer:
    """Activate the account, and let its holder in."""
    if identifier_to_note(visit.means, visit.holder) is None:
        return next_step(visit)
    password, again = visit.secret("mot_de_passe"), visit.secret("confirmation")
    if not password:
        return _password_form(visit, {"mot_de_passe": EMPTY})
    fault = fault_of(visit.means, visit.holder, password)
    if fault is not None:
        return _password_form(visit, {"mot_de_passe": FAULTS[fault]})
    if password != again:
        return _password_form(visit, {"confirmation": DIFFERENT})
    token = finish(visit.means, visit.holder, password)
    return next_step(visit) if token is None else Redirect(to=HOME, token=token)


def _password_form(visit: Visit, errors: dict[str, str]) -> Answer:
    identifier = identifier_to_note(visit.means, visit.holder)
    if identifier is None:
        return next_step(visit)
    return Page(
        template="inscription_mot_de_passe",
        values={
            "identifier": identifier,
            "hint": HINT,
            "steps": words.STEPS_BY_SMS,
            "step": 3,
        },
        errors=errors,
    )


ROUTES = [
    PageRoute(path=REGISTER, show=show, take=take),
    PageRoute(path=PASSWORD, door=Door.TRAVELLER, show=show_password, take=take_password),
]
