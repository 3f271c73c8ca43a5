"""Codes sent by SMS: the one that a visit may type, and ending those before it (R-32)."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.sms_codes import SmsCode


def held_code(session: Session, visit_id: int) -> SmsCode | None:
    """Return the newest code of a visit, whatever its state, its row held."""
    return session.scalar(
        select(SmsCode)
        .where(SmsCode.visit_id == visit_id)
        .order_by(SmsCode.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def end_codes(session: Session, visit_id: int, now: datetime) -> None:
    """End every code that a visit could still type."""
    session.execute(
        update(SmsCode)
        .where(SmsCode.visit_id == visit_id, SmsCode.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
