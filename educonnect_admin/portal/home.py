"""Pages of the portal: home."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
