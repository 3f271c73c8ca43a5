"""Help, contact, legal notice, accessibility, and the pages of what went wrong, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import focused, look_over, tab_to
from tests.browser.served import ServedPortal

PATHS = ["/aide", "/contact", "/mentions-legales", "/accessibilite", "/session-expiree"]


@pytest.mark.parametrize("path", PATHS)
def test_pages_stand_up_to_everything(page: Page, path: str) -> None:
    """Axe at both widths, no push sideways, text twice as large."""
    page.goto(path)

    look_over(page, path.strip("/"))


@pytest.mark.parametrize("name", ["introuvable", "requete_refusee", "indisponible", "erreur"])
def test_pages_of_what_went_wrong_too(page: Page, portal: ServedPortal, name: str) -> None:
    """As the seam shows them to nobody in particular."""
    page.goto("/nulle-part")
    if name != "introuvable":
        from tests.browser.failures import failure_of

        failure_of(page, portal, name)

    expect(page.get_by_role("link", name="Contact").first).to_be_visible()
    look_over(page, name)


def test_help_is_walked_by_keyboard(any_page: Page) -> None:
    """From the list on top to the part that was chosen, with scripts and without."""
    any_page.goto("/aide")
    tab_to(any_page, "Je ne retrouve plus le mail de confirmation")
    any_page.keyboard.press("Enter")

    expect(any_page.locator("#mail-introuvable")).to_be_in_viewport()
    any_page.keyboard.press("Tab")
    assert focused(any_page) == "connectez-vous"
