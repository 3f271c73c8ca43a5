"""The provider as a place: its addresses, its keys, fetched over a checked connection."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from educonnect_admin.gateways.franceconnect import FranceConnectRefused, Refusal

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, RSAKey

CACHED = timedelta(hours=1)
"""How long addresses and keys are taken for what they were."""
FAILURE_REMEMBERED = timedelta(seconds=10)
"""A provider that is down is not asked by everybody who waits for it."""
REFETCH_EVERY = timedelta(minutes=1)
"""Tokens with invented keys must not make us a burden to the provider."""

_TIMEOUT = 5.0
_LARGEST = 128 * 1024
_FEWEST_RSA_BITS = 2048
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")

# Which keys sign by which algorithm: the type of key never follows what a token says alone.
_KEY_TYPES = {"ES256": "EC", "RS256": "RSA"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server has answered."""

    status: int
    kind: str
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the object that it is.

        Raises:
            FranceConnectRefused: it is none.
        """
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise FranceConnectRefused(Refusal.BAD_ANSWER)
        return found


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the provider does what, all of it at the issuer's origin."""

    authorization: str
    token: str
    userinfo: str
    keys: str
    end_session: str | None
    tells_issuer: bool
    """Whether its callbacks always say who they are of (RFC 9207)."""


class ProviderSite:
    """One provider; what it publishes is kept for an hour, by one process."""

    def __init__(self, issuer: str, ca_file: Path | None) -> None:
        self.issuer = issuer
        self._ca_file = ca_file
        self._lock = Lock()
        self._addresses: Addresses | None = None
        self._known_at: datetime | None = None
        self._failed: tuple[datetime, FranceConnectRefused] | None = None
        self._keys: dict[tuple[str, str], ECKey | RSAKey] = {}
        self._keys_at: datetime | None = None
        self._refetched_at: datetime | None = None

    @property
    def origin(self) -> str:
        """The scheme, host and port of the issuer."""
        return _origin(self.issuer)

    def addresses(self, now: datetime) -> Addresses:
        """Return where the provider does what.

        Raises:
            FranceConnectRefused: it can't be had, or says that it is somebody else.
        """
        with self._lock:
            if self._addresses is None or not _is_fresh(self._known_at, now, CACHED):
                self._discover(now)
            assert self._addresses is not None  # noqa: S101 - found, or raised
            return self._addresses

    def key(self, kid: str, algorithm: str, now: datetime) -> "ECKey | RSAKey":
        """Return the public key of a name; the keys are asked for once more if it is new.

        Raises:
            FranceConnectRefused: no such key, or no keys at all.
        """
        wanted = (kid, _KEY_TYPES[algorithm])
        address = self.addresses(now).keys
        with self._lock:
            if not _is_fresh(self._keys_at, now, CACHED):
                self._load_keys(address, now)
            elif wanted not in self._keys and self._may_refetch(now):
                self._refetched_at = now
                self._load_keys(address, now)
            found = self._keys.get(wanted)
        if found is None:
            raise FranceConnectRefused(Refusal.UNKNOWN_KEY)
        return found

    def fetch(
        self,
        method: str,
        address: str,
        *,
        form: Mapping[str, str] | None = None,
        bearer: str | None = None,
    ) -> Answer:
        """Ask something of the provider, and follow it nowhere else.

        Raises:
            FranceConnectRefused: no answer, or one without end.
        """
        import httpx2

        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        # A proxy of the environment is for the outside, not for this very machine.
        outside = address.startswith("https:")
        try:
            with (
                httpx2.Client(verify=self._tls, timeout=_TIMEOUT, trust_env=outside) as client,
                client.stream(method, address, data=form, headers=headers) as answer,
            ):
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > _LARGEST:
                        raise FranceConnectRefused(Refusal.BAD_ANSWER)
                kind = str(answer.headers.get("content-type", ""))
                return Answer(answer.status_code, kind, bytes(body))
        except (httpx2.HTTPError, httpx2.InvalidURL):
            # Without its cause: the address of a request may hold a secret.
            raise FranceConnectRefused(Refusal.UNREACHABLE) from None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self._ca_file)
        except OSError:
            raise FranceConnectRefused(Refusal.CA_FILE) from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _discover(self, now: datetime) -> None:
        if self._failed is not None and _is_fresh(self._failed[0], now, FAILURE_REMEMBERED):
            raise FranceConnectRefused(self._failed[1].refusal)
        try:
            published = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            answer = self.fetch("GET", published)
            if answer.status != 200:
                raise FranceConnectRefused(Refusal.BAD_ANSWER)
            self._addresses = self._checked(answer.json())
        except FranceConnectRefused as refused:
            self._failed = now, refused
            raise
        self._known_at, self._failed = now, None

    def _checked(self, told: Mapping[str, Any]) -> Addresses:
        if told.get("issuer") != self.issuer:
            raise FranceConnectRefused(Refusal.DISCOVERY_ISSUER)
        end = told.get("end_session_endpoint")
        for address in [*(told.get(name) for name in _ADDRESSES), *([end] if end else [])]:
            if not isinstance(address, str) or _origin(address) != self.origin:
                raise FranceConnectRefused(Refusal.DISCOVERY_ADDRESS)
        return Addresses(
            authorization=told["authorization_endpoint"],
            token=told["token_endpoint"],
            userinfo=told["userinfo_endpoint"],
            keys=told["jwks_uri"],
            end_session=end or None,
            tells_issuer=told.get("authorization_response_iss_parameter_supported") is True,
        )

    def _may_refetch(self, now: datetime) -> bool:
        return not _is_fresh(self._refetched_at, now, REFETCH_EVERY)

    def _load_keys(self, address: str, now: datetime) -> None:
        answer = self.fetch("GET", address)
        told = answer.json().get("keys") if answer.status == 200 else None
        if not isinstance(told, list):
            raise FranceConnectRefused(Refusal.KEYS)
        found = [_public_key(one) for one in told]
        self._keys = {(key.kid or "", key.key_type): key for key in found if key is not None}
        self._keys_at = now


def _is_fresh(since: datetime | None, now: datetime, lasts: timedelta) -> bool:
    return since is not None and abs(now - since) < lasts


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
        if parts.username is not None or parts.hostname is None:
            return ""
        return f"{parts.scheme}://{parts.netloc.lower()}"
    except ValueError:
        return ""


def _public_key(told: object) -> "ECKey | RSAKey | None":
    """Return a key that may sign, without its private half; None for any other."""
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, RSAKey

    if not isinstance(told, dict) or told.get("use", "sig") != "sig":
        return None
    if not isinstance(told.get("kid"), str):
        return None
    public = {
        name: told[name] for name in ("kty", "crv", "x", "y", "n", "e", "kid") if name in told
    }
    try:
        if told.get("kty") == "EC" and told.get("crv") == "P-256":
            return ECKey.import_key(public)
        if told.get("kty") == "RSA":
            key = RSAKey.import_key(public)
            return key if key.raw_value.key_size >= _FEWEST_RSA_BITS else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None
