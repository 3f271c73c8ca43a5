"""Signed tokens: believed only once everything in them was checked (R-40)."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from educonnect_admin.gateways.franceconnect import FranceConnectRefused, Refusal
from educonnect_admin.gateways.franceconnect_site import ProviderSite

ALGORITHMS = frozenset({"ES256", "RS256"})
"""By allow-list: `none` signs nothing, `HS256` would take a public key for a secret."""

LEEWAY = timedelta(seconds=30)
"""Between two clocks, and for the time that the exchange itself takes."""
OLDEST = timedelta(minutes=10)
"""An id_token that was made for this visit was made just now."""

_LONGEST = 16 * 1024
_LONGEST_SUBJECT = 255


def claims_of(token: str, site: ProviderSite, client_id: str, now: datetime) -> dict[str, Any]:
    """Return what a token claims, its signature, issuer and audience checked.

    Raises:
        FranceConnectRefused: one of them is not as it must be.
    """
    claims = _signed(token, site, now)
    if claims.get("iss") != site.issuer:
        raise FranceConnectRefused(Refusal.ISSUER)
    _check_audience(claims, client_id)
    _check_times(claims, now)
    return claims


def check_id_token(claims: Mapping[str, Any], *, nonce: str, acr: str, now: datetime) -> str:
    """Return the subject of an id_token, once it is known to be of this departure.

    Raises:
        FranceConnectRefused: it is of another, or of a weaker identity.
    """
    if "exp" not in claims or "iat" not in claims:
        raise FranceConnectRefused(Refusal.EXPIRED)
    if now - _moment(claims["iat"]) > OLDEST:
        raise FranceConnectRefused(Refusal.EXPIRED)
    told = claims.get("nonce")
    # Ours is in ASCII; JSON may say halves of signs, which no encoding takes.
    if not isinstance(told, str) or not told.isascii() or not hmac.compare_digest(told, nonce):
        raise FranceConnectRefused(Refusal.NONCE)
    if claims.get("acr") != acr:
        raise FranceConnectRefused(Refusal.ACR)
    return subject_of(claims)


def subject_of(claims: Mapping[str, Any]) -> str:
    """Return whom a token is about.

    Raises:
        FranceConnectRefused: it does not say.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise FranceConnectRefused(Refusal.NO_SUBJECT)
    if not subject.isascii():  # as OpenID says of it
        raise FranceConnectRefused(Refusal.NO_SUBJECT)
    return subject


def _signed(token: str, site: ProviderSite, now: datetime) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import BadSignatureError, JoseError

    algorithm, kid = _header(token)
    key = site.key(kid, algorithm, now)
    try:
        return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
    except BadSignatureError:
        raise FranceConnectRefused(Refusal.SIGNATURE) from None
    except (JoseError, ValueError, TypeError, RecursionError):
        raise FranceConnectRefused(Refusal.MALFORMED) from None


def _header(token: str) -> tuple[str, str]:
    """Return the algorithm and the key's name that a token says it was signed with."""
    from joserfc import jws
    from joserfc.errors import JoseError

    if len(token) > _LONGEST or token.count(".") != 2 or not token.isascii():
        raise FranceConnectRefused(Refusal.MALFORMED)
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise FranceConnectRefused(Refusal.MALFORMED) from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise FranceConnectRefused(Refusal.ALGORITHM)
    if not isinstance(kid, str):
        raise FranceConnectRefused(Refusal.UNKNOWN_KEY)
    return str(algorithm), kid


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    told = claims.get("aud")
    audience = [told] if isinstance(told, str) else told
    if not isinstance(audience, list) or client_id not in audience:
        raise FranceConnectRefused(Refusal.AUDIENCE)
    party = claims.get("azp", client_id if len(audience) == 1 else None)
    if party != client_id:
        raise FranceConnectRefused(Refusal.AUDIENCE)


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    if "exp" in claims and _moment(claims["exp"]) + LEEWAY <= now:
        raise FranceConnectRefused(Refusal.EXPIRED)
    for name in ("iat", "nbf"):
        if name in claims and _moment(claims[name]) - LEEWAY > now:
            raise FranceConnectRefused(Refusal.NOT_YET)


def _moment(told: object) -> datetime:
    """Return a moment of a token, which counts seconds since 1970."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise FranceConnectRefused(Refusal.MALFORMED)
    try:
        return datetime.fromtimestamp(told, UTC)
    except (ValueError, OverflowError, OSError):
        raise FranceConnectRefused(Refusal.MALFORMED) from None
