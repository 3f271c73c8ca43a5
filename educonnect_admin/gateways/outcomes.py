"""What became of a message that was handed to the outside world: codes, never free text.

The words of a mail server may quote an address; only its numbers are kept.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?!\S)")


BAD_REPLY = "bad_reply"


class Fate(StrEnum):
    """Where a message is after an attempt."""

    SENT = "sent"
    DEFERRED = "deferred"
    """It certainly did not leave; it may be accepted later."""
    REFUSED = "refused"
    """It certainly did not leave and never will."""
    UNKNOWN = "unknown"
    """It may have left: the connection was lost before the answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of a message; `code` says why, as `smtp.550.5.1.1` or `connection_lost`."""

    fate: Fate
    code: str | None = None


SENT = Outcome(Fate.SENT)


class SmsGateway(Protocol):
    """What SMS leave by; the real ones belong to whoever sells them."""

    def send(self, to: str, text: str, reference: str) -> Outcome:
        """Hand over one SMS; `reference` is the same if it is ever handed over again.

        Raises:
            SmsUnavailable, UnwritableFolder: nothing can leave now; this one did not.
        """
        ...


def reply_code(number: int, said: bytes) -> str:
    """Return the code of a reply: `smtp.550.5.1.1`, or `smtp.550` if it has no finer one."""
    enhanced = _ENHANCED.match(said.decode("ascii", "replace"))
    return f"smtp.{number}.{enhanced[1]}" if enhanced else f"smtp.{number}"


def reply_outcome(number: int, said: bytes) -> Outcome:
    """Return what the reply of a server means for the message."""
    if 200 <= number < 300:
        return SENT
    if not 400 <= number < 600:  # smtplib gives -1 for what is no reply
        return Outcome(Fate.DEFERRED, BAD_REPLY)
    fate = Fate.REFUSED if 500 <= number < 600 else Fate.DEFERRED
    return Outcome(fate, reply_code(number, said))


def refuses_the_address(code: str | None) -> bool:
    """Tell whether a code says that the recipient's address itself is no good.

    5.1.7 and 5.1.8 speak of the sender's.
    """
    found = re.fullmatch(r"smtp\.5\d\d\.5\.1\.(\d+)", code or "")
    return found is not None and found[1] not in {"7", "8"}
