"""What the provider, or whoever speaks in its place, does wrong on demand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dev.franceconnect.signing import Signing

Changes = Mapping[str, object]
"""Claims put in the place of the right ones; None takes one away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misdeeds:
    """One lie, or several; without any the provider is honest.

    Attributes:
        published: changes of the discovery document.
        callback: changes of the parameters that come back to the client.
        id_token, userinfo: changes of the claims of either.
        signing: how both are signed; `public_as_secret` is HS256 under the public key, `other`
            another key under the right name, `unknown` a key that is never published.
        signing_of_userinfo: how the userinfo is signed, if otherwise.
        unsigned_userinfo: plain JSON instead of a signed token.
        sends_everything: every claim that is known, whatever was asked for.
        down: answers nothing but errors.
    """

    published: Changes = field(default_factory=dict)
    callback: Changes = field(default_factory=dict)
    id_token: Changes = field(default_factory=dict)
    userinfo: Changes = field(default_factory=dict)
    signing: Signing = "right"
    signing_of_userinfo: Signing | None = None
    unsigned_userinfo: bool = False
    sends_everything: bool = False
    down: bool = False


HONEST = Misdeeds()


def changed(right: Mapping[str, object], changes: Changes) -> dict[str, object]:
    """Return what is said instead of what is right."""
    return {name: value for name, value in {**right, **changes}.items() if value is not None}
