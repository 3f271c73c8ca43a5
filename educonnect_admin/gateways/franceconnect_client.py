"""Us, before the provider: the code flow with PKCE, each answer checked (R-40)."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.franceconnect import (
    SCOPES,
    Departure,
    FranceConnectRefused,
    Identity,
    Proved,
    Refusal,
)
from educonnect_admin.gateways.franceconnect_site import ProviderSite
from educonnect_admin.gateways.franceconnect_tokens import check_id_token, claims_of, subject_of

_LONGEST_CODE = 1000
_LONGEST_NAME = 300
_MOST_NAMES = 20
_SIGNED = "application/jwt"


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows us by; the secret is read at each exchange."""

    id: str
    secret_file: Path | None
    acr: str

    def secret(self) -> str:
        """Return the secret.

        Raises:
            FranceConnectRefused: its file can't be read.
        """
        try:
            text = (self.secret_file or Path()).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            text = ""
        if not text:
            raise FranceConnectRefused(Refusal.SECRET_FILE)
        return text


class OpenIdProvider:
    """The real provider, and whatever speaks its protocol."""

    def __init__(self, site: ProviderSite, client: Client, chance: Chance) -> None:
        self._site = site
        self._client = client
        self._chance = chance

    @property
    def issuer(self) -> str:
        """Who it is."""
        return self._site.issuer

    def origins(self) -> Sequence[str]:
        """Return its one origin: discovery refuses addresses anywhere else."""
        return [self._site.origin]

    def depart(self, callback: str, now: datetime) -> Departure:
        """Return the way to the provider, with everything that ties its answer to us."""
        address = self._site.addresses(now).authorization
        state, nonce, verifier = (self._chance.token() for _ in range(3))
        asked = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": callback,
            "scope": SCOPES,
            "acr_values": self._client.acr,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        return Departure(address=_with(address, asked), state=state, nonce=nonce, verifier=verifier)

    def arrive(
        self,
        query: Mapping[str, str],
        *,
        nonce: str,
        verifier: str,
        callback: str,
        now: datetime,
    ) -> Proved:
        """Return who came back, once everything was checked."""
        code = self._code(query, now)
        id_token, access_token = self._exchanged(code, verifier, callback, now)
        claims = claims_of(id_token, self._site, self._client.id, now)
        subject = check_id_token(claims, nonce=nonce, acr=self._client.acr, now=now)
        told = self._userinfo(access_token, now)
        if subject_of(told) != subject:
            raise FranceConnectRefused(Refusal.OTHER_SUBJECT)
        return Proved(identity=_identity(subject, told), id_token=id_token)

    def farewell(self, id_token: str, back: str, now: datetime) -> str | None:
        """Return where the visit at the provider ends, and brings the person back from."""
        try:
            address = self._site.addresses(now).end_session
        except FranceConnectRefused:
            return None
        if address is None:
            return None
        asked = {
            "id_token_hint": id_token,
            "state": self._chance.token(),
            "post_logout_redirect_uri": back,
        }
        return _with(address, asked)

    def _code(self, query: Mapping[str, str], now: datetime) -> str:
        """Return the code of a callback; whose it is counts before what it says (RFC 9207)."""
        told = query.get("iss")
        if told != self.issuer and (told is not None or self._site.addresses(now).tells_issuer):
            raise FranceConnectRefused(Refusal.CALLBACK_ISSUER)
        error = query.get("error")
        if error is not None:
            denied = error == "access_denied"
            raise FranceConnectRefused(Refusal.ABANDONED if denied else Refusal.PROVIDER_ERROR)
        code = query.get("code", "")
        if not 0 < len(code) <= _LONGEST_CODE:
            raise FranceConnectRefused(Refusal.NO_CODE)
        return code

    def _exchanged(self, code: str, verifier: str, callback: str, now: datetime) -> tuple[str, str]:
        """Return the id_token and the access token that a code is worth, once."""
        answer = self._site.fetch(
            "POST",
            self._site.addresses(now).token,
            form={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": callback,
                "client_id": self._client.id,
                "client_secret": self._client.secret(),
                "code_verifier": verifier,
            },
        )
        if answer.status in {400, 401, 403}:
            raise FranceConnectRefused(Refusal.CODE_REFUSED)
        told = answer.json() if answer.status == 200 else {}
        id_token, access_token = told.get("id_token"), told.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise FranceConnectRefused(Refusal.BAD_ANSWER)
        if not access_token.isascii() or not access_token.isprintable():
            raise FranceConnectRefused(Refusal.BAD_ANSWER)
        return id_token, access_token

    def _userinfo(self, access_token: str, now: datetime) -> dict[str, Any]:
        address = self._site.addresses(now).userinfo
        answer = self._site.fetch("GET", address, bearer=access_token)
        if answer.status != 200:
            raise FranceConnectRefused(Refusal.USERINFO_REFUSED)
        if answer.kind.partition(";")[0].strip().lower() != _SIGNED:
            raise FranceConnectRefused(Refusal.USERINFO_UNSIGNED)
        token = answer.body.decode("ascii", "replace").strip()
        return claims_of(token, self._site, self._client.id, now)


def _identity(subject: str, told: Mapping[str, Any]) -> Identity:
    """Return the names of somebody; dates are not asked for, and not read if they come."""
    several = told.get("given_name_array")
    names = several[:_MOST_NAMES] if isinstance(several, list) else [told.get("given_name")]
    given = tuple(name for name in map(_name, names) if name)
    if not given and _name(told.get("given_name")):
        given = (_name(told.get("given_name")),)
    return Identity(
        subject=subject,
        family_name=_name(told.get("family_name")),
        given_names=given,
        usage_name=_name(told.get("preferred_username")),
    )


def _name(told: object) -> str:
    """Return a name on one line; whatever is none is empty."""
    if not isinstance(told, str) or len(told) > _LONGEST_NAME:
        return ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
