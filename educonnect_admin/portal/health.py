"""Pages of the portal: health."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
