"""Close an account at the desk, and open it again (R-1, R-62)."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.desk_errors import AccountNotClosed
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.trail import Author, TrailKind
from educonnect_admin.queries.accounts import account_by_identifier
from educonnect_admin.queries.ending import Ended, end_account
from educonnect_admin.queries.franceconnect import drop_link_taken
from educonnect_admin.queries.regroupings import refuse_ended
from educonnect_admin.queries.telling import told_in, told_of
from educonnect_admin.queries.trail import append_to_trail


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Closed:
    """What closing an account did, or opening it again."""

    identifier: str
    state: AccountState
    changed: bool
    ended: Ended = field(default_factory=Ended)

    def __repr__(self) -> str:
        return f"Closed(state={self.state!s}, changed={self.changed})"


def close_account(session: Session, identifier: str, *, reason: str, author: Author) -> Closed:
    """Close an account: its letter, its waiting messages and its sessions are over.

    One that somebody has closed already stays as it is; one that was closed for want of a
    child (R-62) is closed for good from now on: the return of a child won't open it.

    Args:
        session: An open transaction.
        identifier: Of the account, as typed.
        reason: Why, for the trail.
        author: Who asks, and when.

    Raises:
        UnknownAccount: no account bears this identifier.
        AccountEnded: it was regrouped; another account is to be closed.

    Rules: R-1, R-11, R-63.
    """
    account = account_by_identifier(session, identifier, lock=True)
    if account.state is AccountState.CLOSED and not account.may_return:
        return _told(account, changed=False)
    former, ended = account.state, Ended()
    if account.may_return:
        account.closed_without_child = False
    else:
        refuse_ended(session, account)
        ended = end_account(
            session, account, AccountState.CLOSED, LetterEnd.CLOSED, reason=reason, author=author
        )
    entries = told_in(
        told_of(session, account.id),
        TrailKind.ACCOUNT_CLOSED,
        account.id,
        reason,
        {"former": former},
    )
    append_to_trail(session, author, [*ended.happenings, *entries])
    return _told(account, changed=True, ended=ended)


def reopen_account(session: Session, identifier: str, *, reason: str, author: Author) -> Closed:
    """Undo the closing of an account: it is what it was before (R-1).

    A letter that the closing ended stays ended: an account that was notified shows as
    «notification expirée», for its document was handed out and no longer works; one that
    never was is still to be notified. Sessions don't come back, nor does a FranceConnect link
    that the holder has given to another account since (R-41).

    Raises:
        UnknownAccount: no account bears this identifier.
        AccountEnded: it was regrouped: that is undone by another command.
        AccountNotClosed: it was not closed.
    """
    account = account_by_identifier(session, identifier, lock=True)
    if account.state is not AccountState.CLOSED:
        refuse_ended(session, account)
        raise AccountNotClosed(account.identifier, account.state)
    drop_link_taken(session, account)
    account.resume()
    entries = told_in(
        told_of(session, account.id),
        TrailKind.ACCOUNT_REOPENED,
        account.id,
        reason,
        {"state": account.state},
    )
    append_to_trail(session, author, entries)
    return _told(account, changed=True)


def _told(account: Account, *, changed: bool, ended: Ended | None = None) -> Closed:
    return Closed(
        identifier=account.identifier,
        state=account.state,
        changed=changed,
        ended=ended or Ended(),
    )
