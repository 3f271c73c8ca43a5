"""Pages of the portal: confirm email."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
