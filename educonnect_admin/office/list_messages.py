"""List what is in the outbox, for the desk."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from educonnect_admin.domain.messages import MessageState, Postbox
from educonnect_admin.queries.outbox import opened
from educonnect_admin.queries.outbox_list import ListedMessage, messages_to_show

RECENT = timedelta(days=30)
"""How far back failures and doubles are listed."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """What is listed; `addresses` only if asked, and only of what has not ended (R-5)."""

    messages: Sequence[ListedMessage]
    addresses: dict[int, str] = field(default_factory=dict, repr=False)

    @property
    def waiting(self) -> int:
        """How many have not ended."""
        return sum(one.ended_at is None for one in self.messages)

    @property
    def failed(self) -> int:
        """How many have failed."""
        return sum(one.state is MessageState.FAILED for one in self.messages)

    @property
    def maybe_double(self) -> int:
        """How many may have left more than once, or once although they failed."""
        return sum(one.maybe_double and one.ended_at is not None for one in self.messages)


def list_messages(
    reading: Callable[[], AbstractContextManager[Session]],
    postbox: Postbox,
    now: datetime,
    *,
    failed_only: bool = False,
    with_addresses: bool = False,
) -> Outbox:
    """Return what waits, and what failed or may be double since thirty days."""
    with reading() as session:
        messages = messages_to_show(
            session, now - RECENT, failed_only=failed_only, with_sealed=with_addresses
        )
    addresses = {one.id: _address(postbox, one) for one in messages if with_addresses}
    return Outbox(messages, {key: found for key, found in addresses.items() if found})


def _address(postbox: Postbox, message: ListedMessage) -> str | None:
    try:
        return opened(postbox, message)[0]
    except (KeyError, ValueError, TypeError):
        return None
