"""A browser without a screen: what it sends, what it keeps, what it is shown."""

import re
from html import unescape
from typing import Any

import httpx2 as httpx
from sqlalchemy import select
from starlette.testclient import TestClient

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.parents.coming_in import come_in
from educonnect_admin.portal.application import make_application
from educonnect_admin.portal.cookies import VISIT

OURS = "https://testserver"


class Browser:
    """Someone at the portal; cookies are kept from one page to the next."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.client = TestClient(make_application(services), base_url=OURS, follow_redirects=False)

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
