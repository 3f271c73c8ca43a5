"""A request as journeys see it: who, what was typed, when; nothing of HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from educonnect_admin.edge import Services
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.queries.visits import Visitor, recall


class Door(Enum):
    """To whom a page is open."""

    ANYBODY = auto()
    TRAVELLER = auto()
    """Whoever has begun a journey: a visit, of nobody yet or of somebody."""
    LETTER = auto()
    """Whoever came in by a letter's password: the activation (R-20)."""
    PENDING = auto()
    """Whoever still has to confirm an address (R-23)."""
    HOLDER = auto()
    """Whoever is in, to whom everything is open."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Visit:
    """One request.

    Attributes:
        services: the office behind the portal.
        means: of this request.
        client: where it comes from.
        visitor: who is behind it; None for a browser without a visit, or whose visit is over.
        form: what was typed, one text a field; empty for a GET.
        path: the parts of the address that vary, by name.
        query: what stands behind the `?`.
    """

    services: Services
    means: Means
    client: Client
    visitor: Visitor | None
    form: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        return self.means.now

    @property
    def holder(self) -> Visitor:
        """Who is in; only for pages that are not open to anybody."""
        assert self.visitor is not None, "the door of this page lets nobody in unseen"  # noqa: S101
        return self.visitor

    @property
    def memory(self) -> dict[str, object]:
        """What the visit remembers from page to page."""
        return recall(self.means.sealer, self.visitor)

    def typed(self, name: str) -> str:
        """Return what was typed in a field, without the spaces around it."""
        return self.form.get(name, "").strip()

    def secret(self, name: str) -> str:
        """Return what was typed in a password field, as it is."""
        return self.form.get(name, "")

    def __repr__(self) -> str:
        return "Visit()"
