"""What the other browser tests rely on, and whether it would notice."""

import pytest
from playwright.sync_api import Page

from tests.browser.screen import axe, fits, focused, look_over, tab_to

BAD = (
    "<!doctype html><html lang=fr><title>x</title><main><h1>x</h1><input>"
    "<p style='width:900px;color:#ccc'>Trop pâle, trop large.</p></main>"
)


def test_axe_notices_a_field_without_label_and_pale_text(page: Page) -> None:
    """The message names the rules and shows the elements."""
    page.set_content(BAD)

    with pytest.raises(AssertionError, match=r"(?s)color-contrast.*Trop pâle.*label"):
        axe(page)


def test_a_page_that_is_too_wide_is_noticed(page: Page) -> None:
    """At 320 px."""
    page.set_content(BAD)

    with pytest.raises(AssertionError, match="beyond 320 px"):
        fits(page)


def test_the_skip_link_is_the_first_thing_a_keyboard_meets(any_page: Page) -> None:
    """It leads past the top to the content, with scripts and without."""
    any_page.goto("/nulle-part")
    any_page.keyboard.press("Tab")
    assert focused(any_page) == "Aller au contenu"

    any_page.keyboard.press("Enter")
    assert any_page.url.endswith("#contenu")
    any_page.keyboard.press("Tab")
    assert focused(any_page) == "Aller à la page de connexion"


def test_axe_sees_a_page_without_scripts_too(scriptless_page: Page) -> None:
    """It needs scripts itself; what it looks at is the page as it stands, with its style."""
    scriptless_page.goto("/session-expiree")
    axe(scriptless_page)
    scriptless_page.evaluate("() => document.querySelector('h1').style.color = '#eee'")

    with pytest.raises(AssertionError, match="color-contrast"):
        axe(scriptless_page)


def test_a_page_stands_up_to_everything(any_page: Page) -> None:
    """The harness itself, with scripts and without."""
    any_page.goto("/session-expiree")
    look_over(any_page, "session-expiree")
    tab_to(any_page, "Contact")

    with pytest.raises(AssertionError, match="never reaches"):
        tab_to(any_page, "Nulle part", most=3)
