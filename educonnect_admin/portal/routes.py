"""What a journey offers to the outside: addresses, doors, and the functions behind them."""

from collections.abc import Callable
from dataclasses import dataclass

from educonnect_admin.portal.answers import Answer
from educonnect_admin.portal.visit import Door, Visit

Handler = Callable[[Visit], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRoute:
    """One address of the portal.

    Attributes:
        path: with the parts that vary in braces: `/confirmation/{token}`.
        door: to whom it is open; others are sent where they belong.
        show: answers a GET; None where there is nothing to see.
        take: answers a POST; None where nothing can be sent.
    """

    path: str
    door: Door = Door.ANYBODY
    show: Handler | None = None
    take: Handler | None = None
