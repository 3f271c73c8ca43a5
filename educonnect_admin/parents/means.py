"""What a journey is given for one request: a database, secrets, the moment, the outbox."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from educonnect_admin.domain.messages import Postbox, Sealer
from educonnect_admin.domain.throttling import Limits
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.digests import Digests
from educonnect_admin.gateways.hashing import PasswordVault
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox

if TYPE_CHECKING:
    from educonnect_admin.gateways.franceconnect import FranceConnect


@dataclass(frozen=True, kw_only=True)
class Means:
    """The means of one request.

    Attributes:
        now: the moment of the request, read once.
        transaction: opens a transaction that commits at the end of its block.
        reading: opens a session that only reads.
        author: the portal, at this moment.
        sealer: closes what a visit remembers.
        portal_url: without a slash at its end.
        franceconnect: nothing where it is not set.
        queued: the messages that this request has put in the outbox, to leave right after it.
    """

    now: datetime
    transaction: Callable[[], AbstractContextManager[Session]]
    reading: Callable[[], AbstractContextManager[Session]]
    author: Author
    vault: PasswordVault
    chance: Chance
    digests: Digests
    sealer: Sealer
    postbox: Postbox
    portal_url: str
    limits: Limits
    franceconnect: "FranceConnect | None" = None
    queued: list[int] = field(default_factory=list)

    def post(self, session: Session, outgoing: Outgoing) -> Happening:
        """Put a message in the outbox; it is tried as soon as the transaction is over.

        Returns:
            What the trail is to be told of it (R-63).
        """
        message = put_in_outbox(session, self.postbox, outgoing, self.now)
        session.flush()  # its number is what the delivery is asked for
        self.queued.append(message.id)
        return Happening(
            TrailKind.MESSAGE_QUEUED,
            school_id=outgoing.school_id,
            account_id=outgoing.account_id,
            guardian_id=outgoing.guardian_id,
            details={"kind": outgoing.kind, "channel": outgoing.channel, "message": message.id},
        )


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from.

    Attributes:
        address: the network address, as limits count them (a /64 in IPv6).
        device: what the device cookie holds, if the browser sent one (R-9).
    """

    address: str = field(repr=False)
    device: str | None = field(default=None, repr=False)
