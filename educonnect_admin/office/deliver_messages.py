"""Empty the outbox: claim, send, write down what became of it, one message at a time.

A mail leaves at least once: one that may have left is sent again, the same bytes under the
same Message-ID, and marked as possibly double. An SMS leaves at most once. Nothing is sent
within a transaction (house rule 7).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.domain.mail_errors import MailUnavailable, MissingMessageKey
from educonnect_admin.domain.messages import Channel, MessageState
from educonnect_admin.gateways.mail import MailLine
from educonnect_admin.gateways.outcomes import Fate, Outcome
from educonnect_admin.office.mailing.end_message import (
    Ended,
    InHand,
    cancel_message,
    record_outcome,
    release_message,
)
from educonnect_admin.office.mailing.mail_room import LEASE, MAIL_LOCK, MailRoom
from educonnect_admin.office.mailing.prepare_message import (
    BAD_TEMPLATE,
    CANCELLING,
    MISSING_KEY,
    Prepared,
    judged,
    prepared,
)
from educonnect_admin.queries.outbox_claims import (
    Waiting,
    claim_message,
    count_waiting,
    due_messages,
    look_at_message,
)


@dataclass(slots=True)
class Delivered:
    """What a run did.

    Attributes:
        deferred: to be tried again later.
        troubles: what has failed for good, may have left twice, or can't be composed.
        waiting: how many messages have not ended.
        stopped_by: why some could not even be tried, if so.
    """

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    cancelled: int = 0
    maybe_double: int = 0
    waiting: int = 0
    troubles: list[Ended] = field(default_factory=list)
    stopped_by: MailUnavailable | UnwritableFolder | MissingMessageKey | None = None

    def count(self, ended: Ended) -> None:
        """Count how one message ended."""
        match ended.state:
            case MessageState.SENT:
                self.sent += 1
            case MessageState.FAILED:
                self.failed += 1
            case MessageState.CANCELLED:
                self.cancelled += 1
            case _:
                self.deferred += 1
        double = ended.maybe_double and ended.state in {MessageState.SENT, MessageState.FAILED}
        self.maybe_double += double
        if double or ended.state is MessageState.FAILED or ended.error == BAD_TEMPLATE:
            self.troubles.append(ended)


def deliver_outbox(
    room: MailRoom, *, limit: int | None = None, done: Callable[[int], None] | None = None
) -> Delivered | None:
    """Deliver all that is due; nothing if another run is at it."""
    with room.lock(MAIL_LOCK) as held:
        return deliver_messages(room, limit=limit, done=done) if held else None


def deliver_messages(
    room: MailRoom,
    *,
    only_ids: Collection[int] | None = None,
    limit: int | None = None,
    done: Callable[[int], None] | None = None,
) -> Delivered:
    """Deliver what is due.

    Args:
        room: The means.
        only_ids: Only these, right after the commit that made them; what another worker
            has in hand stays in its hands.
        limit: At most so many.
        done: Told after each message.

    Rules: R-5, R-13, R-14.
    """
    delivered = Delivered()
    with room.mails.connect() as line:
        closed: set[Channel] = set()
        for message_id, channel in _due(room, only_ids, limit):
            if channel in closed:
                continue
            try:
                ended = _deliver(room, line, message_id, channel)
            except (MailUnavailable, UnwritableFolder) as trouble:
                # Nothing leaves this way now: what is left waits, its attempts not used up.
                delivered.stopped_by = trouble
                closed.add(channel)
                continue
            except MissingMessageKey as trouble:
                # It waits for its key to be put back; those sealed with another one leave.
                delivered.stopped_by = delivered.stopped_by or trouble
                continue
            if ended is not None:
                delivered.count(ended)
            if done is not None:
                done(1)
    with room.reading() as session:
        delivered.waiting = count_waiting(session)
    return delivered


def messages_due(room: MailRoom, limit: int | None = None) -> int:
    """Return how many messages a run would look at."""
    return len(_due(room, None, limit))


@dataclass(slots=True)
class Foreseen:
    """What a run would do; `troubles` are codes of why a message could not be sent."""

    to_send: int = 0
    cancelled: int = 0
    waiting: int = 0
    troubles: list[tuple[int, str]] = field(default_factory=list)


def foresee_delivery(room: MailRoom, limit: int | None = None) -> Foreseen:
    """Judge and compose all that is due, without claiming or sending anything."""
    now = room.tell_time()
    foreseen = Foreseen()
    due = _due(room, None, limit)
    with room.reading() as session:
        seen = [look_at_message(session, message_id, now, now - LEASE) for message_id, _ in due]
        foreseen.waiting = count_waiting(session)
    for one in seen:
        if one is None:
            continue
        ready = _foreseen(room, one, now)
        if isinstance(ready, Prepared):
            foreseen.to_send += 1
        elif ready.code in CANCELLING:
            foreseen.cancelled += 1
        else:
            foreseen.troubles.append((one.id, ready.code or ""))
    return foreseen


def _foreseen(room: MailRoom, seen: Waiting, now: datetime) -> Prepared | Outcome:
    try:
        return judged(seen, now) or prepared(room, seen)
    except MissingMessageKey:
        return Outcome(Fate.DEFERRED, MISSING_KEY)


def _due(
    room: MailRoom, only_ids: Collection[int] | None, limit: int | None
) -> list[tuple[int, Channel]]:
    now = room.tell_time()
    with room.reading() as session:
        return due_messages(
            session, now, now - LEASE, channels=room.channels, only_ids=only_ids, limit=limit
        )


def _deliver(room: MailRoom, line: MailLine, message_id: int, channel: Channel) -> Ended | None:
    if channel is Channel.MAIL:
        # First, so that a server that is away costs no message an attempt.
        line.open()
    in_hand = _claimed(room, message_id)
    if in_hand is None:
        return None
    try:
        in_hand, outcome = _attempted(room, line, in_hand)
    except (MailUnavailable, UnwritableFolder, MissingMessageKey):
        with room.transaction() as session:
            release_message(session, in_hand)
        raise
    now = room.tell_time()
    with room.transaction() as session:
        if outcome.code in CANCELLING:
            return cancel_message(session, room.author(now), in_hand, str(outcome.code))
        return record_outcome(session, room.author(now), in_hand, outcome)


def _claimed(room: MailRoom, message_id: int) -> InHand | None:
    now = room.tell_time()
    token = room.draw_claim()
    with room.transaction() as session:
        seen = look_at_message(session, message_id, now, now - LEASE)
        if seen is None or not claim_message(session, seen, token, now):
            return None
    return InHand(seen=seen, token=token)


def _attempted(room: MailRoom, line: MailLine, in_hand: InHand) -> tuple[InHand, Outcome]:
    ready = judged(in_hand.seen, room.tell_time()) or prepared(room, in_hand.seen)
    if isinstance(ready, Outcome):
        return in_hand, ready
    return replace(in_hand, to=ready.to), _sent(room, line, in_hand, ready)


def _sent(room: MailRoom, line: MailLine, in_hand: InHand, ready: Prepared) -> Outcome:
    if isinstance(ready.content, str):
        assert room.sms is not None  # noqa: S101 - without a gateway, no SMS is due
        return room.sms.send(ready.to, ready.content, in_hand.seen.reference)
    # As the headers have them: a domain with accents in its ASCII form.
    sender, to = (ready.content[name].addresses[0].addr_spec for name in ("From", "To"))
    return line.send(ready.content, sender, to)
