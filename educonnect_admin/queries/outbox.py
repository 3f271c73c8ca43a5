"""Putting messages in the outbox, in the transaction of what they tell."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from educonnect_admin.domain.messages import (
    Channel,
    Message,
    MessageKind,
    MessageState,
    Postbox,
    owner_of_message,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outgoing:
    """A message to be sent; `values` is what its template is filled with, JSON as it is.

    Attributes:
        to: an e-mail address, or a mobile in E.164.
        guardian_id: the record whose address it is, if it is not the account's own.
        not_after: the moment from which it must no longer leave.
    """

    kind: MessageKind
    to: str
    values: Mapping[str, object]
    channel: Channel = Channel.MAIL
    account_id: int | None = None
    guardian_id: int | None = None
    school_id: int | None = None
    letter_id: int | None = None
    not_after: datetime | None = None

    def __repr__(self) -> str:
        return f"Outgoing(kind={self.kind!s}, account_id={self.account_id})"


def put_in_outbox(session: Session, postbox: Postbox, outgoing: Outgoing, now: datetime) -> Message:
    """Put a message in the outbox; it leaves after the commit, if there is one.

    Args:
        session: The open transaction of what the message tells.
        postbox: What seals it and draws its reference.
        outgoing: The message.
        now: The moment, from which it may leave.

    Rules: R-5, house rule 7.
    """
    if outgoing.channel is Channel.SMS and outgoing.not_after is None:
        raise ValueError("a code by SMS must end, sent or not")
    reference = postbox.draw_reference()
    content = json.dumps({"to": outgoing.to, "values": dict(outgoing.values)})
    message = Message(
        reference=reference,
        kind=outgoing.kind,
        channel=outgoing.channel,
        account_id=outgoing.account_id,
        guardian_id=outgoing.guardian_id,
        school_id=outgoing.school_id,
        letter_id=outgoing.letter_id,
        sealed=postbox.sealer.close(content.encode(), owner_of_message(reference)),
        state=MessageState.WAITING,
        created_at=now,
        due_at=now,
        not_after=outgoing.not_after,
        attempts=0,
        maybe_double=False,
    )
    session.add(message)
    return message


class Closed(Protocol):
    """A message, or a snapshot of one, whose content is sealed."""

    @property
    def reference(self) -> str:
        """Under what it is sealed."""
        ...

    @property
    def sealed(self) -> bytes | None:
        """The content; nothing once the message has ended."""
        ...


def opened(postbox: Postbox, message: Closed) -> tuple[str, dict[str, object]]:
    """Return to whom a waiting message goes, and the values of its template.

    Raises:
        KeyError: its key is not in the key file.
        ValueError: it was tampered with.
    """
    if message.sealed is None:
        raise ValueError("ended")
    content = json.loads(postbox.sealer.open(message.sealed, owner_of_message(message.reference)))
    return content["to"], content["values"]
