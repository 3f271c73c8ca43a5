"""Following the link that proves an address (R-22, R-53)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.parents import change_email
from educonnect_admin.parents.addresses import same_email
from educonnect_admin.parents.mail_links import FoundLink, LinkVerdict, look_at_link, use_link
from educonnect_admin.parents.means import Means
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.trail import append_to_trail


class Standing(StrEnum):
    """What following a link does, or why nothing."""

    READY = "ready"
    CONFIRMED = "confirmed"
    """Just now, by this link."""
    ALREADY = "already"
    """Its address is the account's: clicked twice, or a newer link was followed."""
    EXPIRED = "expired"
    REPLACED = "replaced"
    """A newer link was sent, or another address given since."""
    RESTARTED = "restarted"
    """A new letter has voided what was typed and never confirmed (R-13)."""
    REGROUPED = "regrouped"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailLink:
    """A link as the page needs it: its address stays out of it, whoever follows it has the mail.

    Attributes:
        is_change: it brings another address to an active account (R-53).
        account_id: whose it is; None if it is nobody's.
    """

    standing: Standing
    is_change: bool = False
    account_id: int | None = None


_KINDS = frozenset({LinkKind.ACTIVATION, LinkKind.EMAIL_CHANGE})
_NOBODYS = EmailLink(standing=Standing.UNKNOWN)
_BY_STATE: Mapping[AccountState, Standing] = {
    AccountState.REGROUPED: Standing.REGROUPED,
    AccountState.CLOSED: Standing.CLOSED,
    AccountState.NOT_NOTIFIED: Standing.RESTARTED,
    AccountState.NOTIFIED: Standing.RESTARTED,
}


def look_at_email_link(means: Means, token: str) -> EmailLink:
    """Return what following a link would do, changing nothing: mail scanners look too."""
    found = _found(means, token)
    if found is None:
        return _NOBODYS
    with means.reading() as session:
        account = session.get_one(Account, found.account_id)
        return EmailLink(
            standing=_standing(account, found),
            is_change=found.kind is LinkKind.EMAIL_CHANGE,
            account_id=account.id,
        )


def confirm_email(means: Means, token: str) -> EmailLink:
    """Follow a link: its address is proved, an account that waited for it becomes active.

    Returns:
        The link, `CONFIRMED` for whoever was first; else why it did nothing.

    Rules: R-22, R-53, R-63.
    """
    found = _found(means, token)
    if found is None:
        return _NOBODYS
    by_change = found.kind is LinkKind.EMAIL_CHANGE
    done = change_email.confirm(means, token) if by_change else _confirm(means, found, token)
    link = look_at_email_link(means, token)
    return replace(link, standing=Standing.CONFIRMED) if done else link


def _found(means: Means, token: str) -> FoundLink | None:
    found = look_at_link(means, token)
    return found if found is not None and found.kind in _KINDS else None


def _standing(account: Account, found: FoundLink) -> Standing:
    if account.state in _BY_STATE:
        return _BY_STATE[account.state]
    if account.confirmed_email is not None and same_email(account.confirmed_email, found.email):
        return Standing.ALREADY
    if found.verdict is LinkVerdict.EXPIRED:
        return Standing.EXPIRED
    if found.verdict is LinkVerdict.LIVE and _is_awaited(account, found):
        return Standing.READY
    return Standing.REPLACED


def _is_awaited(account: Account, found: FoundLink) -> bool:
    """Tell whether the account still waits for the proof of this address, by such a link."""
    if found.kind is LinkKind.EMAIL_CHANGE:
        return account.state is AccountState.ACTIVE and account.pending_email == found.email
    if account.email != found.email or account.email_confirmed_at is not None:
        return False
    if account.state is AccountState.ACTIVE:
        # Activated by SMS while the mail was on its way; another address may have been given.
        return account.pending_email in {None, found.email}
    return account.state is AccountState.EMAIL_PENDING


def _confirm(means: Means, found: FoundLink, token: str) -> bool:
    with means.transaction() as session:
        # Accounts come before links in the order of locks.
        [account] = locked_accounts(session, [found.account_id])
        if not _is_awaited(account, found):
            return False
        if use_link(session, means, token, LinkKind.ACTIVATION) is None:
            return False
        _keep(session, means, account)
        confirmed = told(session, TrailKind.EMAIL_CONFIRMED, account.id)
        append_to_trail(session, means.author, confirmed)
        return True


def _keep(session: Session, means: Means, account: Account) -> None:
    account.email_confirmed_at, account.email_bounced_at = means.now, None
    if account.pending_email is not None:
        change_email.give_up(session, means, account)
    if account.state is AccountState.EMAIL_PENDING:
        # The trail has been told of the activation when the proofs were given.
        account.state, account.journey = AccountState.ACTIVE, Journey.LETTER
        account.activated_at = means.now
