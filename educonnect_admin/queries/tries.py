"""What was tried in vain, and forgetting it (R-6)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.setbacks import TryCount, TryKind


def forget_tries_of_account(session: Session, account_id: int) -> list[TryCount]:
    """Remove every count of an account, locks included, and return what they were."""
    return _forget(session, TryCount.account_id == account_id)


def forget_log_in_tries(session: Session, account_id: int) -> list[TryCount]:
    """Remove the counts of an account's wrong passwords, known browsers' included."""
    kinds = (TryKind.LOG_IN, TryKind.DEVICE)
    return _forget(session, (TryCount.account_id == account_id) & TryCount.kind.in_(kinds))


def forget_birth_date_tries(session: Session, pupil_id: int) -> list[TryCount]:
    """Remove the counts of a pupil's birth date, whoever tried, and return what they were."""
    is_about = (TryCount.kind == TryKind.BIRTH_DATE) & (TryCount.pupil_id == pupil_id)
    return _forget(session, is_about)


def _forget(session: Session, condition: ColumnElement[bool]) -> list[TryCount]:
    found = list(
        session.scalars(select(TryCount).where(condition).order_by(TryCount.id).with_for_update())
    )
    session.execute(
        delete(TryCount)
        .where(TryCount.id.in_([count.id for count in found]))
        .execution_options(synchronize_session=False)
    )
    return found


def identifiers_of(session: Session, account_ids: Sequence[int | None]) -> tuple[str, ...]:
    """Return the identifiers of accounts, in the order of the alphabet."""
    return tuple(
        session.scalars(
            select(Account.identifier)
            .where(Account.id.in_([one for one in account_ids if one is not None]))
            .order_by(Account.identifier)
        )
    )
