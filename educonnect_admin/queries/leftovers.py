"""What time has made useless: counts, links and dead ends that nobody looks at any more."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from educonnect_admin.domain.base import Base
from educonnect_admin.domain.delays import (
    LINKS_KEPT,
    SETBACKS_KEPT,
    TRIES_KEPT,
    TROUBLES_TOLD,
)
from educonnect_admin.domain.mail_links import MailLink
from educonnect_admin.domain.setbacks import Setback, TryCount, TryKind


def sweep_counts(session: Session, now: datetime) -> int:
    """Remove the counts that neither limit anything nor tell the desk anything (R-6).

    No window is longer than a day: a count left alone for that long would begin anew anyway.
    """
    is_told_for = TROUBLES_TOLD + timedelta(hours=1)
    old = (TryCount.last_at < now - is_told_for) | (
        (TryCount.kind != TryKind.BIRTH_DATE) & (TryCount.last_at < now - TRIES_KEPT)
    )
    free = TryCount.locked_until.is_(None) | (TryCount.locked_until < now - TRIES_KEPT)
    return _removed(session, TryCount, old & free)


def sweep_links(session: Session, now: datetime) -> int:
    """Remove the links of mails that have been over for long, with the addresses they bear."""
    return _removed(session, MailLink, MailLink.expires_at < now - LINKS_KEPT)


def sweep_setbacks(session: Session, now: datetime) -> int:
    """Remove the dead ends that nobody will ask about any more."""
    return _removed(session, Setback, Setback.happened_at < now - SETBACKS_KEPT)


def _removed(session: Session, table: type[Base], condition: ColumnElement[bool]) -> int:
    return session.connection().execute(delete(table).where(condition)).rowcount
