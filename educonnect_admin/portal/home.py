"""`/accueil`: the children and the services open to each (§3, R-51)."""

from educonnect_admin.parents.home import home_of
from educonnect_admin.portal.answers import Answer, Page
from educonnect_admin.portal.places import HOME
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Door, Visit


def show(visit: Visit) -> Answer:
    """Show the children by school, each with the links to its services."""
    home = home_of(visit.means, visit.holder)
    last = home.last_log_in
    return Page(
        template="accueil",
        values={
            "schools": home.schools,
            "last_log_in": f"{last:%d/%m/%Y à %H:%M:%S}" if last else None,
            "has_confirmed_email": home.has_confirmed_email,
        },
    )


ROUTES = [PageRoute(path=HOME, door=Door.HOLDER, show=show)]
