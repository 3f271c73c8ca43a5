"""What emptying the outbox needs, gathered by the edge."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from educonnect_admin.domain.messages import Channel, Postbox
from educonnect_admin.domain.trail import Author
from educonnect_admin.gateways.mail import MailGateway
from educonnect_admin.gateways.outcomes import SmsGateway
from educonnect_admin.messages.press import MessagePress
from educonnect_admin.messages.sender import Sender

MAIL_LOCK = "mail"
"""The lock that a run over the whole outbox holds."""

LEASE = timedelta(minutes=30)
"""Whoever has had a message in hand for longer is dead.

A server may take five minutes for its last answer and thirty seconds for each before, on up to
three connections: a worker that is only slow is done long before.
"""

DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""How long a message waits after each attempt that failed; after the last, it has failed."""

UNTIL_MENDED = timedelta(minutes=5)
"""How long a message waits for its template to be mended, as often as it takes."""


@dataclass(frozen=True, kw_only=True)
class MailRoom:
    """The means of emptying the outbox.

    Attributes:
        transaction: opens a transaction that commits at the end of its block.
        reading: opens a session that only reads.
        lock: holds a named lock that dies with the process, or gives False.
        tell_time: the present moment. A run may last longer than a lease: here one moment
            for all would let others take for dead what has just been claimed.
        author: who acts, at a moment.
        draw_claim: draws what a claim is known by.
        key_file: where the keys of what is sealed should be.
        folder: where mails are only put, if no server is set: nobody gets them.
        sms: nothing where no gateway is set: SMS then wait.
    """

    transaction: Callable[[], AbstractContextManager[Session]]
    reading: Callable[[], AbstractContextManager[Session]]
    lock: Callable[[str], AbstractContextManager[bool]]
    tell_time: Callable[[], datetime]
    author: Callable[[datetime], Author]
    draw_claim: Callable[[], str]
    postbox: Postbox
    key_file: Path
    press: MessagePress
    sender: Sender
    mails: MailGateway
    folder: Path | None
    sms: SmsGateway | None

    @property
    def channels(self) -> frozenset[Channel]:
        """What can leave."""
        return frozenset(Channel) if self.sms else frozenset({Channel.MAIL})
