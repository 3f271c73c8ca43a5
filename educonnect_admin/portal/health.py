"""Whether the portal works, for whoever watches it: nothing about anybody."""

from educonnect_admin import __version__, databases
from educonnect_admin.migrations import HEAD
from educonnect_admin.portal.answers import Answer, Page
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Visit


def show_health(visit: Visit) -> Answer:
    """Answer 200 if the database answers and is of this version, 503 otherwise.

    A database that does not answer at all is told by the seam: 503 too.
    """
    with visit.means.reading() as session:
        schema = databases.schema_version(session.connection())
    works = schema == HEAD
    return Page(
        template="sante",
        status=200 if works else 503,
        values={"works": works, "program": __version__, "schema": schema or "?"},
    )


ROUTES = [PageRoute(path="/sante", show=show_health)]
