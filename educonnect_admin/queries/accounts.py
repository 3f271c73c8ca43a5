"""Accounts by their numbers, held still."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.desk_errors import UnknownAccount
from educonnect_admin.domain.people import Guardian
from educonnect_admin.queries.among import among

# Made once: building it costs more than running it.
_LOCKED = (
    select(Account)
    .where(among(Account.id, "of_ids"))
    .order_by(Account.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_HELD = (
    select(Account.id)
    .where(among(Account.id, "of_ids"))
    .order_by(Account.id)
    .with_for_update(key_share=True)
)


def locked_accounts(session: Session, account_ids: Sequence[int]) -> list[Account]:
    """Return accounts, their rows locked until the transaction ends.

    Whoever ends or adds a letter holds its account first, and several accounts in the
    order of their ids: two transactions never wait for each other both ways. Whoever only
    points at an account, as a count or a message does, is not held up: counts come after
    accounts in that order, yet a new one bears the account's id.
    """
    return list(session.scalars(_LOCKED, {"of_ids": account_ids}))


def hold_accounts(session: Session, account_ids: Sequence[int]) -> None:
    """Lock accounts until the transaction ends, without reading them (`locked_accounts`)."""
    session.execute(_HELD, {"of_ids": account_ids}).all()


def account_by_identifier(session: Session, identifier: str, *, lock: bool = False) -> Account:
    """Return the account of an identifier, however its holder or the desk typed it.

    Args:
        session: An open session.
        identifier: Capitals and spaces around it don't count.
        lock: Hold its row until the transaction ends.

    Raises:
        UnknownAccount: no account bears it.
    """
    tidied = identifier.strip().lower()
    query = select(Account).where(Account.identifier == tidied)
    if lock:
        query = query.with_for_update(key_share=True)
        query = query.execution_options(populate_existing=True)
    account = session.scalar(query)
    if account is None:
        raise UnknownAccount(tidied)
    return account


def schools_of_account(session: Session, account_id: int) -> list[int]:
    """Return the ids of the schools whose records an account holds, in their order.

    What happens to an account is told in the chain of each of them (R-63).
    """
    return list(
        session.scalars(
            select(Guardian.school_id)
            .where(Guardian.account_id == account_id)
            .distinct()
            .order_by(Guardian.school_id)
        )
    )
