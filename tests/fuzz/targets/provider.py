"""FranceConnect's answers: addresses, keys, tokens, who somebody is (R-40)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dev.franceconnect.signing import Keys
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.franceconnect import FranceConnectRefused
from educonnect_admin.gateways.franceconnect_client import Client, OpenIdProvider
from educonnect_admin.gateways.franceconnect_site import Answer, ProviderSite
from tests.conftest import NOW
from tests.fuzz.target import Read, Target

_ISSUER = "https://fc.example/api/v2"
_CLIENT, _NONCE = "the-portal", "n" * 43
_PLACES = ("discovery", "jwks", "token", "userinfo", "callback", "id_token", "claims")
_JSON = (
    b"null", b"true", b"-1", b"1e400", b"NaN", b'""', b"{}", b"[]", b'"\\ud800"', b'"ES256"',
    b'"none"', b'"HS256"', b'"RSA"', b'"EC"', b'"P-256"', b"AQAB", b'"kid"', b'"aud"', b'"exp"',
    b"https://fc.example:x", b"https://[", b".", b'"crit"', b'"b64"', b'"zip":"DEF"',
)  # fmt: skip


class _Secret(Client):
    """A client whose secret needs no file."""

    def secret(self) -> str:
        """Return it."""
        return "secret"


class _Site(ProviderSite):
    """A provider that answers what it is told to, without a network."""

    def __init__(self, told: Mapping[str, bytes]) -> None:
        super().__init__(_ISSUER, None)
        self._told = told

    def fetch(
        self,
        method: str,  # noqa: ARG002 - as the real one is asked
        address: str,
        *,
        form: Mapping[str, str] | None = None,  # noqa: ARG002 - the same
        bearer: str | None = None,  # noqa: ARG002 - the same
    ) -> Answer:
        """Answer by the end of the address."""
        name = address.rpartition("/")[2].replace("openid-configuration", "discovery")
        kind = "application/jwt" if name == "userinfo" else "application/json"
        return Answer(200, kind, self._told.get(name, b"{}"))


def _honest(keys: Keys) -> dict[str, bytes]:
    """Return what an honest provider says; `claims` are signed for userinfo when asked for."""
    now = int(NOW.timestamp())
    claims: dict[str, Any] = {
        "iss": _ISSUER, "aud": _CLIENT, "sub": "s", "iat": now, "exp": now + 60, "nonce": _NONCE,
        "acr": "eidas1",
    }  # fmt: skip
    who = {"iss": _ISSUER, "aud": _CLIENT, "sub": "s", "given_name": "Zoé", "family_name": "Roux",
           "given_name_array": ["Zoé", "Lou"], "preferred_username": "N'Diaye"}  # fmt: skip
    discovery = {
        f"{name}_endpoint": f"{_ISSUER}/{name}"
        for name in ("authorization", "token", "userinfo", "end_session")
    }
    discovery |= {"issuer": _ISSUER, "jwks_uri": f"{_ISSUER}/jwks"}
    return {
        "discovery": json.dumps(discovery).encode(),
        "jwks": json.dumps(keys.published()).encode(),
        "id_token": keys.sign(claims).encode(),
        "userinfo": keys.sign(who).encode(),
        "callback": json.dumps({"code": "c", "iss": _ISSUER}).encode(),
        "claims": json.dumps(claims).encode(),
        "token": b"",
    }


_KEYS = Keys()
_HONEST = _honest(_KEYS)


def _seeds() -> Iterator[bytes]:
    for name in _PLACES:
        yield name.encode() + b"\n" + (_HONEST[name] or b'{"id_token":"x","access_token":"y"}')
    header, payload, signature = _HONEST["id_token"].split(b".")
    parts = [urlsafe_b64decode(part + b"==") for part in (header, payload)]
    yield b"parts\n" + b"\n".join(parts)
    assert signature


def _token(id_token: bytes) -> bytes:
    return json.dumps(
        {"id_token": id_token.decode("utf-8", "replace"), "access_token": "a"}
    ).encode()


def _told_by(name: str, content: bytes) -> dict[str, bytes]:
    """Return what a provider says, one thing of it replaced; claims are signed by its key."""
    told = dict(_HONEST)
    if name in told:
        told[name] = content
    if name == "claims":
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            told["id_token"] = told["userinfo"] = _KEYS.sign(found).encode()
    if name == "parts":
        header, _, payload = content.partition(b"\n")
        parts = (urlsafe_b64encode(part).rstrip(b"=") for part in (header, payload, b"x" * 64))
        told["id_token"] = b".".join(parts)
    if name != "token":
        told["token"] = _token(told["id_token"])
    return told


@contextmanager
def _arrivals() -> Iterator[Read]:
    """Whatever the provider says: somebody known, with names on one line, or a refusal."""
    client = _Secret(_CLIENT, None, "eidas1")

    def read(data: bytes) -> None:
        name, _, content = data.partition(b"\n")
        told = _told_by(name.decode("ascii", "replace"), content)
        provider = OpenIdProvider(_Site(told), client, SystemChance())
        try:
            query = json.loads(told["callback"])
        except (ValueError, RecursionError):
            query = {}
        texts = query.items() if isinstance(query, dict) else ()
        query = {key: str(value) for key, value in texts}
        provider.farewell("hint", "https://portal.example", NOW)
        proved = provider.arrive(
            query, nonce=_NONCE, verifier="v" * 43, callback="https://p.example/r", now=NOW
        )
        who = proved.identity
        assert 0 < len(who.subject) <= 255
        for known in (who.family_name, who.usage_name, *who.given_names):
            assert known.isprintable()

    yield read


PROVIDER = (
    Target(name="franceconnect", what="discovery, keys, tokens, userinfo, callbacks", seeds=_seeds,
           open=_arrivals, refusals=(FranceConnectRefused,),
           words=(*_JSON, *(f"{name}\n".encode() for name in (*_PLACES, "parts")))),
)  # fmt: skip
