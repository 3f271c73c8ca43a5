"""What is to be done with a message before it is sent: judged, opened, composed."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from educonnect_admin.domain.mail_errors import BadMailTemplate, MissingMessageKey
from educonnect_admin.domain.messages import Channel
from educonnect_admin.gateways.outcomes import Fate, Outcome
from educonnect_admin.messages.press import BadAddress
from educonnect_admin.office.mailing.mail_room import DELAYS, MailRoom
from educonnect_admin.queries.outbox import opened
from educonnect_admin.queries.outbox_claims import Waiting

TOO_LATE = "too_late"
TOO_OFTEN = "too_often"
WORKER_DIED = "worker_died"
LETTER_OVER = "letter_over"
ACCOUNT_OVER = "account_over"
CANCELLING = frozenset({LETTER_OVER, ACCOUNT_OVER})
"""What a message tells is no longer true: it is cancelled, it has not failed."""
UNREADABLE = "unreadable"
MISSING_KEY = "missing_key"
BAD_TEMPLATE = "template"
BAD_ADDRESS = "bad_address"


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """A message ready to leave: to whom, and what."""

    to: str
    content: EmailMessage | str

    def __repr__(self) -> str:
        return f"Prepared({type(self.content).__name__})"


def judged(seen: Waiting, now: datetime) -> Outcome | None:
    """Return what is to be said of a message without trying; nothing if it is to be tried."""
    if seen.account_over:
        return Outcome(Fate.REFUSED, ACCOUNT_OVER)
    if seen.taken_over and seen.channel is Channel.SMS:
        return Outcome(Fate.UNKNOWN, WORKER_DIED)
    if seen.not_after is not None and now >= seen.not_after:
        return Outcome(Fate.REFUSED, TOO_LATE)
    if seen.letter_over:
        return Outcome(Fate.REFUSED, LETTER_OVER)
    if seen.attempts > len(DELAYS):
        # Every worker that takes it in hand dies of it.
        return Outcome(Fate.REFUSED, TOO_OFTEN)
    return None


def prepared(room: MailRoom, seen: Waiting) -> Prepared | Outcome:
    """Open and compose a message; one that can't be did not leave, and stops no other.

    A template is mended, then the message leaves: it is tried again. What was tampered with
    can never be opened.

    Raises:
        MissingMessageKey: its key is not in the key file; it may be put back.
    """
    try:
        to, values = opened(room.postbox, seen)
    except KeyError:
        raise MissingMessageKey(room.key_file) from None
    except (ValueError, TypeError):
        return Outcome(Fate.REFUSED, UNREADABLE)
    try:
        return Prepared(to, _composed(room, seen, to, values))
    except BadMailTemplate:
        return Outcome(Fate.DEFERRED, BAD_TEMPLATE)
    except BadAddress:
        return Outcome(Fate.REFUSED, BAD_ADDRESS)


def _composed(
    room: MailRoom, seen: Waiting, to: str, values: dict[str, object]
) -> EmailMessage | str:
    if seen.channel is Channel.SMS:
        return room.press.sms(seen.kind, values)
    return room.press.mail(
        seen.kind,
        to,
        values,
        reference=seen.reference,
        created_at=seen.created_at,
        sender=room.sender,
    )
