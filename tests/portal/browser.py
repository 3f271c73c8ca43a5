"""A browser without a screen: what it sends, what it keeps, what it is shown."""

import re
from dataclasses import replace
from html import unescape
from typing import Any, ClassVar

import httpx2 as httpx
from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool
from starlette.testclient import TestClient

from educonnect_admin.confining import confine
from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.operators import Acting, Role
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.parents.coming_in import come_in
from educonnect_admin.portal.application import make_application
from educonnect_admin.portal.cookies import VISIT

OURS = "https://testserver"


class Browser:
    """Someone at the portal; cookies are kept from one page to the next.

    `services` are those of whoever prepares the office; the portal has a login of its own on a
    server, where `login` names one.
    """

    login: ClassVar[str | None] = None

    def __init__(self, services: Services) -> None:
        self.services = services
        application = make_application(self._portals(services))
        self.client = TestClient(application, base_url=OURS, follow_redirects=False)

    def _portals(self, services: Services) -> Services:
        """Return the same office as the portal's login opens it."""
        url = services.engine.url
        if self.login is None or url.get_backend_name() != "postgresql":
            return services
        acting = Acting(self.login, Role.PORTAL, everything=True)
        # No pool: nobody says when the portal of a test is over.
        engine = create_engine(
            url.set(username=self.login), hide_parameters=True, poolclass=NullPool
        )
        confine(engine, acting)
        return replace(services, engine=engine, acting=acting)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Open a page; redirections are told, not followed."""
        answer: httpx.Response = self.client.get(path, **options)
        return answer

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as a browser does."""
        return self.client.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go where an answer leads, as often as it does."""
        while answer.is_redirect:
            answer = self.client.get(answer.headers["location"])
        return answer

    def come_in(self, identifier: str, entry: Entry = Entry.PASSWORD, **how: Any) -> None:
        """Be logged in without the log-in page."""
        from educonnect_admin.edge import clock

        means = self.services.means(how.pop("now", None) or clock())
        with self.services.transaction() as session:
            account = session.scalars(select(Account).filter_by(identifier=identifier)).one()
            token = come_in(session, means, account, entry, **how)
        self.client.cookies.set(VISIT, token)


def words(answer: httpx.Response) -> str:
    """Return what a page says, without its tags."""
    body = answer.text[answer.text.index("<body") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
