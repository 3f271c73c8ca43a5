"""Pages that only say something: the way in, a visit that goes on, one that is over."""

from educonnect_admin.portal.answers import Answer, Page, Redirect
from educonnect_admin.portal.places import EXPIRED, place_of
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit


def show_entrance(visit: Visit) -> Answer:
    """Send everybody where they belong."""
    return Redirect(to=place_of(visit.visitor))


def show_alive(_visit: Visit) -> Answer:
    """Say that the visit goes on: asking for this page has just prolonged it."""
    return Page(template="session_prolongee")


def show_expired(_visit: Visit) -> Answer:
    """Say that the visit is over, and how to begin again."""
    return Page(template="session_expiree")


ROUTES = [
    PageRoute(path="/", show=show_entrance),
    PageRoute(path="/session", door=Door.TRAVELLER, show=show_alive),
    PageRoute(path=EXPIRED, show=show_expired),
]
