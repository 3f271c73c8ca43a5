"""Pages of the portal: pending email."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
