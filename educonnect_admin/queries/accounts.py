"""Accounts by their numbers, held still."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account


def locked_accounts(session: Session, account_ids: Sequence[int]) -> list[Account]:
    """Return accounts, their rows locked until the transaction ends.

    Whoever ends or adds a letter holds its account first, and several accounts in the
    order of their ids: two transactions never wait for each other both ways.
    """
    return list(
        session.scalars(
            select(Account)
            .where(Account.id.in_(account_ids))
            .order_by(Account.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
