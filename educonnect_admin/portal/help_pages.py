"""Pages of the portal: help pages."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
