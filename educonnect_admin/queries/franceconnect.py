"""Accounts by who their holder is to FranceConnect, and departures used up (R-40, R-41)."""

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.visits import StoredVisit
from educonnect_admin.queries.whole_accounts import is_linked_elsewhere


def account_linked(session: Session, digest: str) -> Account | None:
    """Return the living account that somebody is linked to, its row held."""
    return session.scalar(
        select(Account)
        .where(Account.franceconnect_digest == digest, Account.ended_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def was_closed(session: Session, digest: str) -> bool:
    """Tell whether the account that somebody was linked to last is closed."""
    last = session.scalar(
        select(Account.state)
        .where(Account.franceconnect_digest == digest)
        .order_by(Account.ended_at.desc(), Account.id.desc())
        .limit(1)
    )
    return last is AccountState.CLOSED


def unlink_others(session: Session, digest: str, kept_id: int) -> None:
    """Let go of the link that another living account still has: one bears it (R-41)."""
    session.execute(
        update(Account)
        .where(
            Account.franceconnect_digest == digest,
            Account.ended_at.is_(None),
            Account.id != kept_id,
        )
        .values(franceconnect_digest=None, franceconnect_at=None)
        .execution_options(synchronize_session="fetch")
    )


def drop_link_taken(session: Session, account: Account) -> bool:
    """Drop the link of an account that comes back, if a living one bears it by now.

    Whoever undoes an end calls this first: the holder, who has given every proof since, is
    linked to the account they use.

    Args:
        session: The transaction that holds the account.
        account: Closed or regrouped, about to be neither.

    Returns:
        Whether it was dropped.
    """
    taken = exists(Account.id).where(
        Account.franceconnect_digest == account.franceconnect_digest,
        Account.ended_at.is_(None),
        Account.id != account.id,
    )
    if account.franceconnect_digest is None:
        return False
    if not session.scalar(select(taken)) and not is_linked_elsewhere(session, account.id):
        return False
    account.franceconnect_digest = account.franceconnect_at = None
    return True


def use_up_visit(session: Session, visit_id: int, token_digest: str) -> bool:
    """End a visit, and tell whether it was there to be ended: only one answer uses it up."""
    ended = session.connection().execute(
        delete(StoredVisit).where(
            StoredVisit.id == visit_id, StoredVisit.token_digest == token_digest
        )
    )
    return ended.rowcount == 1
