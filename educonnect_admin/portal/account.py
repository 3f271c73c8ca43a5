"""`/compte`, `/compte/enfants`: «Mes informations» and «Mes enfants» (§4)."""

from educonnect_admin.parents.account import children_of, sheet_of
from educonnect_admin.portal.answers import Answer, Page
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit

ACCOUNT = "/compte"
CHILDREN = "/compte/enfants"
CHANGE_EMAIL = "/compte/adresse-mail"
CHANGE_PASSWORD = "/compte/mot-de-passe"  # noqa: S105 - an address
PASSWORD_DONE = "mot-de-passe"  # noqa: S105 - what an address says was done
PASSWORD_DONE_EMAIL_DROPPED = "mot-de-passe-seul"  # noqa: S105 - the same
EMAIL_DONE, EMAIL_SAME, EMAIL_SENT_AGAIN = "adresse-mail", "adresse-inchangee", "renvoye"
CHILDREN_DONE = "enfants-ajoutes"


def done(place: str, what: str) -> str:
    """Return the address of a page that says what was just done."""
    return f"{place}?fait={what}"


def show_information(visit: Visit) -> Answer:
    """Show name, identifier and address, and what was just changed of them."""
    return Page(
        template="compte",
        values={
            "sheet": sheet_of(visit.means, visit.holder),
            "said": visit.query.get("fait", ""),
        },
    )


def show_children(visit: Visit) -> Answer:
    """Show the children, and the way to those of another account."""
    return Page(
        template="compte_enfants",
        values={
            "schools": children_of(visit.means, visit.holder),
            "said": visit.query.get("fait", ""),
        },
    )


ROUTES = [
    PageRoute(path=ACCOUNT, door=Door.HOLDER, show=show_information),
    PageRoute(path=CHILDREN, door=Door.HOLDER, show=show_children),
]
