"""Pages of the portal: recover identifier."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
