"""`/l/{number}`: the code printed on a letter, scanned by a telephone (R-10)."""

from educonnect_admin.parents.read_letter_code import identifier_of_letter
from educonnect_admin.portal.answers import Answer, Redirect
from educonnect_admin.portal.log_in import log_in_page
from educonnect_admin.portal.places import place_of
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Visit


def show(visit: Visit) -> Answer:
    """Show the log-in page, the identifier filled in while the letter lives."""
    if visit.visitor is not None and visit.visitor.account_id is not None:
        return Redirect(to=place_of(visit.visitor))
    identifier = identifier_of_letter(visit.means, visit.client, visit.path["number"])
    return log_in_page(identifier or "", no_letter=identifier is None)


ROUTES = [PageRoute(path="/l/{number}", show=show)]
