"""Open again the accounts of those whose child is back: the same identifier, as it was (R-62)."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.office.importing.announce_children import (
    Added,
    Announcer,
    announce_children,
)
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.franceconnect import drop_link_taken
from educonnect_admin.queries.leavers import returned_children
from educonnect_admin.queries.live_letters import schools_by_account
from educonnect_admin.queries.telling import told_in, told_past

_PAGE = 1_000


def reopen_returned(
    session: Session, school_id: int, author: Author, announcer: Announcer | None = None
) -> list[Happening]:
    """Open again the accounts closed for want of a child that have one in this school now.

    To be called in a transaction that holds the school and has brought pupils or links to it.
    What an operator has closed stays closed. Who opens the returned account finds it as it
    was, password included; its letter stays over.

    Args:
        session: An open transaction.
        school_id: The school, held.
        author: Who imports or answers, and when.
        announcer: What writes to the holders of active accounts; without it only the trail
            is told.

    Returns:
        What the trail is to be told; `reopened_accounts` counts the accounts in it.

    Rules: R-8, R-62, R-63.
    """
    returned = returned_children(session, school_id)
    account_ids = sorted({child.account_id for child in returned})
    told: list[Happening] = []
    active: set[int] = set()
    for start in range(0, len(account_ids), _PAGE):
        held = locked_accounts(session, account_ids[start : start + _PAGE])
        accounts = [account for account in held if account.may_return]
        told += reopen_accounts(session, accounts)
        active |= {account.id for account in accounts if account.state is AccountState.ACTIVE}
    if announcer is not None:
        added = [Added._make(child) for child in returned if child.account_id in active]
        told += announce_children(session, announcer, added, author)
    return told


def reopen_accounts(session: Session, accounts: Sequence[Account]) -> list[Happening]:
    """Open again accounts that were closed for want of a child; the caller holds them.

    A FranceConnect link that two of them bear stays with the one that was linked last; one
    that a living account bears stays there (R-41).

    Returns:
        What the trail is to be told, in the chain of every school that knows them.
    """
    schools = schools_by_account(session, [account.id for account in accounts])
    told: list[Happening] = []
    for account in sorted(accounts, key=_linked_at, reverse=True):
        drop_link_taken(session, account)
        account.resume()
        details = {"why": "child_returned", "state": account.state}
        where = told_past(session, account.id, schools[account.id])
        told += told_in(where, TrailKind.ACCOUNT_REOPENED, account.id, None, details)
    return told


def _linked_at(account: Account) -> float:
    return account.franceconnect_at.timestamp() if account.franceconnect_at else 0.0


def reopened_accounts(happenings: Sequence[Happening]) -> int:
    """Return how many accounts were opened again, each told in several chains or in one."""
    return len({one.account_id for one in happenings if one.kind is TrailKind.ACCOUNT_REOPENED})
