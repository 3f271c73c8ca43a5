"""What still depends on a key that no longer seals: digests of tokens and codes (R-5).

A digest does not tell its key, and can't be made again without what it is of. The moment tells:
whatever was begun before the present key was used by everybody may be of an older one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.delays import IDLE, LONGEST_VISIT, ON_THE_WAY
from educonnect_admin.domain.mail_links import MailLink
from educonnect_admin.domain.sms_codes import SmsCode
from educonnect_admin.domain.visits import StoredVisit


class Need(NamedTuple):
    """How many of something depend on older keys, and when the last of them is over."""

    number: int
    until: datetime | None


Count = Callable[[Session, datetime, datetime], Need]


def _links(session: Session, before: datetime, now: datetime) -> Need:
    found = session.execute(
        select(func.count(), func.max(MailLink.expires_at)).where(
            MailLink.created_at < before, MailLink.ended_at.is_(None), MailLink.expires_at > now
        )
    ).one()
    return Need(*found)


def _codes(session: Session, before: datetime, now: datetime) -> Need:
    found = session.execute(
        select(func.count(), func.max(SmsCode.expires_at)).where(
            SmsCode.created_at < before, SmsCode.ended_at.is_(None), SmsCode.expires_at > now
        )
    ).one()
    return Need(*found)


def _visits(session: Session, before: datetime, now: datetime) -> Need:
    goes_on = or_(
        StoredVisit.seen_at >= now - IDLE,
        StoredVisit.account_id.is_(None) & (StoredVisit.seen_at >= now - ON_THE_WAY),
    )
    number, began = session.execute(
        select(func.count(), func.max(StoredVisit.began_at)).where(
            StoredVisit.began_at < before, StoredVisit.began_at >= now - LONGEST_VISIT, goes_on
        )
    ).one()
    latest: datetime | None = began
    return Need(number, None if latest is None else latest + LONGEST_VISIT)


_COUNTED: dict[str, Count] = {"links": _links, "codes": _codes, "visits": _visits}


def digests_before(session: Session, before: datetime, now: datetime) -> dict[str, Need]:
    """Return what lives on and was begun before a moment, by its kind; nothing that is over.

    Args:
        session: An open session; reading is enough.
        before: From when on everybody has used the present key.
        now: The moment.
    """
    needs = {name: count(session, before, now) for name, count in _COUNTED.items()}
    return {name: need for name, need in needs.items() if need.number}
