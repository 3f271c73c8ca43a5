"""`/connexion`, `/deconnexion`: the door of the portal (§2.3.4, R-35)."""

from collections.abc import Mapping

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.parents import log_in
from educonnect_admin.parents.log_in import LogIn
from educonnect_admin.parents.prove_password import ProofVerdict
from educonnect_admin.parents.sign_in_with_franceconnect import logout_address
from educonnect_admin.portal.answers import LEAVE, Answer, Page, Redirect
from educonnect_admin.portal.places import HOME, LOG_IN, PENDING_EMAIL, WELCOME, place_of
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Visit
from educonnect_admin.portal.waiting import wait_words

OTHER_WAYS = "/connexion/autres-facons"
LOG_OUT = "/deconnexion"
_MISSING_IDENTIFIER = "Saisissez un identifiant."
_NO_IDENTIFIER = (
    "Saisissez votre identifiant, du type prenom.nom, et non votre adresse mail. "
    "Il figure sur le courrier de l'école."
)
_MISSING_PASSWORD = "Saisissez un mot de passe."  # noqa: S105 - a sentence
# One sentence for everybody: it tells neither whether there is such an account, nor a lock.
_WRONG = (
    "L'identifiant ou le mot de passe est incorrect. Vérifiez-les, puis réessayez. "
    "Après plusieurs erreurs, il faut attendre quelques minutes avant un nouvel essai."
)
_LOCKED = "Trop de mots de passe incorrects pour ce compte : il est fermé pour un moment."
_TOO_MANY = "Trop de mots de passe incorrects depuis votre connexion à Internet."


def show(visit: Visit) -> Answer:
    """Show the log-in page, or send whoever is in where they belong."""
    if visit.visitor is not None and visit.visitor.account_id is not None:
        return Redirect(to=place_of(visit.visitor))
    return log_in_page()


def show_other_ways(_visit: Visit) -> Answer:
    """Show the log-in page with the three ways to an account explained (R-35)."""
    return log_in_page(ways=True)


def take(visit: Visit) -> Answer:
    """Let in whoever knows an identifier and its password."""
    identifier, password = visit.typed("identifiant"), visit.secret("mot_de_passe")
    errors = _missing(identifier, password)
    if errors:
        return log_in_page(identifier, errors)
    found = log_in.log_in(
        visit.means, visit.client, visit.visitor, identifier=identifier, password=password
    )
    if found.token is not None:
        return Redirect(to=_place(found), token=found.token, device=found.device)
    match found.verdict:
        case ProofVerdict.LETTER_OVER:
            return letter_over(found.end)
        case ProofVerdict.ACCOUNT_OVER:
            regrouped = found.state is AccountState.REGROUPED
            return Page(template="connexion_compte_termine", values={"regrouped": regrouped})
        case _:
            return log_in_page(identifier, {"": _refusal(visit, found)})


def log_in_page(
    identifier: str = "",
    errors: Mapping[str, str] | None = None,
    *,
    ways: bool = False,
    no_letter: bool = False,
) -> Page:
    """Return the log-in page.

    Args:
        identifier: What stands in its field already.
        errors: Of what was typed.
        ways: Explain the three ways to an account.
        no_letter: Say that the code of a letter led to nothing.
    """
    return Page(
        template="connexion",
        values={"identifier": identifier, "ways": ways, "no_letter": no_letter},
        errors=errors or {},
    )


def letter_over(end: LetterEnd | None) -> Page:
    """Return «Ce courrier n'est plus valable», with the advice for its end (R-11)."""
    return Page(
        template="courrier_termine", values={"end": str(end or LetterEnd.EXPIRED)}, token=LEAVE
    )


def show_log_out(visit: Visit) -> Answer:
    """Ask whoever is in; tell the others that they are out."""
    visitor = visit.visitor
    return Page(
        template="deconnexion",
        values={"asks": visitor is not None and visitor.account_id is not None},
    )


def leave(visit: Visit) -> Answer:
    """End a visit here, then at the identity provider if it began there (R-40)."""
    visitor = visit.visitor
    if visitor is None:
        return Redirect(to=LOG_OUT, token=LEAVE)
    # Asked for first: what the provider wants to be told is remembered by the visit, even of
    # somebody whom it knows but who is not in here yet.
    to = logout_address(visit.means, visitor)
    log_in.leave(visit.means, visitor)
    return Redirect(to=to or LOG_OUT, token=LEAVE)


def _place(found: LogIn) -> str:
    if found.verdict is ProofVerdict.LETTER:
        return WELCOME
    if found.state is AccountState.EMAIL_PENDING or not found.confirmed:
        return PENDING_EMAIL
    return HOME


def _missing(identifier: str, password: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not identifier:
        errors["identifiant"] = _MISSING_IDENTIFIER
    elif "@" in identifier:
        errors["identifiant"] = _NO_IDENTIFIER
    if not password.strip():
        errors["mot_de_passe"] = _MISSING_PASSWORD
    return errors


def _refusal(visit: Visit, found: LogIn) -> str:
    if found.verdict is ProofVerdict.LOCKED:
        return f"{_LOCKED} Réessayez {wait_words(visit.now, found.until)}."
    if found.verdict is ProofVerdict.TOO_MANY:
        return f"{_TOO_MANY} Réessayez {wait_words(visit.now, found.until)}."
    return _WRONG


ROUTES = [
    PageRoute(path=LOG_IN, show=show, take=take),
    PageRoute(path=OTHER_WAYS, show=show_other_ways),
    PageRoute(path=LOG_OUT, show=show_log_out, take=leave),
]
