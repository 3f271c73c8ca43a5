"""A forgotten password: an identifier, a mail with a link, another password (R-55)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.desk_errors import UnknownAccount
from educonnect_admin.domain.identifiers import as_given
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.parents.guesses import guess_from
from educonnect_admin.parents.mail_links import send_link
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.accounts import account_by_identifier
from educonnect_admin.queries.reserved_tries import Subject, give_back, reserve_try
from educonnect_admin.queries.trail import append_to_trail


class ResetVerdict(StrEnum):
    """What became of the question: three different answers, as in the guide (§5.2)."""

    SENT = "sent"
    """A link is on its way; or several just left, of which the last one works."""
    PARTLY = "partly"
    """There is such an account, and no address of it to write to."""
    UNKNOWN = "unknown"
    TOO_OFTEN = "too_often"
    """Too many wrong identifiers from one place: nothing is looked at."""


@dataclass(frozen=True, slots=True)
class ResetAsked:
    """The verdict, and until when nothing is looked at."""

    verdict: ResetVerdict
    until: datetime | None = None


def ask_for_reset(means: Means, client: Client, identifier: str) -> ResetAsked:
    """Send a link to another password to the confirmed address of an account.

    Args:
        means: Of the request.
        client: Where it comes from.
        identifier: As typed.

    Rules: R-6, R-55.
    """
    with means.transaction() as session:
        # Accounts come before counts in the order of locks.
        account = _held(session, identifier)
        guess = guess_from(means, client)
        reserved = reserve_try(session, guess, means.limits.guess, means.now)
        if not reserved.allowed:
            return ResetAsked(ResetVerdict.TOO_OFTEN, reserved.locked_until)
        if account is None or account.is_ended:
            return ResetAsked(ResetVerdict.UNKNOWN)
        email = reset_address(account)
        if email is None:
            return ResetAsked(ResetVerdict.PARTLY)
        give_back(session, guess)
        mailed = mails_of_resets(account.id)
        # Beyond the limit nothing is replaced: the link of the last mail still works.
        if reserve_try(session, mailed, means.limits.mail, means.now).allowed:
            _send(session, means, account, email)
        return ResetAsked(ResetVerdict.SENT)


def reset_address(account: Account) -> str | None:
    """Return where a link to another password may go, if anywhere.

    An address that its mail server does not know would bring it nowhere.
    """
    if account.state is not AccountState.ACTIVE or account.email_bounced_at is not None:
        return None
    return account.confirmed_email


def mails_of_resets(account_id: int) -> Subject:
    """Return what counts these mails; apart from others, which a stranger must not hold up."""
    return Subject(kind=TryKind.MAIL, name=f"account:{account_id}/reset")


def _held(session: Session, identifier: str) -> Account | None:
    try:
        return account_by_identifier(session, as_given(identifier), lock=True)
    except UnknownAccount:
        return None


def _send(session: Session, means: Means, account: Account, email: str) -> None:
    sent = send_link(session, means, account, LinkKind.PASSWORD_RESET, email)
    number = {"request": sent.details["request"]}
    asked = told(session, TrailKind.RESET_ASKED, account.id, number)
    append_to_trail(session, means.author, [*asked, sent])
