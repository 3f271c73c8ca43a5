"""Pages that only trouble shows, brought about without the trouble."""

from playwright.sync_api import Page

from educonnect_admin.portal.templates import PortalTemplates
from tests.browser.served import ServedPortal


def failure_of(page: Page, portal: ServedPortal, name: str) -> None:
    """Let the next page be one that says what went wrong, with the style of the portal."""
    page.goto("/aide")
    style = page.locator("link[rel=stylesheet]").get_attribute("href")
    html = PortalTemplates(None).render(
        name,
        {
            "style": style,
            "script": page.locator("script[src]").get_attribute("src"),
            "errors": {},
            "is_known": False,
            "timed": False,
            "idle_minutes": 20,
            "version": "0",
            "here": "",
        },
    )
    address = f"{portal.address}/panne"
    page.route(
        address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
    )
    page.goto(address)
