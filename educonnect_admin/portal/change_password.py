"""`/compte/mot-de-passe`: the present password, a new one, the same again (§4.1.2, R-52)."""

from educonnect_admin.parents.account import owns_password
from educonnect_admin.parents.change_password import (
    ChangeVerdict,
    PasswordChange,
    change_password,
    new_password_fault,
)
from educonnect_admin.portal.account import (
    ACCOUNT,
    CHANGE_PASSWORD,
    PASSWORD_DONE,
    PASSWORD_DONE_EMAIL_DROPPED,
    done,
)
from educonnect_admin.portal.answers import Answer, Page, Redirect
from educonnect_admin.portal.password_words import DIFFERENT, EMPTY, FAULTS
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit
from educonnect_admin.portal.waiting import wait_words

_MISSING = "Saisissez le mot de passe avec lequel vous vous êtes connecté."
_WRONG = (
    "Le mot de passe actuel est incorrect. Saisissez celui avec lequel vous vous êtes connecté. "
    "Après plusieurs erreurs, attendez quelques minutes."
)
_SAME = "Le nouveau mot de passe est le même que l'actuel. Choisissez-en un autre."


def show(visit: Visit) -> Answer:
    """Show the form, but not to a visit by FranceConnect (R-42)."""
    return _page() if owns_password(visit.holder) else Redirect(to=ACCOUNT)


def take(visit: Visit) -> Answer:
    """Change the password, if all that was typed is right."""
    if not owns_password(visit.holder):
        return Redirect(to=ACCOUNT)
    errors = _faults(visit)
    if errors:
        return _page(errors)
    change = change_password(
        visit.means,
        visit.client,
        visit.holder,
        current=visit.secret("mot_de_passe_actuel"),
        password=visit.secret("mot_de_passe"),
    )
    if change.verdict is ChangeVerdict.CHANGED:
        what = PASSWORD_DONE_EMAIL_DROPPED if change.email_dropped else PASSWORD_DONE
        return Redirect(to=done(ACCOUNT, what), token=change.token, device=change.device)
    return _refused(visit, change)


def _faults(visit: Visit) -> dict[str, str]:
    errors = {}
    if not visit.secret("mot_de_passe_actuel"):
        errors["mot_de_passe_actuel"] = _MISSING
    password = visit.secret("mot_de_passe")
    fault = new_password_fault(visit.means, visit.holder, password)
    if fault is not None:
        errors["mot_de_passe"] = FAULTS[fault] if password else EMPTY
    elif visit.secret("confirmation") != password:
        errors["confirmation"] = DIFFERENT
    return errors


def _refused(visit: Visit, change: PasswordChange) -> Answer:
    match change.verdict:
        case ChangeVerdict.SAME:
            return _page({"mot_de_passe": _SAME})
        case ChangeVerdict.LOCKED | ChangeVerdict.TOO_MANY:
            wait = wait_words(visit.now, change.until)
            return _page({"": f"Trop de mots de passe incorrects. Réessayez {wait}."})
        case ChangeVerdict.NOT_HERE:
            return Redirect(to=ACCOUNT)
    return _page({"mot_de_passe_actuel": _WRONG})


def _page(errors: dict[str, str] | None = None) -> Page:
    return Page(template="compte_mot_de_passe", errors=errors or {})


ROUTES = [PageRoute(path=CHANGE_PASSWORD, door=Door.HOLDER, show=show, take=take)]
