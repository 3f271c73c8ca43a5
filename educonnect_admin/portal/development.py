"""Development only: every mail and SMS of the folder on a page, and the guard before it.

The page is not among `page_routes()`: it is added where nothing real leaves the office and the
office asks for it, and `portal serve` refuses to open then to anybody but this machine.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from educonnect_admin.domain.portal_errors import DevelopmentRefused
from educonnect_admin.portal.answers import Answer, Page
from educonnect_admin.portal.routes import PageRoute
from educonnect_admin.portal.visit import Visit
from educonnect_admin.settings import Settings, is_loopback

MESSAGES = "/developpement/messages"
_SHOWN = 50
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:)]")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shown:
    """One message: what it is, and its text in pieces, those that are links with their address."""

    kind: str
    to: str
    subject: str
    pieces: Sequence[tuple[str, str | None]]

    def __repr__(self) -> str:
        return f"Shown({self.kind})"


def is_wanted(settings: Settings) -> bool:
    """Tell whether the page is asked for and nothing real leaves this office."""
    return settings.portal_development and _in_earnest(settings) is None


def refuse_if_open(settings: Settings, host: str, proxies: Sequence[str]) -> None:
    """Refuse to show everybody's messages where somebody else could look.

    Raises:
        DevelopmentRefused: asked for, on an address that is not this machine's alone, behind a
            proxy, or with a real mail server or SMS.
    """
    if not settings.portal_development:
        return
    if not is_loopback(host):
        raise DevelopmentRefused("host")
    if proxies:
        raise DevelopmentRefused("proxy")
    why = _in_earnest(settings)
    if why is not None:
        raise DevelopmentRefused(why)


def _in_earnest(settings: Settings) -> str | None:
    if settings.smtp_host is not None:
        return "mail"
    return "sms" if settings.sms_gateway != "folder" else None


def show_messages(visit: Visit) -> Answer:
    """Show what has left for the folder, the newest first, its links ready to be followed."""
    folder = visit.services.mail_room().folder
    found = [*folder.glob("*.eml"), *folder.glob("*.txt")] if folder is not None else []
    newest = sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)[:_SHOWN]
    shown = [_shown(path, visit.means.portal_url) for path in newest]
    return Page(template="developpement_messages", values={"messages": shown})


def _shown(path: Path, portal_url: str) -> Shown:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    if path.suffix == ".txt":
        payload = message.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        kind, subject = "SMS", ""
    else:
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        kind, subject = "Mail", str(message["Subject"] or "")
    return Shown(
        kind=kind,
        to=str(message["To"] or ""),
        subject=subject,
        pieces=list(_pieces(text.strip(), portal_url)),
    )


def _pieces(text: str, portal_url: str) -> Iterator[tuple[str, str | None]]:
    at = 0
    for found in _ADDRESS.finditer(text):
        yield text[at : found.start()], None
        address, at = found[0], found.end()
        # Of our own portal the path is enough, wherever it is open at the moment.
        ours = address.startswith(f"{portal_url}/")
        yield address, address.removeprefix(portal_url) if ours else address
    yield text[at:], None


ROUTES = [PageRoute(path=MESSAGES, show=show_messages)]
