"""The services that the portal offers: added, changed, removed, listed (R-51)."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from educonnect_admin.domain.desk_errors import BadService, UnknownService
from educonnect_admin.domain.levels import level_name, level_rank
from educonnect_admin.domain.names import tidy
from educonnect_admin.domain.services import Service
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.services import service_of_code, services_in_order
from educonnect_admin.queries.trail import append_to_trail

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LONGEST_LABEL, _LONGEST_URL = 100, 2000
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")


class ServiceFacts(NamedTuple):
    """What is said of a service; `levels` as typed, `CP..3e` or `CP`, or nothing for all."""

    code: str
    label: str
    url: str
    levels: str | None = None


class ServiceLine(NamedTuple):
    """A service as it is listed; `title` is what parents read."""

    code: str
    label: str
    url: str
    first_level: str | None
    last_level: str | None
    title: str


class ServiceSet(NamedTuple):
    """A service, and what became of it: `added`, `changed`, `unchanged`, `removed`."""

    service: ServiceLine
    verdict: str

    @property
    def changed(self) -> bool:
        """Whether anything is other than before."""
        return self.verdict != "unchanged"


def list_services(session: Session) -> list[ServiceLine]:
    """Return every service, in the order in which parents see them."""
    return [_line(service) for service in services_in_order(session)]


def set_service(
    session: Session, facts: ServiceFacts, *, author: Author, reason: str | None = None
) -> ServiceSet:
    """Add a service, or change the one that bears its code; with the same facts nothing changes.

    Args:
        session: An open transaction.
        facts: As typed.
        author: Who asks, and when.
        reason: Why, for the trail.

    Raises:
        BadService: a code, a label, an address or levels that can't be used.

    Rules: R-51, R-63.
    """
    code, values = _checked(facts)
    service = service_of_code(session, code)
    verdict = "changed"
    if service is None:
        service = Service(code=code, label=values["label"] or "", url=values["url"] or "")
        session.add(service)
        verdict = "added"
    fields = [name for name, value in values.items() if getattr(service, name) != value]
    for name in fields:
        setattr(service, name, values[name])
    if verdict == "changed" and not fields:
        return ServiceSet(_line(service), "unchanged")
    told = {"fields": ",".join(fields)} if verdict == "changed" else {}
    append_to_trail(session, author, [_told(code, verdict, told, reason)])
    return ServiceSet(_line(service), verdict)


def remove_service(session: Session, code: str, *, author: Author, reason: str) -> ServiceSet:
    """Take a service off the portal; its link is on no page from now on.

    Raises:
        UnknownService: none bears this code.
    """
    tidied = tidy(code).lower()
    service = service_of_code(session, tidied)
    if service is None:
        raise UnknownService(tidied)
    line = _line(service)
    session.delete(service)
    append_to_trail(session, author, [_told(tidied, "removed", {}, reason)])
    return ServiceSet(line, "removed")


def _told(code: str, change: str, details: Mapping[str, str], reason: str | None) -> Happening:
    return Happening(
        TrailKind.SERVICE_CHANGED,
        details={"service": code, "change": change, **details},
        reason=reason,
    )


def _checked(facts: ServiceFacts) -> tuple[str, dict[str, str | None]]:
    code, label, url = tidy(facts.code).lower(), tidy(facts.label), facts.url.strip()
    if not _CODE.fullmatch(code):
        raise BadService("code")
    if not 0 < len(label) <= _LONGEST_LABEL:
        raise BadService("label")
    if not _is_safe(url):
        raise BadService("url")
    first, last = _levels(facts.levels)
    return code, {"label": label, "url": url, "first_level": first, "last_level": last}


def _is_safe(url: str) -> bool:
    """Tell whether parents may be sent there: by https, to a host, without a password in it."""
    if len(url) > _LONGEST_URL or _UNSAFE.search(url):
        return False
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and has_port


def _levels(typed: str | None) -> tuple[str | None, str | None]:
    if typed is None:
        return None, None
    first, dots, last = typed.partition("..")
    names = level_name(first), level_name(last if dots else first)
    if None in names or level_rank(names[0]) > level_rank(names[1]):
        raise BadService("levels")
    return names


def _line(service: Service) -> ServiceLine:
    return ServiceLine(
        service.code,
        service.label,
        service.url,
        service.first_level,
        service.last_level,
        service.title,
    )
