"""The portal on a port of this machine, as a browser finds it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import BrowserContext
from sqlalchemy import func, select

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.messages import Message
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.parents.coming_in import come_in
from educonnect_admin.portal.application import make_application
from educonnect_admin.portal.cookies import VISIT


@dataclass
class ServedPortal:
    """A portal that runs; what it holds can be looked at from outside.

    Attributes:
        address: where it is, without a final `/`; mails and letters lead there too.
        now: the moment that it believes in; tests may move it.
    """

    services: Services
    address: str
    now: datetime

    def clock(self) -> datetime:
        """Return the moment, in place of `edge.clock`."""
        return self.now

    def come_in(
        self,
        context: BrowserContext,
        identifier: str,
        entry: Entry = Entry.PASSWORD,
        **how: Any,
    ) -> str:
        """Let a browser be logged in without the log-in page; return the token of its visit."""
        means = self.services.means(self.now)
        with self.services.transaction() as session:
            account = session.scalars(select(Account).filter_by(identifier=identifier)).one()
            token = come_in(session, means, account, entry, **how)
        self.hand(context, token)
        return token

    def hand(self, context: BrowserContext, token: str) -> None:
        """Give a browser the token of a visit."""
        context.add_cookies(
            [
                {
                    "name": VISIT,
                    "value": token,
                    # The protocol of browsers takes no secure cookie of an http address,
                    # although they keep it, and send it to this machine either way.
                    "url": self.address.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )

    def mails(self) -> list[str]:
        """Return the plain text of every mail that has left, oldest first."""
        texts = []
        for path in self._messages("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            texts.append(body.get_content() if body else "")
        return texts

    def sms(self) -> list[str]:
        """Return every SMS that has left, oldest first."""
        return [path.read_text(encoding="utf-8") for path in self._messages("*.txt")]

    def _messages(self, pattern: str) -> list[Path]:
        self._wait_for_outbox()
        base = Path(self.services.settings.database_url).parent
        return sorted(base.rglob(pattern), key=lambda path: path.stat().st_mtime_ns)

    def _wait_for_outbox(self) -> None:
        """Messages leave after the answer: give them the time that a parent's mail takes."""
        waiting = select(func.count()).where(Message.ended_at.is_(None))
        for _ in range(250):
            with self.services.reading() as session:
                if not session.scalar(waiting):
                    return
            time.sleep(0.02)


@contextmanager
def served(services: Services, now: datetime) -> Iterator[ServedPortal]:
    """Serve a portal in a thread, at the address that its settings tell."""
    address = services.settings.portal_url
    config = uvicorn.Config(
        make_application(services),
        host="127.0.0.1",
        port=urlsplit(address).port or 0,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="portal", daemon=True)
    thread.start()
    try:
        _wait(server, thread)
        yield ServedPortal(services, address, now)
    finally:
        server.should_exit = True
        thread.join(10)


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    for _ in range(500):
        if server.started:
            return
        assert thread.is_alive(), "the portal did not start"
        time.sleep(0.02)
    raise AssertionError("the portal did not start in ten seconds")
