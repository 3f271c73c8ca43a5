"""From HTTP to what journeys see: bounded, cleaned, never trusted."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

LONGEST_BODY = 32 * 1024
MOST_FIELDS = 100
LONGEST_VALUE = 1000
FORM = "application/x-www-form-urlencoded"

# Control signs: no field has any use for them, and PostgreSQL refuses the first.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class BadRequest(Exception):
    """What was sent is no form of ours: too long, too many fields, of another type."""


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form, the last value of each; cleaned, cut to a sane length.

    Raises:
        BadRequest: it is no form, or too large a one.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise BadRequest
    if not body:
        return {}
    if kind != FORM:
        raise BadRequest
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise BadRequest from None
    return {clean(name): clean(value) for name, value in pairs}


def clean(text: str) -> str:
    """Return a text without control signs, cut to a length that no field needs."""
    return _CONTROL.sub("", text[:LONGEST_VALUE].encode("utf-8", "replace").decode())


def clean_all(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the same with every value cleaned."""
    return {clean(name): clean(str(value)) for name, value in texts.items()}


def counted_address(host: str | None) -> str:
    """Return the network address as limits count it: a whole /64 in IPv6 (R-6)."""
    try:
        address: IPv4Address | IPv6Address = ip_address((host or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, 64), strict=False))
    return str(address)


def is_from_elsewhere(request: Request) -> bool:
    """Tell whether a POST was sent by another site's page, or may have been.

    A browser that knows `Sec-Fetch-Site` says so itself; an older one sends `Origin`, or at
    least `Referer`. One that sends none of them can't be told from an attack.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin") or request.headers.get("referer")
    if not origin:
        return True
    try:
        return urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()
    except ValueError:
        return True
