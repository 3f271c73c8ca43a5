"""Another address for an account: asked for, told to the former one, confirmed (R-53, §6.3)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.parents.addresses import same_email
from educonnect_admin.parents.mail_links import look_at_link, send_link, use_link
from educonnect_admin.parents.means import Means
from educonnect_admin.parents.notices import tell_holder
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.links import cancel_waiting, end_links
from educonnect_admin.queries.reserved_tries import Subject, reserve_try
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import Visitor, visitor_of


class EmailVerdict(StrEnum):
    """What asking for another address came to."""

    SENT = "sent"
    """The link to the new address, the news to the former one, if there was one."""
    SENT_AGAIN = "sent_again"
    """The link only: the former address has been told of this change already."""
    SAME = "same"
    """It is the confirmed address: nothing to do; a pending change is given up."""
    NOTHING_PENDING = "nothing_pending"
    OVER = "over"
    """The visit has just ended: another password was set elsewhere, or the account is over."""
    TOO_OFTEN = "too_often"
    """So many mails in an hour are enough, for us and for whoever would receive them."""


@dataclass(frozen=True, slots=True)
class EmailAsked:
    """The verdict, and until when nothing more is sent."""

    verdict: EmailVerdict
    until: datetime | None = None


def ask_for(means: Means, visitor: Visitor, email: str) -> EmailAsked:
    """Ask for another address; until its link is followed, mails go to the former one.

    Args:
        means: Of the request.
        visitor: Who is in.
        email: The new address, tidied.

    Rules: R-6, R-53.
    """
    with means.transaction() as session:
        account = _held(session, means, visitor)
        if account is None:
            return EmailAsked(EmailVerdict.OVER)
        if _same(email, account.confirmed_email):
            give_up(session, means, account)
            return EmailAsked(EmailVerdict.SAME)
        refused = _too_often(session, means, account)
        if refused is not None:
            return refused
        if _same(email, account.pending_email):
            return _send_again(session, means, account)
        account.pending_email, account.pending_email_at = email, means.now
        sent = [send_link(session, means, account, LinkKind.EMAIL_CHANGE, email)]
        cancel_waiting(session, account.id, MessageKind.EMAIL_CHANGE_TOLD, means.now)
        if account.confirmed_email is not None:
            kind, former = MessageKind.EMAIL_CHANGE_TOLD, account.confirmed_email
            sent.append(tell_holder(session, means, account.id, kind, former, new_email=email))
        given = told(session, TrailKind.EMAIL_GIVEN, account.id)
        append_to_trail(session, means.author, [*given, *sent])
        return EmailAsked(EmailVerdict.SENT)


def send_again(means: Means, visitor: Visitor) -> EmailAsked:
    """Send the link of the pending change once more; the former link is over (§6.3)."""
    with means.transaction() as session:
        account = _held(session, means, visitor)
        if account is None:
            return EmailAsked(EmailVerdict.OVER)
        if account.pending_email is None:
            return EmailAsked(EmailVerdict.NOTHING_PENDING)
        return _too_often(session, means, account) or _send_again(session, means, account)


def confirm(means: Means, token: str) -> bool:
    """Follow the link of a change: the new address is the account's, from now on.

    Links to a new password that were sent to the former address are over with it.

    Returns:
        Whether it was done; False if the link does nothing any more (`look_at_link` says why).

    Rules: R-53, R-63.
    """
    found = look_at_link(means, token)
    if found is None or found.kind is not LinkKind.EMAIL_CHANGE:
        return False
    with means.transaction() as session:
        # Accounts come before links in the order of locks.
        [account] = locked_accounts(session, [found.account_id])
        if account.state is not AccountState.ACTIVE or account.pending_email != found.email:
            return False
        if use_link(session, means, token, LinkKind.EMAIL_CHANGE) is None:
            return False
        account.email, account.email_confirmed_at = found.email, means.now
        account.email_bounced_at = account.pending_email = account.pending_email_at = None
        for kind in (LinkKind.ACTIVATION, LinkKind.PASSWORD_RESET):
            end_links(session, account.id, kind, means.now)
        for message in (MessageKind.EMAIL_TO_CONFIRM, MessageKind.PASSWORD_RESET):
            cancel_waiting(session, account.id, message, means.now)
        confirmed = told(session, TrailKind.EMAIL_CONFIRMED, account.id)
        append_to_trail(session, means.author, confirmed)
        return True


def _held(session: Session, means: Means, visitor: Visitor) -> Account | None:
    """Return the account, held; None if its holder has ended the visit in this very moment.

    Whoever was shut out by a new password must not leave an address behind.
    """
    [account] = locked_accounts(session, [visitor.account_id or 0])
    goes_on = visitor_of(session, [visitor.token_digest], means.now) is not None
    return account if goes_on else None


def _same(one: str, other: str | None) -> bool:
    return other is not None and same_email(one, other)


def mails_of(account_id: int) -> Subject:
    """Return the count of the links to an address that an account has had sent (R-6)."""
    return Subject(kind=TryKind.MAIL, name=f"account:{account_id}")


def _too_often(session: Session, means: Means, account: Account) -> EmailAsked | None:
    reserved = reserve_try(session, mails_of(account.id), means.limits.mail, means.now)
    if reserved.allowed:
        return None
    return EmailAsked(EmailVerdict.TOO_OFTEN, reserved.locked_until)


def _send_again(session: Session, means: Means, account: Account) -> EmailAsked:
    email = account.pending_email or ""
    sent = send_link(session, means, account, LinkKind.EMAIL_CHANGE, email)
    append_to_trail(session, means.author, [sent])
    return EmailAsked(EmailVerdict.SENT_AGAIN)


def give_up(session: Session, means: Means, account: Account) -> None:
    """Give a pending change up; its link is over, its mail does not leave."""
    account.pending_email = account.pending_email_at = None
    end_links(session, account.id, LinkKind.EMAIL_CHANGE, means.now)
    cancel_waiting(session, account.id, MessageKind.EMAIL_CHANGE, means.now)
