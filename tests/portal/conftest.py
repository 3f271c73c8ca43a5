"""A portal for each test; on PostgreSQL under a login that may do no more than it needs (R-65)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text

from educonnect_admin.databases import make_engine, parse_address
from educonnect_admin.domain.operators import Operator, Role
from educonnect_admin.edge import Services
from educonnect_admin.queries.server_rights import let_in
from tests.portal.browser import Browser
from tests.support.postgres import KeptDatabase, name_of, new_database

LOGIN = "portail"


@pytest.fixture(scope="session")
def kept_database(postgres_socket: str, postgres_template: str) -> Iterator[KeptDatabase]:
    """The database of one test after the other; its server knows the portal's login."""
    url = new_database(postgres_socket, postgres_template)
    engine = make_engine(parse_address(url))
    with engine.begin() as connection:
        added = {"name": LOGIN, "role": Role.PORTAL, "added_at": datetime(2026, 11, 1, tzinfo=UTC)}
        connection.execute(insert(Operator), {**added, "everything": True})
        let_in(connection)
        # The rights stay: an office that knows operators would ask each test who it is.
        connection.execute(text("DELETE FROM operators"))
    engine.dispose()
    kept = KeptDatabase(postgres_socket, name_of(url))
    yield kept
    kept.close()


@pytest.fixture(autouse=True)
def _own_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Browser, "login", LOGIN)


@pytest.fixture
def browser(services: Services) -> Browser:
    """Somebody at the portal of an empty office, on both databases."""
    return Browser(services)


@pytest.fixture
def sqlite_browser(sqlite_services: Services) -> Browser:
    """The same on SQLite, for what does not depend on the database."""
    return Browser(sqlite_services)
