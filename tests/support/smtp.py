"""A real mail server on loopback, which refuses, defers and hangs up as it is told."""

import asyncio
import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DROP = "drop"
"""What a plan answers to hang up without a word."""

_TURNS = 5
"""Of the loop, in which a connection that was just accepted is made, cut and lost."""

USER, PASSWORD = "bureau", "s3cret-du-serveur"

Plan = Callable[[str, str], str | None]
"""From a step (connect, mail, rcpt, data, answer) and a recipient to a reply, or nothing."""


def welcoming(_step: str, _to: str) -> str | None:
    """Accept everything."""
    return None


@dataclass
class MailServer:
    """What the server has taken, and how it is to behave.

    Attributes:
        taken: (recipient, message) of every mail that was accepted, double or not.
        steps: every step that was reached.
    """

    port: int
    plan: Plan = welcoming
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    options: list[list[str]] = field(default_factory=list)
    connections: int = 0
    open: set[asyncio.BaseTransport] = field(default_factory=set)

    def recipients(self) -> list[str]:
        """Return to whom mails were taken, in order."""
        return [to for to, _ in self.taken]

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: Any, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM."""
        self.options.append(options)
        envelope.mail_from = address
        return self._answer(server, "mail", "") or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer RCPT TO."""
        envelope.rcpt_tos.append(address)
        return self._answer(server, "rcpt", address) or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, _session: Session, envelope: Envelope
    ) -> str:
        """Answer the end of DATA; at `answer` the mail is taken before anything goes wrong."""
        to = envelope.rcpt_tos[0]
        if said := self._answer(server, "data", to):
            return said
        content = envelope.original_content
        assert isinstance(content, bytes)
        self.taken.append((to, content))
        return self._answer(server, "answer", to) or "250 OK"

    def _answer(self, server: Any, step: str, to: str) -> str | None:
        said = self.plan(step, to)
        if said == DROP:
            server.transport.abort()
            return "451 gone"
        return said


class _Protocol(SMTP):
    """The protocol of aiosmtpd, which may hang up at once."""

    def connection_made(self, transport: Any) -> None:
        """Count, and hang up if the plan says so."""
        handler = self.event_handler
        handler.open.add(transport)
        if not isinstance(transport, asyncio.Transport) or self._over_ssl_upgrade(transport):
            super().connection_made(transport)
            return
        handler.connections += 1
        super().connection_made(transport)
        if handler.plan("connect", "") == DROP:
            transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody is left to hang up on."""
        self.event_handler.open.discard(self.transport)
        super().connection_lost(error)

    def _over_ssl_upgrade(self, _transport: Any) -> bool:
        return self._original_transport is not None

    async def handle_exception(self, error: Exception) -> str:
        """A connection that was cut is no error of the server."""
        return f"451 {type(error).__name__}"


class _Controller(Controller):
    def factory(self) -> SMTP:
        """Return the protocol for one connection."""
        return _Protocol(self.handler, **self.SMTP_kwargs)

    async def hang_up(self) -> None:
        """Close what clients left open: the library stops its loop with sockets in it."""
        for _ in range(_TURNS):
            for transport in tuple(self.handler.open):
                assert isinstance(transport, asyncio.Transport)
                transport.abort()
            await asyncio.sleep(0)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(plan: Plan = welcoming, **options: Any) -> Iterator[MailServer]:
    """Run a server in a thread.

    Args:
        plan: How it behaves.
        options: For aiosmtpd: `tls_context`, `ssl_context`, `authenticator` …
    """
    handler = MailServer(free_port(), plan)
    options.setdefault("enable_SMTPUTF8", True)
    controller = _Controller(handler, hostname="127.0.0.1", port=handler.port, **options)
    controller.start()
    handler.connections = 0  # the library tries its own door
    try:
        yield handler
    finally:
        asyncio.run_coroutine_threadsafe(controller.hang_up(), controller.loop).result()
        with suppress(AssertionError):
            controller.stop()


def authenticator(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
    """Accept the one user."""
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=known, handled=False)


@dataclass(frozen=True)
class Certificate:
    """A certificate for this machine, its own authority."""

    path: Path
    context: ssl.SSLContext


def make_certificate(folder: Path, *, name: str = "127.0.0.1") -> Certificate:
    """Make a certificate for a name or an address."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    try:
        other: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        other = x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2100))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, private = folder / f"{name}.pem", folder / f"{name}.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    return Certificate(path, context)
