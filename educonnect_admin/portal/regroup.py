"""`/compte/enfants/ajouter`, `…/confirmer`: the children of another account (§4.3, R-50)."""

from educonnect_admin.parents.regroup_accounts import (
    SearchVerdict,
    add_children,
    give_up,
    proved_account,
    search_account,
)
from educonnect_admin.portal.account import CHILDREN, CHILDREN_DONE, done
from educonnect_admin.portal.answers import Answer, Page, Redirect
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit
from educonnect_admin.portal.waiting import wait_words

SEARCH = "/compte/enfants/ajouter"
CONFIRM = "/compte/enfants/confirmer"
_AGAIN = "a-refaire"

_NO_IDENTIFIER = "Saisissez l'identifiant du compte à regrouper."
_NO_PASSWORD = "Saisissez le mot de passe du compte à regrouper."  # noqa: S105 - a sentence
_REFUSALS = {
    SearchVerdict.WRONG: (
        "L'identifiant ou le mot de passe est incorrect.",
        "Recopiez-les du courrier de notification ou, pour un compte activé, saisissez ceux que "
        "vous utilisez. Après plusieurs erreurs, attendez quelques minutes. Si aucun courrier ne "
        "vous a été remis pour ce compte, demandez-le à l'école.",
    ),
    SearchVerdict.ITSELF: (
        "C'est le compte avec lequel vous êtes connecté.",
        "Ses enfants y sont déjà. Saisissez l'identifiant de l'autre compte.",
    ),
    SearchVerdict.CLOSED: (
        "Ce compte est fermé : il ne peut pas être regroupé.",
        "Si un de vos enfants manque, adressez-vous à son école ou à son établissement.",
    ),
    SearchVerdict.REGROUPED: (
        "Ce compte n'est plus utilisable : il a déjà été regroupé dans un autre compte.",
        "Saisissez l'identifiant et le mot de passe de cet autre compte. Si ce n'est pas vous qui "
        "l'avez regroupé, adressez-vous à l'assistance.",
    ),
    SearchVerdict.REGROUPED_HERE: (
        "Ce compte a déjà été regroupé dans le vôtre.",
        "Ses enfants sont dans «Mes enfants» : vous n'avez rien à faire.",
    ),
    SearchVerdict.LETTER_OVER: (
        "Ce courrier n'est plus valable.",
        "Demandez-en un nouveau à l'école ou, si ce compte est déjà activé, saisissez le mot de "
        "passe que vous avez choisi.",
    ),
    SearchVerdict.EMAIL_PENDING: (
        "L'adresse mail de ce compte n'est pas encore confirmée.",
        "Il ne peut pas encore être regroupé. Suivez le lien du courriel d'activation, ou "
        "connectez-vous avec ce compte pour le faire renvoyer, puis recommencez ici.",
    ),
    SearchVerdict.NO_CHILD: (
        "Aucun enfant n'est rattaché à ce compte en ce moment : il n'y a rien à ajouter.",
        "Demandez à l'école de vérifier que vous êtes inscrit comme responsable légal.",
    ),
}
"""By verdict: what is wrong, and what to do."""
_TOO_MANY = "Trop de mots de passe incorrects. Réessayez"


def show_search(visit: Visit) -> Answer:
    """Ask which account is to be added."""
    return _page(visit)


def take_search(visit: Visit) -> Answer:
    """Look for the account."""
    identifier, password = visit.typed("identifiant"), visit.secret("mot_de_passe")
    errors = {
        name: sentence
        for name, value, sentence in (
            ("identifiant", identifier, _NO_IDENTIFIER),
            ("mot_de_passe", password, _NO_PASSWORD),
        )
        if not value
    }
    if errors:
        return _page(visit, errors)
    search = search_account(
        visit.means, visit.client, visit.holder, identifier=identifier, password=password
    )
    if search.verdict is SearchVerdict.FOUND:
        return Redirect(to=CONFIRM)
    if search.verdict in {SearchVerdict.LOCKED, SearchVerdict.TOO_MANY}:
        return _page(visit, {"": f"{_TOO_MANY} {wait_words(visit.now, search.until)}."})
    sentence, advice = _REFUSALS[search.verdict]
    return _page(visit, {"identifiant": sentence}, advice)


def show_confirmation(visit: Visit) -> Answer:
    """Show which children are about to be added, and what ends."""
    gathering = proved_account(visit.means, visit.holder)
    if gathering is None:
        return Redirect(to=done(SEARCH, _AGAIN))
    return Page(template="enfants_confirmer", values={"gathering": gathering})


def take_confirmation(visit: Visit) -> Answer:
    """Add them, or leave everything as it is."""
    if visit.typed("action") == "annuler":
        give_up(visit.means, visit.holder)
        return Redirect(to=CHILDREN)
    if add_children(visit.means, visit.holder):
        return Redirect(to=done(CHILDREN, CHILDREN_DONE))
    return Redirect(to=done(SEARCH, _AGAIN))


def _page(visit: Visit, errors: dict[str, str] | None = None, advice: str = "") -> Page:
    return Page(
        template="enfants_ajouter",
        values={
            "identifier": visit.typed("identifiant"),
            "advice": advice,
            "is_to_redo": visit.query.get("fait") == _AGAIN,
        },
        errors=errors or {},
    )


ROUTES = [
    PageRoute(path=SEARCH, door=Door.HOLDER, show=show_search, take=take_search),
    PageRoute(path=CONFIRM, door=Door.HOLDER, show=show_confirmation, take=take_confirmation),
]
