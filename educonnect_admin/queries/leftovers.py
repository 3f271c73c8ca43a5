"""What time has made useless: counts, links and dead ends that nobody looks at any more."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func
from sqlalchemy.orm import Session

from educonnect_admin.domain.base import Base
from educonnect_admin.domain.delays import (
    IMPORT_REPORTS_KEPT,
    LINKS_KEPT,
    MESSAGES_KEPT,
    QUESTIONS_KEPT,
    SETBACKS_KEPT,
    TRIES_KEPT,
    TROUBLES_TOLD,
)
from educonnect_admin.domain.imports import LastImport
from educonnect_admin.domain.mail_links import MailLink
from educonnect_admin.domain.messages import Message
from educonnect_admin.domain.people import ReviewItem, ReviewResolution
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


def sweep_messages(session: Session, now: datetime) -> int:
    """Remove the messages that ended long ago; what they said was wiped then (R-5)."""
    return _removed(session, Message, Message.ended_at < now - MESSAGES_KEPT)


def sweep_questions(session: Session, now: datetime) -> int:
    """Remove the questions of a school year ago, which hold names as a file wrote them.

    What somebody has decided of a record stays as long as the record: it would be asked again.
    """
    decided = ReviewItem.resolution.is_not(None) & (
        ReviewItem.resolution != ReviewResolution.ANSWERED
    )
    old = func.coalesce(ReviewItem.resolved_at, ReviewItem.asked_at) < now - QUESTIONS_KEPT
    return _removed(session, ReviewItem, old & ~(decided & ReviewItem.guardian_id.is_not(None)))


def sweep_import_reports(session: Session, now: datetime) -> int:
    """Remove the reports of imports that nobody has repeated for long: they quote cells."""
    old = LastImport.imported_at < now - IMPORT_REPORTS_KEPT
    return _removed(session, LastImport, old)


def _removed(session: Session, table: type[Base], condition: ColumnElement[bool]) -> int:
    return session.connection().execute(delete(table).where(condition)).rowcount
