"""Pages of the portal: regroup."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
