"""Coming in: a new visit for the account that was proved, the former one forgotten."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.visits import Entry
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.visits import (
    Visitor,
    begin_visit,
    end_visit,
    recall,
    remember,
    renew_visit,
    sealed_memory,
)

TOKEN_USE = "visit-token"  # noqa: S105 - the name of a use, not a secret
PREVIOUS_LOG_IN = "previous_log_in"


def come_in(
    session: Session,
    means: Means,
    account: Account,
    entry: Entry,
    *,
    former: Visitor | None = None,
    letter_id: int | None = None,
    memory: Mapping[str, object] | None = None,
) -> str:
    """Begin the visit of an account and return its token; the browser's former one is over.

    A token known before the log-in must not become one that opens the account.

    Args:
        session: The transaction of the log-in, the account held.
        means: Of the request.
        account: Whose proofs were given.
        entry: How.
        former: The visit that led here.
        letter_id: The letter whose password was typed, if it was one.
        memory: What the new visit remembers from the start.
    """
    if former is not None:
        end_visit(session, former.visit_id)
    previous = account.last_login_at
    if entry is not Entry.TEMPORARY:
        account.last_login_at = means.now
    token = means.chance.token()
    digest = means.digests.of(TOKEN_USE, token)
    kept = {PREVIOUS_LOG_IN: previous.isoformat() if previous else None, **(memory or {})}
    begin_visit(
        session,
        token_digest=digest,
        now=means.now,
        account_id=account.id,
        entry=entry,
        letter_id=letter_id,
        sealed=sealed_memory(means.sealer, digest, kept),
    )
    return token


def begin_journey(
    session: Session, means: Means, memory: Mapping[str, object], former: Visitor | None = None
) -> str:
    """Begin the visit of somebody who is nobody yet, and return its token."""
    if former is not None:
        end_visit(session, former.visit_id)
    token = means.chance.token()
    digest = means.digests.of(TOKEN_USE, token)
    sealed = sealed_memory(means.sealer, digest, memory)
    begin_visit(session, token_digest=digest, now=means.now, sealed=sealed)
    return token


def stay_in(session: Session, means: Means, visitor: Visitor) -> str:
    """Let a visit go on under a new token, which is returned; the former one opens nothing."""
    token = means.chance.token()
    digest = means.digests.of(TOKEN_USE, token)
    memory = recall(means.sealer, visitor)
    renew_visit(session, visitor.visit_id, digest, means.now)
    remember(session, means.sealer, visitor.visit_id, digest, memory)
    return token


def note(session: Session, means: Means, visitor: Visitor, key: str, value: object) -> None:
    """Change one thing that a visit remembers; None forgets it.

    What this request has read is what is written back: a visitor has one journey in hand.
    """
    memory = {**recall(means.sealer, visitor), key: value}
    kept = {name: one for name, one in memory.items() if one is not None}
    remember(session, means.sealer, visitor.visit_id, visitor.token_digest, kept)


def previous_log_in(means: Means, visitor: Visitor) -> datetime | None:
    """Return when the holder had come in before this visit (R-51)."""
    found = recall(means.sealer, visitor).get(PREVIOUS_LOG_IN)
    return datetime.fromisoformat(found) if isinstance(found, str) else None
