"""Pages of the portal: activate by letter."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
