"""`/bienvenue`, `/activation`: from a letter to an account (§2.3.5, R-20 to R-22)."""

from collections.abc import Mapping, Sequence

from educonnect_admin.domain.holder_passwords import password_fault
from educonnect_admin.parents.activate_by_letter import (
    SENT_TO,
    Activated,
    ActivationSheet,
    ActivationVerdict,
    Wish,
    activate_by_letter,
    sheet_of,
)
from educonnect_admin.portal import activation_words as words
from educonnect_admin.portal import email_words
from educonnect_admin.portal.answers import LEAVE, Answer, Page, Redirect
from educonnect_admin.portal.dates import is_blank, typed_date
from educonnect_admin.portal.dead_ends import TOO_MANY_REQUESTS
from educonnect_admin.portal.log_in import letter_over
from educonnect_admin.portal.password_words import DIFFERENT, EMPTY, FAULTS, HINT
from educonnect_admin.portal.places import WELCOME
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit
from educonnect_admin.portal.waiting import wait_words
from educonnect_admin.queries.wards import Ward

ACTIVATION = "/activation"
CHECK_MAIL = "/activation/verifier"


def show_welcome(_visit: Visit) -> Answer:
    """Greet whoever came in by a letter, and lead to the one thing there is to do (R-20)."""
    return Page(template="bienvenue")


def show(visit: Visit) -> Answer:
    """Show the screen «Activation du compte», the address that the school knows filled in."""
    sheet = sheet_of(visit.means, visit.holder)
    if sheet.end is not None:
        return letter_over(sheet.end)
    if not sheet.children:
        return words.NO_CHILD.page()
    email = sheet.email or ""
    return _form(visit, sheet, {"email": email, "email_confirmation": email}, {})


def take(visit: Visit) -> Answer:
    """Activate the account, or say what is missing."""
    sheet = sheet_of(visit.means, visit.holder)
    if sheet.end is not None:
        return letter_over(sheet.end)
    if not sheet.children:
        return words.NO_CHILD.page()
    email, email_errors = email_words.judged(visit)
    errors = {
        **_password_errors(visit),
        **email_errors,
        **_date_errors(visit.form, sheet.children),
    }
    if errors or email is None:
        return _form(visit, sheet, visit.form, errors)
    wish = Wish(password=visit.secret("mot_de_passe"), email=email)
    typed = {
        ward.pupil_id: typed_date(visit.form, _field(ward))
        for ward in sheet.children
        if f"{_field(ward)}_jour" in visit.form
    }
    return _judged(visit, sheet, activate_by_letter(visit.means, visit.holder, wish, typed))


def show_check_mail(visit: Visit) -> Answer:
    """Invite to the mailbox (R-22)."""
    return Page(template="activation_verifier", values={"email": visit.memory.get(SENT_TO)})


def _judged(visit: Visit, sheet: ActivationSheet, done: Activated) -> Answer:
    match done.verdict:
        case ActivationVerdict.DONE:
            return Redirect(to=CHECK_MAIL, token=done.token)
        case ActivationVerdict.CLOSED:
            wait = wait_words(visit.now, done.until)
            return words.closed(wait).page(status=TOO_MANY_REQUESTS)
        case ActivationVerdict.OVER:
            return words.OVER.page(token=LEAVE)
        case ActivationVerdict.NO_CHILD:
            return words.NO_CHILD.page()
        case ActivationVerdict.LETTER_OVER:
            return letter_over(done.end)
        case _:
            return _form(visit, sheet, visit.form, _fault(sheet, done.verdict))


def _fault(sheet: ActivationSheet, verdict: ActivationVerdict) -> dict[str, str]:
    if verdict is ActivationVerdict.IS_TEMPORARY:
        return {"mot_de_passe": words.IS_TEMPORARY}
    if verdict is ActivationVerdict.CHANGED:
        return {"": words.CHANGED}
    if len(sheet.children) == 1:
        return {_field(sheet.children[0]): words.WRONG_DATE}
    # Which one is never said.
    return {"": words.WRONG_DATES}


def _form(
    visit: Visit, sheet: ActivationSheet, typed: Mapping[str, str], errors: Mapping[str, str]
) -> Page:
    children = [
        {
            "field": _field(ward),
            "name": ward.name,
            "place": f"{ward.school_name}, {ward.school_city}"
            if ward.school_city
            else ward.school_name,
        }
        for ward in sheet.children
    ]
    return Page(
        template="activation",
        values={
            "identifier": visit.holder.identifier,
            "children": children,
            "dates": [child["field"] for child in children],
            "hint": HINT,
            "email": typed.get("email", ""),
            "email_confirmation": typed.get("email_confirmation", ""),
            "knows_email": sheet.email is not None,
            "wrong_date": words.is_wrong_date(errors),
        },
        errors=errors,
    )


def _password_errors(visit: Visit) -> dict[str, str]:
    password, again = visit.secret("mot_de_passe"), visit.secret("mot_de_passe_confirmation")
    if not password:
        return {"mot_de_passe": EMPTY}
    fault = password_fault(password, identifier=visit.holder.identifier or "")
    if fault is not None:
        return {"mot_de_passe": FAULTS[fault]}
    return {} if password == again else {"mot_de_passe_confirmation": DIFFERENT}


def _date_errors(form: Mapping[str, str], children: Sequence[Ward]) -> dict[str, str]:
    errors = {}
    for ward in children:
        name = _field(ward)
        if is_blank(form, name):
            errors[name] = words.NO_DATE.format(name=ward.name)
        elif typed_date(form, name) is None:
            errors[name] = words.NOT_A_DATE.format(name=ward.name)
    return errors


def _field(ward: Ward) -> str:
    return f"date_{ward.pupil_id}"


ROUTES = [
    PageRoute(path=WELCOME, door=Door.LETTER, show=show_welcome),
    PageRoute(path=ACTIVATION, door=Door.LETTER, show=show, take=take),
    PageRoute(path=CHECK_MAIL, show=show_check_mail),
]
