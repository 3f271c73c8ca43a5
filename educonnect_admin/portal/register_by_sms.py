"""Pages of the portal: register by sms."""

from educonnect_admin.portal.routes import PageRoute

ROUTES: list[PageRoute] = []
