"""Whom our mails come from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of every mail, as the settings have it.

    Attributes:
        address: what mails come from, and where refusals would come back to.
        name: what parents see (R-22).
        reply_to: whom an answer goes to, if not to the sender.
    """

    address: str
    name: str = "Administrateur des services en ligne"
    reply_to: str | None = None
