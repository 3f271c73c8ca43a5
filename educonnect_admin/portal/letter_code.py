"""Pages of the portal: letter code."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
