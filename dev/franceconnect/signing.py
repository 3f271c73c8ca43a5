"""The keys of the provider, and what is signed with them, rightly or not."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Literal

from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

Signing = Literal["right", "none", "public_as_secret", "other", "unknown", "rsa"]


class Keys:
    """Keys that can be renewed; the former ones are no longer published."""

    def __init__(self) -> None:
        self.generation = 0
        self.renew()

    def renew(self) -> None:
        """Sign with new keys from now on."""
        self.generation += 1
        kid = f"es-{self.generation}"
        self.current = ECKey.generate_key("P-256", {"kid": kid, "use": "sig"}, private=True)
        self.rsa = RSAKey.generate_key(2048, {"kid": f"rs-{self.generation}"}, private=True)

    def published(self) -> dict[str, Any]:
        """Return the public halves."""
        return {"keys": [self.current.as_dict(private=False), self.rsa.as_dict(private=False)]}

    def sign(self, claims: Mapping[str, Any], how: Signing = "right") -> str:
        """Return a token."""
        kid = self.current.kid or ""
        if how == "none":
            return f"{_part({'alg': 'none', 'kid': kid})}.{_part(claims)}."
        if how == "public_as_secret":
            signed = f"{_part({'alg': 'HS256', 'kid': kid})}.{_part(claims)}"
            secret = self.current.as_pem(private=False)
            return f"{signed}.{_spelt(hmac.digest(secret, signed.encode(), hashlib.sha256))}"
        if how == "rsa":
            header = {"alg": "RS256", "kid": self.rsa.kid}
            return jwt.encode(header, dict(claims), self.rsa, algorithms=["RS256"])
        key = self.current
        if how in {"other", "unknown"}:
            key = ECKey.generate_key("P-256", private=True)
            kid = kid if how == "other" else "es-never-published"
        header = {"typ": "JWT", "alg": "ES256", "kid": kid}
        return jws.serialize_compact(header, _json(claims), key, algorithms=["ES256"])

    def is_ours(self, token: str) -> bool:
        """Tell whether we have signed a token, however old."""
        try:
            jwt.decode(token, self.current, algorithms=["ES256"])
        except ValueError:
            return False
        return True


def challenge_of(verifier: str) -> str:
    """Return what a verifier was announced by (PKCE, S256)."""
    return _spelt(hashlib.sha256(verifier.encode()).digest())


def _part(content: Mapping[str, Any]) -> str:
    return _spelt(_json(content))


def _json(content: Mapping[str, Any]) -> bytes:
    # In ASCII, so that halves of signs go through: what the portal makes of them is its matter.
    return json.dumps(dict(content)).encode()


def _spelt(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
