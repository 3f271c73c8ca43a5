"""FranceConnect v2: an OpenID provider that says who somebody is (R-40)."""

from collections.abc import Sequence
from typing import Protocol

from educonnect_admin.gateways.chance import Chance
from educonnect_admin.settings import Settings


class FranceConnect(Protocol):
    """What the portal asks of the provider."""

    def origins(self) -> Sequence[str]:
        """Return the origins that a form may lead to on the way there (CSP)."""
        ...


def franceconnect_of(settings: Settings, _chance: Chance) -> FranceConnect | None:
    """Return the provider that the settings name, if any."""
    return None if settings.franceconnect_issuer is None else None
