"""Which account went into which, and in what order (R-8)."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.desk_errors import AccountEnded
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.regroupings import RegroupedRecord, Regrouping


def standing_regrouping(session: Session, other_id: int) -> Regrouping | None:
    """Return the regrouping by which an account went into another, unless it was undone."""
    return session.scalar(
        select(Regrouping)
        .where(Regrouping.other_id == other_id, Regrouping.undone_at.is_(None))
        .order_by(Regrouping.id.desc())
        .limit(1)
    )


def later_account(session: Session, regrouping: Regrouping) -> str | None:
    """Return the identifier of the account that went last into the same one, after it."""
    return session.scalar(
        select(Account.identifier)
        .join(Regrouping, Regrouping.other_id == Account.id)
        .where(
            Regrouping.principal_id == regrouping.principal_id,
            Regrouping.undone_at.is_(None),
            Regrouping.id > regrouping.id,
        )
        .order_by(Regrouping.id.desc())
        .limit(1)
    )


def refuse_ended(session: Session, account: Account) -> None:
    """Refuse an account that is over, and tell which one took its place.

    Raises:
        AccountEnded: it is closed or regrouped.
    """
    if not account.is_ended:
        return
    regrouping = standing_regrouping(session, account.id)
    principal = None
    if account.state is AccountState.REGROUPED and regrouping:
        principal = session.get_one(Account, regrouping.principal_id).identifier
    raise AccountEnded(account.identifier, account.state, principal)


def move_records(session: Session, guardian_ids: Sequence[int], account_id: int) -> None:
    """Hand records of guardians to an account."""
    session.execute(
        update(Guardian)
        .where(Guardian.id.in_(guardian_ids))
        .values(account_id=account_id)
        .execution_options(synchronize_session=False)
    )


def locked_records(session: Session, account_id: int) -> list[int]:
    """Return the records of an account, in their order, held until the transaction ends."""
    return list(
        session.scalars(
            select(Guardian.id)
            .where(Guardian.account_id == account_id)
            .order_by(Guardian.id)
            .with_for_update(key_share=True)
        )
    )


def records_to_give_back(session: Session, regrouping: Regrouping) -> list[int]:
    """Return the records that a regrouping moved and that are still where it put them."""
    return list(
        session.scalars(
            select(Guardian.id)
            .join(RegroupedRecord, RegroupedRecord.guardian_id == Guardian.id)
            .where(
                RegroupedRecord.regrouping_id == regrouping.id,
                Guardian.account_id == regrouping.principal_id,
            )
            .order_by(Guardian.id)
            .with_for_update(key_share=True, of=Guardian)
        )
    )
