"""Let somebody who typed wrong too often try again (R-6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from educonnect_admin.domain.setbacks import TryCount, TryKind
from educonnect_admin.domain.trail import Author, TrailKind
from educonnect_admin.queries.accounts import account_by_identifier
from educonnect_admin.queries.regroupings import refuse_ended
from educonnect_admin.queries.telling import told_in, told_of
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.tries import forget_tries_of_account


@dataclass(frozen=True, slots=True)
class Lifted:
    """One count that was forgotten; `locked_until` if it had closed the way."""

    kind: TryKind
    failures: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Unlocked:
    """What an account was freed from; nothing if it was free already."""

    identifier: str
    state: str
    lifted: tuple[Lifted, ...]

    @property
    def changed(self) -> bool:
        """Whether there was anything to lift."""
        return bool(self.lifted)

    def __repr__(self) -> str:
        return f"Unlocked(state={self.state!s})"


def unlock_account(session: Session, identifier: str, *, reason: str, author: Author) -> Unlocked:
    """Forget the failures of an account and lift its locks; the next one counts from zero.

    Args:
        session: An open transaction.
        identifier: Of the account, as typed.
        reason: Why, for the trail.
        author: Who asks, and when.

    Raises:
        UnknownAccount: no account bears this identifier.
        AccountEnded: it is closed or regrouped: unlocking it would let nobody in.

    Rules: R-6, R-63.
    """
    account = account_by_identifier(session, identifier, lock=True)
    refuse_ended(session, account)
    counts = forget_tries_of_account(session, account.id)
    if counts:
        schools = told_of(session, account.id)
        details = _failures(counts)
        kind = TrailKind.ACCOUNT_UNLOCKED
        append_to_trail(session, author, told_in(schools, kind, account.id, reason, details))
    return Unlocked(
        identifier=account.identifier,
        state=account.state,
        lifted=tuple(_lifted(count, author.now) for count in counts),
    )


def _lifted(count: TryCount, now: datetime) -> Lifted:
    return Lifted(count.kind, count.failures, count.locked_until if count.is_locked(now) else None)


def _failures(counts: Iterable[TryCount]) -> dict[str, str | int]:
    failures: dict[str, str | int] = {}
    for count in counts:
        failures[count.kind] = int(failures.get(count.kind, 0)) + count.failures
    return failures
