"""Pages of the portal: change email."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
