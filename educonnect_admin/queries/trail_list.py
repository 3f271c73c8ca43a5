"""The entries of the trail as a person asks for them, the newest first (R-63)."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import TrailEntry, TrailReason
from educonnect_admin.queries.trail_links import raw_moment, raw_text, read_moment


class TrailLine(NamedTuple):
    """One entry, as told; whether it is true, `check_chains` says.

    `identifier` is empty where the account has gone since; `happened_at` where nobody can
    read it, which only an intruder causes.
    """

    chain: int
    uai: str | None
    sequence: int
    happened_at: datetime | None
    operator: str
    kind: str
    account_id: int | None
    identifier: str | None
    guardian_id: int | None
    pupil_id: int | None
    letter_id: int | None
    batch_id: int | None
    details: Mapping[str, Any]
    reason: str | None

    def __repr__(self) -> str:
        return f"TrailLine(chain={self.chain}, sequence={self.sequence})"


class TrailPage(NamedTuple):
    """The newest entries, and how many answer in all."""

    lines: Sequence[TrailLine]
    total: int


def trail_page(
    session: Session,
    *,
    school_id: int | None = None,
    account_id: int | None = None,
    since: datetime | None = None,
    limit: int,
) -> TrailPage:
    """Return the newest entries of a school, of an account, or of everybody.

    Those of an account are also those of the records it holds: a corrected mobile is told of
    a record.

    Args:
        session: An open session.
        school_id: Only the chain of this school.
        account_id: Only what happened to this account.
        since: Not before this moment (aware).
        limit: At most so many.
    """
    asked = list(_conditions(school_id, account_id, since))
    total = session.scalar(select(func.count()).select_from(TrailEntry).where(*asked)) or 0
    raw = raw_text(session)
    query = (
        select(
            TrailEntry.chain,
            School.uai,
            TrailEntry.sequence,
            raw_moment(session),
            raw(TrailEntry.operator),
            raw(TrailEntry.kind),
            TrailEntry.account_id,
            Account.identifier,
            *(getattr(TrailEntry, f"{name}_id") for name in ("guardian", "pupil", "letter")),
            TrailEntry.batch_id,
            raw(TrailEntry.details),
            raw(TrailReason.text),
        )
        .outerjoin(School, School.id == TrailEntry.chain)
        .outerjoin(Account, Account.id == TrailEntry.account_id)
        .outerjoin(TrailReason, TrailReason.entry_id == TrailEntry.id)
        .where(*asked)
        .order_by(TrailEntry.happened_at.desc(), TrailEntry.id.desc())
        .limit(limit)
    )
    return TrailPage([_line(row) for row in session.execute(query)], total)


def _conditions(
    school_id: int | None, account_id: int | None, since: datetime | None
) -> Sequence[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if school_id is not None:
        asked.append(TrailEntry.chain == school_id)
    if account_id is not None:
        records = select(Guardian.id).where(Guardian.account_id == account_id)
        asked.append(or_(TrailEntry.account_id == account_id, TrailEntry.guardian_id.in_(records)))
    if since is not None:
        asked.append(TrailEntry.happened_at >= since)
    return asked


def _line(row: Any) -> TrailLine:
    happened_at = None
    with suppress(ValueError, TypeError):
        happened_at = read_moment(row[3])
    operator, kind, details = (_told(row[place]) for place in (4, 5, 12))
    reason = None if row[13] is None else _told(row[13])
    told = (happened_at, operator, kind, *row[6:12], _details(details), reason)
    return TrailLine._make((*row[:3], *told))


def _told(stored: Any) -> str:
    """Return a text, whatever bytes an intruder has put there."""
    return stored.decode(errors="replace") if isinstance(stored, bytes) else str(stored)


def _details(text: str) -> Mapping[str, Any]:
    with suppress(ValueError):
        details = json.loads(text)
        if isinstance(details, dict):
            return details
    return {"unreadable": text}
