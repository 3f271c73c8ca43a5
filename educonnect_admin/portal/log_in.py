"""Pages of the portal: log in."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
