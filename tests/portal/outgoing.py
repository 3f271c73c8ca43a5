"""What the portal has put in the outbox for somebody, opened as the delivery would."""

import json
from typing import Any

from sqlalchemy import select

from educonnect_admin.domain.messages import Message, MessageKind, MessageState, owner_of_message
from educonnect_admin.edge import Services


def queued(services: Services, *kinds: MessageKind) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (kind, address, values) of the messages that have not been cancelled, in order."""
    with services.reading() as session:
        messages = session.execute(
            select(Message.kind, Message.reference, Message.sealed)
            .where(Message.state != MessageState.CANCELLED, Message.sealed.is_not(None))
            .order_by(Message.id)
        ).all()
    found = []
    for kind, reference, sealed in messages:
        told = json.loads(services.postbox.sealer.open(sealed or b"", owner_of_message(reference)))
        if not kinds or kind in kinds:
            found.append((str(kind), str(told["to"]), dict(told["values"])))
    return found
