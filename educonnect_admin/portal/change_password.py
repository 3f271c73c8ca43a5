"""Pages of the portal: change password."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
