"""FranceConnect v2: an OpenID provider that says who somebody is (R-40)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from educonnect_admin.gateways.chance import Chance
from educonnect_admin.settings import Settings

SCOPES = "openid given_name family_name preferred_username"
"""Names alone are compared: neither birth nor sex is asked for (R-66)."""


class Refusal(StrEnum):
    """Why nothing is believed; the log has the code, the portal the words."""

    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad_answer"
    """Not what the protocol says: a status, a type, a size, no JSON."""
    SECRET_FILE = "secret_file"  # noqa: S105 - the name of a trouble
    CA_FILE = "ca_file"
    DISCOVERY_ISSUER = "discovery_issuer"
    DISCOVERY_ADDRESS = "discovery_address"
    """One of the provider's addresses is missing, or at another origin than the issuer's."""
    KEYS = "keys"
    ABANDONED = "abandoned"
    """`access_denied`: the person changed their mind, which is no error."""
    PROVIDER_ERROR = "provider_error"
    CALLBACK_ISSUER = "callback_issuer"
    NO_CODE = "no_code"
    CODE_REFUSED = "code_refused"
    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    NONCE = "nonce"
    ACR = "acr"
    NO_SUBJECT = "no_subject"
    USERINFO_REFUSED = "userinfo_refused"
    USERINFO_UNSIGNED = "userinfo_unsigned"
    OTHER_SUBJECT = "other_subject"


UNAVAILABLE = frozenset(
    {
        Refusal.UNREACHABLE,
        Refusal.BAD_ANSWER,
        Refusal.SECRET_FILE,
        Refusal.CA_FILE,
        Refusal.DISCOVERY_ISSUER,
        Refusal.DISCOVERY_ADDRESS,
        Refusal.KEYS,
    }
)
"""Troubles that one person's answer did not cause: another try may pass."""


class FranceConnectRefused(Exception):
    """Nothing is believed of what the provider, or whoever speaks in its place, has said."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Departure:
    """What sends a browser to the provider, and what must be remembered until it is back.

    Attributes:
        address: where to go.
        state: what the answer must bring back.
        nonce: what the id_token must bear.
        verifier: what the exchange of the code must show (PKCE).
    """

    address: str
    state: str
    nonce: str
    verifier: str

    def __repr__(self) -> str:
        return "Departure()"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identity:
    """Who somebody is, as the provider has it.

    Attributes:
        subject: the same at each visit, and ours alone.
        family_name: the name at birth; empty if it says none.
        given_names: all of them, in order; empty if it says none.
        usage_name: empty for most.
    """

    subject: str
    family_name: str
    given_names: tuple[str, ...]
    usage_name: str

    def __repr__(self) -> str:
        return "Identity()"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Proved:
    """An identity, and the token that ends the visit at the provider."""

    identity: Identity
    id_token: str

    def __repr__(self) -> str:
        return "Proved()"


class FranceConnect(Protocol):
    """What the portal asks of the provider."""

    @property
    def issuer(self) -> str:
        """Who it is: subjects are its own."""
        ...

    def origins(self) -> Sequence[str]:
        """Return the origins that a form may lead to on the way there (CSP)."""
        ...

    def depart(self, callback: str, now: datetime) -> Departure:
        """Return the way to the provider.

        Raises:
            FranceConnectRefused: it can't be had, or is not who it should be.
        """
        ...

    def arrive(
        self,
        query: Mapping[str, str],
        *,
        nonce: str,
        verifier: str,
        callback: str,
        now: datetime,
    ) -> Proved:
        """Return who came back, once everything was checked but the `state`, which is ours.

        Args:
            query: What stands behind the `?` of the callback.
            nonce: Drawn at the departure.
            verifier: Drawn at the departure.
            callback: The address of the departure.
            now: The moment of the request.

        Raises:
            FranceConnectRefused: something is not as it must be.
        """
        ...

    def farewell(self, id_token: str, back: str, now: datetime) -> str | None:
        """Return where the visit at the provider ends; None if that can't be had."""
        ...


def franceconnect_of(settings: Settings, chance: Chance) -> FranceConnect | None:
    """Return the provider that the settings name, if any."""
    if settings.franceconnect_issuer is None:
        return None
    from educonnect_admin.gateways.franceconnect_client import Client, OpenIdProvider
    from educonnect_admin.gateways.franceconnect_site import ProviderSite

    issuer = settings.franceconnect_issuer
    client = Client(
        id=settings.franceconnect_client_id or "",
        secret_file=settings.franceconnect_client_secret_file,
        acr=settings.franceconnect_acr,
    )
    return OpenIdProvider(ProviderSite(issuer, settings.franceconnect_ca_file), client, chance)
