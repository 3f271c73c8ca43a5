"""Pages of the portal: recover password."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
