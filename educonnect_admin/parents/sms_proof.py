"""A code by SMS, which proves that a mobile is in the hand of whoever types it (R-6, R-32)."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from unicodedata import normalize
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from educonnect_admin.domain.delays import CODE_LIFE
from educonnect_admin.domain.messages import Channel, MessageKind
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.sms_codes import SmsCode
from educonnect_admin.domain.throttling import Limit
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.codes import end_codes, held_code
from educonnect_admin.queries.links import cancel_waiting
from educonnect_admin.queries.outbox import Outgoing
from educonnect_admin.queries.reserved_tries import Subject, give_back, reserve_try
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import Visitor

_CODE = "sms-code"
_MOBILE = "sms-mobile"
_SERVICE = "service"
_MINUTES = int(CODE_LIFE.total_seconds()) // 60
_LONGEST_HOST = 50
"""Of the portal's name, which telephones look for in an SMS; a longer one would not fit."""


class SendVerdict(StrEnum):
    """Whether a code is on its way."""

    SENT = "sent"
    TOO_MANY = "too_many"
    """For this mobile, or for the whole service."""


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The verdict, and from when on another code may be asked for."""

    verdict: SendVerdict
    until: datetime | None = None


class CodeVerdict(StrEnum):
    """What a code that was typed is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    """Too old, used, or none was ever sent."""
    TOO_OFTEN = "too_often"
    """Wrong so often that this code is over; another one may be asked for."""


def send_code(
    session: Session,
    means: Means,
    visitor: Visitor,
    *,
    mobile: str,
    account_id: int,
    guardian_id: int | None,
    school_id: int | None,
) -> CodeSent:
    """Draw a code for a visit and queue the SMS that brings it; its former code is over.

    What limits it is counted before, in this very transaction: so many for one mobile,
    whoever asks and wherever, and so many for the whole service, which pays for them. To be
    called last in the transaction, which should be short: the counts are everybody's.

    Args:
        session: The transaction of the journey.
        means: Of the request.
        visitor: The visit that may type the code, and no other.
        mobile: Where it goes, E.164.
        account_id: The account that is to be opened.
        guardian_id: The record whose mobile it is.
        school_id: The school that gave it.

    Rules: R-6, R-32.
    """
    closed = _reserve(session, means, mobile)
    if closed is not None:
        return CodeSent(SendVerdict.TOO_MANY, closed)
    code = means.chance.sms_code()
    end_codes(session, visitor.visit_id, means.now)
    # Two codes on one telephone, of which one works, would be a riddle.
    cancel_waiting(session, account_id, MessageKind.ACTIVATION_CODE, means.now)
    kept = SmsCode(
        visit_id=visitor.visit_id,
        code_digest=means.digests.of(_CODE, _bound(visitor, code)),
        created_at=means.now,
    )
    session.add(kept)
    outgoing = Outgoing(
        kind=MessageKind.ACTIVATION_CODE,
        channel=Channel.SMS,
        to=mobile,
        values={"code": code, "minutes": _MINUTES, "host": _host(means.portal_url)},
        account_id=account_id,
        guardian_id=guardian_id,
        school_id=school_id,
        not_after=kept.expires_at,
    )
    append_to_trail(session, means.author, [means.post(session, outgoing)])
    return CodeSent(SendVerdict.SENT)


def check_code(session: Session, means: Means, visitor: Visitor, typed: str) -> CodeVerdict:
    """Compare what was typed with the code of a visit, which a right one uses up.

    A wrong one counts, and must be remembered: the verdict is returned (house rule 3).

    Args:
        session: The transaction of the journey.
        means: Of the request.
        visitor: The visit that asked for the code.
        typed: As it was typed: spaces and full-width digits don't matter.

    Rules: R-6, R-32.
    """
    kept = held_code(session, visitor.visit_id)
    if kept is None:
        return CodeVerdict.EXPIRED
    if kept.failures >= means.limits.code_tries:
        return CodeVerdict.TOO_OFTEN
    if not kept.is_live(means.now):
        return CodeVerdict.EXPIRED
    code = "".join(normalize("NFKC", typed).split())
    digests = means.digests.known(_CODE, _bound(visitor, code))
    if any(hmac.compare_digest(one, kept.code_digest) for one in digests):
        kept.ended_at = means.now
        return CodeVerdict.RIGHT
    kept.failures += 1
    if kept.failures < means.limits.code_tries:
        return CodeVerdict.WRONG
    kept.ended_at = means.now
    return CodeVerdict.TOO_OFTEN


def _reserve(session: Session, means: Means, mobile: str) -> datetime | None:
    """Count one more SMS everywhere, or nowhere; return until when there may be none.

    The mobile first, then the service, always: nobody waits for another both ways. The key
    that never changes counts on while the key file is renewed.
    """
    digest = means.digests.lasting(_MOBILE, mobile)
    limits = means.limits
    wanted: tuple[tuple[Subject, Limit], ...] = (
        (Subject(kind=TryKind.MOBILE_HOUR, name=digest), limits.mobile_hour),
        (Subject(kind=TryKind.MOBILE_DAY, name=digest), limits.mobile_day),
        (Subject(kind=TryKind.SMS_HOUR, name=_SERVICE), limits.sms_hour),
        (Subject(kind=TryKind.SMS_DAY, name=_SERVICE), limits.sms_day),
    )
    counted: list[Subject] = []
    for subject, limit in wanted:
        reserved = reserve_try(session, subject, limit, means.now)
        if not reserved.allowed:
            for one in counted:
                give_back(session, one)
            return reserved.locked_until
        counted.append(subject)
    return None


def _bound(visitor: Visitor, code: str) -> str:
    """Return a code as it is kept: another visit's digest of the same code is another."""
    return f"{visitor.visit_id}:{code}"


def _host(portal_url: str) -> str:
    """Return the name by which telephones offer the code on our page, and on no other's."""
    host = urlsplit(portal_url).hostname or ""
    return host if len(host) <= _LONGEST_HOST else ""
