"""The names that FranceConnect gives, and how schools may have written them (R-40, R-41)."""

from educonnect_admin.domain.names import name_key
from educonnect_admin.gateways.franceconnect import Identity
from educonnect_admin.parents.claiming import Claimant
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.visits import Visitor, recall

ARRIVAL = "franceconnect"
"""What a visit remembers of whoever came back from there."""


def identity_of(means: Means, visitor: Visitor | None) -> Identity | None:
    """Return who the provider says a visitor is, on the way to their account."""
    kept = recall(means.sealer, visitor).get(ARRIVAL)
    if not isinstance(kept, dict) or not kept.get("digest"):
        return None
    return Identity(
        subject="",
        family_name=str(kept["family_name"]),
        given_names=tuple(map(str, kept["given_names"])),
        usage_name=str(kept["usage_name"]),
    )


def claimant_of(identity: Identity, mobile: str) -> Claimant:
    """Return whom to look for: the birth name or the usage name, the first given names.

    A school has the first one, or more of them in order. A second name alone is not enough:
    it may be a brother's first.
    """
    words = " ".join(identity.given_names).split()
    return Claimant.of(
        given_names=["".join(words[: end + 1]) for end in range(len(words))],
        surnames=[identity.family_name, identity.usage_name],
        mobile=mobile,
    )


def is_named(identity: Identity) -> bool:
    """Tell whether there is a name to look for: birth name and given name, in any script."""
    return bool(claimant_of(identity, "").given_keys) and bool(name_key(identity.family_name))
