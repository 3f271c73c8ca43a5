"""An address that nobody has confirmed yet: check it, correct it, have the mail again (§6.2)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.parents import change_email
from educonnect_admin.parents.addresses import same_email
from educonnect_admin.parents.change_email import EmailVerdict, mails_of
from educonnect_admin.parents.mail_links import send_link
from educonnect_admin.parents.means import Means
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.reserved_tries import reserve_try
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEmail:
    """What is to be confirmed.

    Attributes:
        email: the address; None if there is none yet.
        is_blocking: whether nothing is open before (R-23).
        is_confirmed: whether there is nothing to do any more.
    """

    email: str | None = field(repr=False)
    is_blocking: bool
    is_confirmed: bool


class SendVerdict(StrEnum):
    """Whether the mail is on its way."""

    SENT = "sent"
    TOO_OFTEN = "too_often"
    DONE = "done"
    """The address was confirmed in between: there is nothing to send."""
    OVER = "over"
    """A new letter has voided what was typed (R-13), or the account is over."""


@dataclass(frozen=True, slots=True)
class LinkSent:
    """The verdict, and from when on another mail may be asked for."""

    verdict: SendVerdict
    until: datetime | None = None


def pending_email_of(means: Means, visitor: Visitor) -> PendingEmail:
    """Return the address that the holder of a visit has still to confirm."""
    with means.reading() as session:
        account = session.get_one(Account, visitor.account_id)
        return PendingEmail(
            email=account.pending_email or account.email,
            is_blocking=account.state is AccountState.EMAIL_PENDING,
            is_confirmed=account.confirmed_email is not None,
        )


def send_to(means: Means, visitor: Visitor, email: str) -> LinkSent:
    """Send the link to an address: the one that was given, or a corrected one.

    An account that is active already changes its address as it always may (R-53). An
    address may be another account's too: couples share one.

    Args:
        means: Of the request.
        visitor: Who is in, or would be with a confirmed address.
        email: Tidied.

    Rules: R-6, R-22, R-23.
    """
    with means.transaction() as session:
        [account] = locked_accounts(session, [visitor.account_id or 0])
        if account.state is AccountState.EMAIL_PENDING:
            return _send(session, means, account, email)
        if account.state is not AccountState.ACTIVE:
            return LinkSent(SendVerdict.OVER)
        if account.confirmed_email is not None:
            return LinkSent(SendVerdict.DONE)
    asked = change_email.ask_for(means, visitor, email)
    return LinkSent(_AS_A_CHANGE.get(asked.verdict, SendVerdict.SENT), asked.until)


_AS_A_CHANGE = {
    EmailVerdict.TOO_OFTEN: SendVerdict.TOO_OFTEN,
    EmailVerdict.SAME: SendVerdict.DONE,
    EmailVerdict.OVER: SendVerdict.OVER,
}


def _send(session: Session, means: Means, account: Account, email: str) -> LinkSent:
    reserved = reserve_try(session, mails_of(account.id), means.limits.mail, means.now)
    if not reserved.allowed:
        return LinkSent(SendVerdict.TOO_OFTEN, reserved.locked_until)
    happenings = []
    if account.email is None or not same_email(account.email, email):
        account.email, account.email_bounced_at = email, None
        happenings = told(session, TrailKind.EMAIL_GIVEN, account.id)
    sent = send_link(session, means, account, LinkKind.ACTIVATION, account.email)
    append_to_trail(session, means.author, [*happenings, sent])
    return LinkSent(SendVerdict.SENT)
