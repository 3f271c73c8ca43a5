"""Accounts by the address that their holders confirmed (R-54)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import ENDED, Account

_MOST = 50
"""More identifiers than that are no family's; a mail would not hold them."""


def accounts_confirmed_at(session: Session, email: str) -> list[Account]:
    """Return the living accounts that an address is attached to, by identifier.

    Only an address that was confirmed counts, in whatever case it was typed.
    """
    return list(
        session.scalars(
            select(Account)
            .where(
                func.lower(Account.email) == email.lower(),
                Account.email_confirmed_at.is_not(None),
                Account.state.not_in(ENDED),
            )
            .order_by(Account.identifier)
            .limit(_MOST)
        )
    )
