"""What time has made useless: counts, links and dead ends that nobody looks at any more."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from educonnect_admin.domain.base import Base
from educonnect_admin.domain.mail_links import MailLink
from educonnect_admin.domain.setbacks import Setback, TryCount, TryKind
from educonnect_admin.domain.throttling import DAY
from educonnect_admin.domain.troubles import RECENT

LINKS_KEPT = timedelta(days=90)
"""As the hash of an ended letter (R-11): so long a link that is over still says why."""

SETBACKS_KEPT = timedelta(days=90)
"""`explain` looks at the last days only; a mend that came too late can still be understood."""


def sweep_counts(session: Session, now: datetime) -> int:
    """Remove the counts that neither limit anything nor tell the desk anything (R-6).

    No window is longer than a day: a count left alone for that long would begin anew anyway.
    """
    is_told_for = RECENT + timedelta(hours=1)
    old = (TryCount.last_at < now - is_told_for) | (
        (TryCount.kind != TryKind.BIRTH_DATE) & (TryCount.last_at < now - DAY)
    )
    free = TryCount.locked_until.is_(None) | (TryCount.locked_until < now - DAY)
    return _removed(session, TryCount, old & free)


def sweep_links(session: Session, now: datetime) -> int:
    """Remove the links of mails that have been over for long, with the addresses they bear."""
    return _removed(session, MailLink, MailLink.expires_at < now - LINKS_KEPT)


def sweep_setbacks(session: Session, now: datetime) -> int:
    """Remove the dead ends that nobody will ask about any more."""
    return _removed(session, Setback, Setback.happened_at < now - SETBACKS_KEPT)


def _removed(session: Session, table: type[Base], condition: ColumnElement[bool]) -> int:
    return session.connection().execute(delete(table).where(condition)).rowcount
