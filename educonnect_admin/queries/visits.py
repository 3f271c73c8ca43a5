"""Visits: found by what the browser holds, begun, remembered, ended."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import ENDED, Account, AccountState
from educonnect_admin.domain.delays import LONGEST_VISIT, ON_THE_WAY
from educonnect_admin.domain.messages import Sealer
from educonnect_admin.domain.visits import TOUCHED_EVERY, Entry, StoredVisit

Memory = Mapping[str, object]
"""What journeys remember from page to page: JSON, one key a journey."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Visitor:
    """Who is behind a request, as the database has it at this moment.

    Attributes:
        account_id: whose account is open; None on the way to it.
        entry: how it was opened.
        state: the account's state now, whatever it was at the log-in.
        confirmed: whether its address is confirmed.
    """

    visit_id: int
    token_digest: str
    account_id: int | None
    entry: Entry | None
    letter_id: int | None
    state: AccountState | None
    identifier: str | None
    confirmed: bool
    seen_at: datetime
    sealed: bytes | None

    @property
    def is_in(self) -> bool:
        """Whether everything is open to them."""
        return self.state is AccountState.ACTIVE and self.entry is not Entry.TEMPORARY

    def __repr__(self) -> str:
        return f"Visitor(visit_id={self.visit_id}, account_id={self.account_id})"


def visitor_of(session: Session, token_digests: Sequence[str], now: datetime) -> Visitor | None:
    """Return who holds a token, unless the visit is over, for whatever reason.

    Args:
        session: An open session; reading is enough.
        token_digests: The digests of the token under every key.
        now: The moment.
    """
    row = session.execute(
        select(StoredVisit, Account)
        .outerjoin(Account, Account.id == StoredVisit.account_id)
        .where(StoredVisit.token_digest.in_(token_digests))
    ).one_or_none()
    if row is None:
        return None
    visit: StoredVisit = row[0]
    account: Account | None = row[1]
    if visit.is_over(now) or (account is not None and _is_shut_out(visit, account)):
        return None
    return Visitor(
        visit_id=visit.id,
        token_digest=visit.token_digest,
        account_id=visit.account_id,
        entry=visit.entry,
        letter_id=visit.letter_id,
        state=account.state if account else None,
        identifier=account.identifier if account else None,
        confirmed=account is not None and account.confirmed_email is not None,
        seen_at=visit.seen_at,
        sealed=visit.sealed,
    )


def _is_shut_out(visit: StoredVisit, account: Account) -> bool:
    """Tell whether the account no longer lets this visit go on."""
    if account.state in ENDED:
        return True
    if account.sessions_void_at is not None and visit.began_at < account.sessions_void_at:
        return True
    # A letter that voided the password returns the account to «notifié».
    begun = account.state in {AccountState.EMAIL_PENDING, AccountState.ACTIVE}
    return begun is (visit.entry is Entry.TEMPORARY)


def begin_visit(
    session: Session,
    *,
    token_digest: str,
    now: datetime,
    account_id: int | None = None,
    entry: Entry | None = None,
    letter_id: int | None = None,
    sealed: bytes | None = None,
) -> int:
    """Begin a visit, of nobody unless told, and return its id.

    `sealed` is what it remembers (`sealed_memory`).
    """
    begun = session.execute(
        _BEGIN,
        {
            "token_digest": token_digest,
            "account_id": account_id,
            "entry": entry,
            "letter_id": letter_id,
            "began_at": now,
            "seen_at": now,
            "sealed": sealed,
        },
    )
    return int(begun.scalar_one())


def touch_visit(session: Session, visitor: Visitor, now: datetime) -> None:
    """Note that the visitor is still there; only now and then, reading is cheaper."""
    session.execute(
        update(StoredVisit)
        .where(StoredVisit.id == visitor.visit_id, StoredVisit.seen_at < now)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def is_stale(visitor: Visitor, now: datetime) -> bool:
    """Tell whether it is time to note that the visitor is still there."""
    return now - visitor.seen_at >= TOUCHED_EVERY


def renew_visit(session: Session, visit_id: int, token_digest: str, now: datetime) -> None:
    """Let a visit go on under another token, as if it began now."""
    session.execute(
        update(StoredVisit)
        .where(StoredVisit.id == visit_id)
        .values(token_digest=token_digest, began_at=now, seen_at=now)
        .execution_options(synchronize_session=False)
    )


def end_visit(session: Session, visit_id: int) -> None:
    """End one visit; what it remembered is gone."""
    session.execute(delete(StoredVisit).where(StoredVisit.id == visit_id))


def end_visits_of(session: Session, account_id: int, *, but: int | None = None) -> None:
    """End every visit of an account, save one (R-52)."""
    session.execute(
        delete(StoredVisit).where(
            StoredVisit.account_id == account_id, StoredVisit.id != (but or 0)
        )
    )


def sweep_visits(session: Session, now: datetime) -> int:
    """Remove the visits that are over anyway; return how many."""
    over = (StoredVisit.seen_at < now - ON_THE_WAY - timedelta(minutes=1)) | (
        StoredVisit.began_at < now - LONGEST_VISIT
    )
    return session.connection().execute(delete(StoredVisit).where(over)).rowcount


def recall(sealer: Sealer, visitor: Visitor | None) -> dict[str, object]:
    """Return what the journeys remember of a visit; nothing if its key is gone."""
    if visitor is None or visitor.sealed is None:
        return {}
    try:
        found = json.loads(sealer.open(visitor.sealed, owner_of_visit(visitor.token_digest)))
    except (KeyError, ValueError):
        return {}
    return dict(found)


def remember(
    session: Session, sealer: Sealer, visit_id: int, token_digest: str, memory: Memory
) -> None:
    """Write down what the journeys remember of a visit, instead of what was there."""
    session.execute(
        update(StoredVisit)
        .where(StoredVisit.id == visit_id)
        .values(sealed=sealed_memory(sealer, token_digest, memory))
        .execution_options(synchronize_session=False)
    )


def sealed_memory(sealer: Sealer, token_digest: str, memory: Memory) -> bytes:
    """Return what is remembered as it is stored: closed, for the visit of this token alone."""
    content = json.dumps(dict(memory), separators=(",", ":")).encode()
    return sealer.close(content, owner_of_visit(token_digest))


def owner_of_visit(token_digest: str) -> str:
    """Return the name under which the memory of a visit is sealed."""
    return f"visit:{token_digest}"


def held_memory(session: Session, sealer: Sealer, visitor: Visitor) -> dict[str, object]:
    """Return what a visit remembers at this very moment, held until the transaction ends.

    Two pages sent at once would otherwise both count from where they began.
    """
    sealed = session.scalar(
        select(StoredVisit.sealed).where(StoredVisit.id == visitor.visit_id).with_for_update()
    )
    return recall(sealer, replace(visitor, sealed=sealed))


# Past the unit of work, which would take longer than the database; every log-in comes here.
_BEGIN = insert(cast("Table", StoredVisit.__table__)).returning(StoredVisit.__table__.c.id)
