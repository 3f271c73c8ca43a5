"""Help, contact, legal notice, accessibility: what every page leads to when it can do no more."""

from educonnect_admin.portal.answers import Answer, Page
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Visit


def show_help(_visit: Visit) -> Answer:
    """Say what to do in each situation of the guide (§2 to §6); other pages lead to its parts."""
    return Page(template="aide")


def show_contact(_visit: Visit) -> Answer:
    """Say whom to ask: the school's director first, then the helpdesk (R-56)."""
    return Page(template="contact")


def show_legal(visit: Visit) -> Answer:
    """Say who publishes the portal, what it keeps, which cookies it needs.

    Facts that an office has not set are said to be missing, never made up.
    """
    settings = visit.services.settings
    return Page(
        template="mentions_legales",
        values={
            "publisher": settings.legal_publisher,
            "host": settings.legal_host,
            "dpo": settings.legal_dpo,
        },
    )


def show_accessibility(_visit: Visit) -> Answer:
    """Declare how accessible the portal is known to be, and what nobody has tested."""
    return Page(template="accessibilite")


ROUTES = [
    PageRoute(path="/aide", show=show_help),
    PageRoute(path="/contact", show=show_contact),
    PageRoute(path="/mentions-legales", show=show_legal),
    PageRoute(path="/accessibilite", show=show_accessibility),
]
