"""A real browser at a real portal; see `screen.py` for what to ask of a page.

`page` runs scripts, `scriptless_page` does not, `any_page` is each in turn. All of them fail at
the end of a test whose page has broken its security policy or thrown an error.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from educonnect_admin import edge
from educonnect_admin.edge import Services
from educonnect_admin.portal import seam
from educonnect_admin.settings import Settings
from tests.browser.parent import Parent
from tests.browser.screen import PHONE
from tests.browser.served import ServedPortal, served
from tests.browser.stage import Stage, staged
from tests.conftest import NOW
from tests.support.smtp import free_port

CHROMIUM = "EDUCONNECT_TEST_CHROMIUM"
"""The variable that names another browser than the system's chromium."""


def _chromium() -> str:
    found = os.environ.get(CHROMIUM) or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("No chromium: run `make tools`, or name one in " + CHROMIUM, pytrace=False)
    return found


# Not of the session: its loop counts as running in this thread, which other tests need free.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all the tests here."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    """The settings of an office whose portal is on this machine.

    By http: to a browser this machine is as trustworthy, it keeps our `__Host-` cookies.
    """
    return Settings(
        database_url=str(tmp_path / "office" / "educonnect.sqlite"),
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
        portal_url=f"http://127.0.0.1:{free_port()}",
    )


@pytest.fixture
def portal(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedPortal]:
    """The portal of an empty office, at the moment `NOW`."""
    with served(sqlite_services, NOW) as running:
        monkeypatch.setattr(seam, "clock", running.clock)
        monkeypatch.setattr(edge, "clock", running.clock)
        yield running


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Stage]:
    """The three families in front of one portal for a whole file; `clear` it before each test."""
    with staged(tmp_path_factory.mktemp("stage"), sqlite_template) as one:
        yield one


@contextmanager
def a_page(chromium: Browser, portal: ServedPortal, *, scripts: bool) -> Iterator[Page]:
    """Open a browser of its own cookies on a phone, paths being those of the portal."""
    context = chromium.new_context(
        base_url=portal.address,
        java_script_enabled=scripts,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        viewport={"width": PHONE, "height": 800},
    )
    context.set_default_timeout(10_000)
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A page that says 404 or 422 is told there too; it is what the test asked for.
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    page = context.new_page()
    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not wrong, wrong


@pytest.fixture
def page(chromium: Browser, portal: ServedPortal) -> Iterator[Page]:
    """A page with scripts."""
    with a_page(chromium, portal, scripts=True) as opened:
        yield opened


@pytest.fixture
def scriptless_page(chromium: Browser, portal: ServedPortal) -> Iterator[Page]:
    """A page without scripts."""
    with a_page(chromium, portal, scripts=False) as opened:
        yield opened


@pytest.fixture(params=["scripts", "no-scripts"])
def any_page(
    request: pytest.FixtureRequest, chromium: Browser, portal: ServedPortal
) -> Iterator[Page]:
    """A page with scripts, then one without: everything must work the same."""
    with a_page(chromium, portal, scripts=request.param == "scripts") as opened:
        yield opened


@pytest.fixture(scope="module")
def stage_page(chromium: Browser, stage: Stage) -> Iterator[Page]:
    """One page for a whole file: a browser without cookies is another one."""
    with a_page(chromium, stage.portal, scripts=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def scriptless_stage_page(chromium: Browser, stage: Stage) -> Iterator[Page]:
    """The same without scripts."""
    with a_page(chromium, stage.portal, scripts=False) as opened:
        yield opened


@pytest.fixture
def parent(stage: Stage, stage_page: Page) -> Parent:
    """Somebody in front of a portal where nobody has an account yet."""
    return Parent(stage, stage_page)


@pytest.fixture(params=["scripts", "no-scripts"])
def any_parent(
    request: pytest.FixtureRequest, stage: Stage, stage_page: Page, scriptless_stage_page: Page
) -> Parent:
    """The same, with scripts, then without."""
    return Parent(stage, stage_page if request.param == "scripts" else scriptless_stage_page)
