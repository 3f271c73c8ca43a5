"""What browser tests ask of a page: is it accessible, does it fit, where is the focus."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PHONE, DESK = 360, 1280
NARROWEST = 320
"""At this width nothing may have to be pushed sideways (WCAG 1.4.10)."""

SHOTS = "EDUCONNECT_TEST_SHOTS"
"""The variable that names a folder for pictures of the pages; without it none is taken."""

# Only what is wrong comes back: what is right is a hundred times as long.
_HAS_AXE = "() => 'axe' in window"
_RUN_AXE = "() => axe.run({resultTypes: ['violations']}).then((found) => found.violations)"
_HTML = "text/html; charset=utf-8"
_FOCUSED = """() => {
    const it = document.activeElement;
    if (!it || it === document.body) return "";
    const label = it.labels && it.labels.length ? it.labels[0].innerText : "";
    const name = it.getAttribute("aria-label") || label || it.innerText || it.id || it.tagName;
    return name.replace(/\\s+/g, " ").trim();
}"""
_SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
_TEXT = "(size) => { document.documentElement.style.fontSize = size; }"


def axe(page: Page) -> None:
    """Fail on whatever axe finds on the page as it stands, at any level."""
    with _where_axe_runs(page) as seen:
        _judge(seen)


def _judge(page: Page) -> None:
    if not page.evaluate(_HAS_AXE):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN_AXE)
    told = [
        f"{one['id']} ({one['impact']}): {one['help']}\n"
        + "\n".join(f"    {node['html']}\n    {node['failureSummary']}" for node in one["nodes"])
        for one in found
    ]
    assert not told, f"{page.url} at {width(page)} px:\n" + "\n".join(told)


def is_scriptless(page: Page) -> bool:
    """Tell whether the page runs without scripts."""
    return bool(page.evaluate("() => matchMedia('(scripting: none)').matches"))


@contextmanager
def _where_axe_runs(page: Page) -> Iterator[Page]:
    """Give the page itself; where scripts are off, so is axe: the same content in a twin."""
    if not is_scriptless(page):
        yield page
        return
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport=page.viewport_size, locale="fr-FR")
    try:
        twin = context.new_page()
        html, address = page.content(), page.url.partition("#")[0]
        twin.route("**/*.js*", lambda route: route.abort())
        twin.route(address, lambda route: route.fulfill(body=html, content_type=_HTML))
        twin.goto(address)
        yield twin
    finally:
        context.close()


def width(page: Page) -> int:
    """Return how wide the window is, in pixels."""
    return page.viewport_size["width"] if page.viewport_size else 0


def widen(page: Page, pixels: int) -> None:
    """Make the window so many pixels wide, unless it is."""
    if width(page) != pixels:
        page.set_viewport_size({"width": pixels, "height": 800})


def fits(page: Page) -> None:
    """Fail if a phone of 320 px, or text twice as large, makes the page wider than the window."""
    before = width(page)
    for pixels, text in ((NARROWEST, ""), (NARROWEST * 2, "200%")):
        widen(page, pixels)
        page.evaluate(_TEXT, text)
        beyond = page.evaluate(_SIDEWAYS)
        assert beyond <= 0, f"{page.url}: {beyond} px beyond {pixels} px, text {text or '100%'}"
    page.evaluate(_TEXT, "")
    widen(page, before)


def look_over(page: Page, name: str) -> None:
    """Check a page as it stands on a phone and on a desk, and take its picture if asked to.

    Args:
        page: As the test has brought it there, with its errors or without.
        name: Of the pictures: `{name}-360.png`, `{name}-1280.png`.
    """
    with _where_axe_runs(page) as seen:
        before = width(seen)
        for pixels in (PHONE, DESK):
            widen(seen, pixels)
            _judge(seen)
        widen(seen, before)
    fits(page)
    shoot(page, name)


def shoot(page: Page, name: str) -> None:
    """Save pictures of the whole page into the folder that `EDUCONNECT_TEST_SHOTS` names."""
    folder = os.environ.get(SHOTS)
    if not folder:
        return
    name += "-no-scripts" if is_scriptless(page) else ""
    before = width(page)
    Path(folder).mkdir(parents=True, exist_ok=True)
    for pixels in (PHONE, DESK):
        widen(page, pixels)
        page.screenshot(path=Path(folder) / f"{name}-{pixels}.png", full_page=True)
    widen(page, before)


def focused(page: Page) -> str:
    """Return the name of what has the focus: its label, its text or its id; else nothing."""
    return str(page.evaluate(_FOCUSED))


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press the tabulator until something of that name has the focus; fail if nothing does."""
    passed = []
    page.wait_for_load_state("load")
    for _ in range(most):
        page.keyboard.press("Tab")
        passed.append(focused(page))
        if name in passed[-1]:
            return
    raise AssertionError(f"the keyboard never reaches {name!r}, only {passed}")
