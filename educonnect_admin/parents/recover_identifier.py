"""A forgotten identifier: an address, and a mail with what is attached to it (R-54)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.letters.naming import addressed
from educonnect_admin.parents.guesses import guess_from
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.notices import tell_holder
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.confirmed_emails import accounts_confirmed_at
from educonnect_admin.queries.holders import holder_of
from educonnect_admin.queries.reserved_tries import Subject, give_back, reserve_try
from educonnect_admin.queries.trail import append_to_trail

_MAILED = "identifiers-mailed"


class IdentifierVerdict(StrEnum):
    """What became of the question."""

    SENT = "sent"
    """A mail is on its way; or several just left, and one more would tell nothing new."""
    UNKNOWN = "unknown"
    TOO_OFTEN = "too_often"
    """Too many wrong addresses from one place: nothing is looked at."""


@dataclass(frozen=True, slots=True)
class IdentifierAsked:
    """The verdict, and until when nothing is looked at."""

    verdict: IdentifierVerdict
    until: datetime | None = None


def ask_identifiers(means: Means, client: Client, email: str) -> IdentifierAsked:
    """Write to an address which identifiers are attached to it.

    The guide has the page say whether the address is known: wrong ones are counted by where
    they come from, mails by where they go.

    Args:
        means: Of the request.
        client: Where it comes from.
        email: The address, tidied.

    Rules: R-6, R-54.
    """
    with means.transaction() as session:
        guess = guess_from(means, client)
        reserved = reserve_try(session, guess, means.limits.guess, means.now)
        if not reserved.allowed:
            return IdentifierAsked(IdentifierVerdict.TOO_OFTEN, reserved.locked_until)
        accounts = accounts_confirmed_at(session, email)
        if not accounts:
            return IdentifierAsked(IdentifierVerdict.UNKNOWN)
        give_back(session, guess)
        mailed = Subject(kind=TryKind.MAIL, name=means.digests.lasting(_MAILED, email.lower()))
        if reserve_try(session, mailed, means.limits.mail, means.now).allowed:
            _send(session, means, accounts)
        return IdentifierAsked(IdentifierVerdict.SENT)


def _send(session: Session, means: Means, accounts: Sequence[Account]) -> None:
    sent = tell_holder(
        session,
        means,
        accounts[0].id,
        MessageKind.IDENTIFIERS,
        accounts[0].email or "",
        holder=_addressee(session, accounts),
        identifiers=[account.identifier for account in accounts],
    )
    asked = [
        one for account in accounts for one in told(session, TrailKind.IDENTIFIER_ASKED, account.id)
    ]
    append_to_trail(session, means.author, [*asked, sent])


def _addressee(session: Session, accounts: Sequence[Account]) -> str:
    """Return who the mail is for, nobody by name if several people share the address."""
    holders = {holder_of(session, account.id) for account in accounts}
    names = {addressed(*holder) for holder in holders if holder}
    return names.pop() if len(names) == 1 else ""
