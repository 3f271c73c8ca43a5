"""Who was reminded lately, and who could be (R-13)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.messages import Message, MessageKind, MessageState
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship

_IN_VAIN = (MessageState.FAILED, MessageState.CANCELLED)


def reminded_since(session: Session, account_ids: Sequence[int], since: datetime) -> set[int]:
    """Return the accounts that a reminder was made for since a moment; a failed one is none."""
    return {
        account_id
        for account_id in session.scalars(
            select(Message.account_id).where(
                Message.account_id.in_(account_ids),
                Message.kind == MessageKind.REMINDER,
                Message.state.not_in(_IN_VAIN),
                Message.created_at > since,
            )
        )
        if account_id is not None
    }


def active_without_address(session: Session, school_id: int, class_id: int | None) -> int:
    """Return how many active accounts of a school, or of a class, have no confirmed address."""
    query = (
        select(func.count(Account.id.distinct()))
        .join(Guardian, Guardian.account_id == Account.id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .where(
            Account.state == AccountState.ACTIVE,
            Account.email.is_(None) | Account.email_confirmed_at.is_(None),
            Guardian.school_id == school_id,
            Guardianship.ended_on.is_(None),
            Guardianship.legal.is_(True),
            Enrolment.school_id == school_id,
            Enrolment.ended_on.is_(None),
        )
    )
    if class_id is not None:
        query = query.where(Enrolment.class_id == class_id)
    return session.scalar(query) or 0
