"""A portal for each test."""

import pytest

from educonnect_admin.edge import Services
from tests.portal.browser import Browser


@pytest.fixture
def browser(services: Services) -> Browser:
    """Somebody at the portal of an empty office, on both databases."""
    return Browser(services)


@pytest.fixture
def sqlite_browser(sqlite_services: Services) -> Browser:
    """The same on SQLite, for what does not depend on the database."""
    return Browser(sqlite_services)
