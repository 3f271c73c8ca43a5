"""The development provider, served on loopback, and somebody who walks there and back."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
from sqlalchemy import text
from uvicorn import Config, Server

from dev.franceconnect.people import Person, person
from dev.franceconnect.provider import Provider
from educonnect_admin.edge import Services
from tests.portal.browser import OURS, Browser

CELINE = person(["Céline", "Marie", "Louise"], "DURAND", usage_name="DUPONT")
JEAN = person(["Jean", "Pierre"], "DUPONT")
STRANGER = person(["Camille"], "SANSFICHE")
SECRET = "the-secret-of-the-client"


@contextmanager
def running_provider(*people: Person, certificate: Path | None = None) -> Iterator[Provider]:
    """Serve a provider, honest until told otherwise; over TLS with a certificate."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheme = "https" if certificate else "http"
        provider = Provider(
            origin=f"{scheme}://127.0.0.1:{listener.getsockname()[1]}",
            client_id="the-portal",
            client_secret=SECRET,
            back=[f"{OURS}/franceconnect/retour", f"{OURS}/franceconnect/deconnexion"],
            people=[CELINE, JEAN, STRANGER, *people],
        )
        config = Config(
            provider.application(),
            log_config=None,
            lifespan="off",
            ws="none",
            ssl_certfile=certificate,
            ssl_keyfile=certificate.with_suffix(".key") if certificate else None,
        )
        server = Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join()


def with_franceconnect(services: Services, provider: Provider, folder: Path) -> Services:
    """Return the same office, which offers FranceConnect."""
    secret = folder / "franceconnect.secret"
    secret.write_text(f"{SECRET}\n", encoding="ascii")
    told = {
        "portal_url": OURS,
        "franceconnect_issuer": provider.issuer,
        "franceconnect_client_id": provider.client_id,
        "franceconnect_client_secret_file": secret,
    }
    return replace(services, settings=services.settings.model_copy(update=told))


class Traveller(Browser):
    """Somebody who leaves for the provider and comes back."""

    def __init__(self, services: Services, provider: Provider) -> None:
        super().__init__(services)
        self.provider = provider

    def leave(self) -> str:
        """Press the button, and return the provider's address it leads to."""
        answer = self.post("/franceconnect")
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def choose(self, address: str, who: Person | None) -> str:
        """Be somebody at the provider, or give up; return the way back."""
        with httpx.Client(trust_env=False) as client:
            page = client.get(address)
            asked = re.search(r'name="asked" value="([^"]*)"', page.text)
            assert asked, page.text
            form = {"asked": unescape(asked[1]), "sub": who.sub if who else ""}
            answer = client.post(f"{self.provider.issuer}/choisir", data=form)
        return str(answer.headers["location"])

    def come_back(self, address: str) -> httpx.Response:
        """Follow the way back, one step."""
        return self.get(address.removeprefix(OURS))

    def sign_in(self, who: Person | None = CELINE, **misdeeds: object) -> httpx.Response:
        """Go there and back, through whatever the provider does wrong."""
        way = self.leave()
        self.provider.misdeeds = replace(self.provider.misdeeds, **misdeeds)  # type: ignore[arg-type]
        return self.come_back(self.choose(way, who))


def asked_of(address: str) -> dict[str, str]:
    """Return what an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def openings(services: Services) -> tuple[int, int]:
    """Return how many accounts are linked, and how many visits are somebody's."""
    with services.reading() as session:
        linked = session.scalar(
            text("SELECT count(*) FROM accounts WHERE franceconnect_digest IS NOT NULL")
        )
        visits = session.scalar(text("SELECT count(*) FROM visits WHERE account_id IS NOT NULL"))
    return int(linked or 0), int(visits or 0)
