"""Pages of the portal: franceconnect."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
