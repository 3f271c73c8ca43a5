"""Whom our mails come from."""

from dataclasses import dataclass

NOBODY = "ne-pas-repondre@educonnect.invalid"
"""Whom mails come from that go to a folder, where no address is set."""


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
