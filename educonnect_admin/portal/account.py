"""Pages of the portal: account."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
