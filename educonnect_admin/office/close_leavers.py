"""Close the accounts whose holders have had no child in school for 90 days (R-62)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.ending import end_what_lets_in
from educonnect_admin.queries.held_schools import hold_schools
from educonnect_admin.queries.leavers import (
    last_children,
    leavers_of_school,
    schools_of_leavers,
    still_without_child,
)
from educonnect_admin.queries.live_letters import schools_by_account
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.telling import told_in
from educonnect_admin.queries.trail import append_to_trail

PAGE = 1000
"""How many accounts one transaction looks at."""

Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(slots=True)
class LeaversClosed:
    """How many accounts were closed, how many without a child are kept for now.

    `next_on` is the day on which the first of those kept is to be closed, if nobody returns.
    """

    closed: int = 0
    kept: int = 0
    letters: int = 0
    messages: int = 0
    next_on: date | None = None


def close_leavers(
    transaction: Transaction, author: Author, *, uai: str | None = None
) -> LeaversClosed:
    """Close every account that has had no enrolled child for 90 days, by its school's clock.

    School by school and by pages, each a transaction of its own: a kill loses nothing, the
    next run goes on. The account keeps its records, identifier and password; the return of a
    child opens it again (`reopen_returned`). Only who legally answers for a child has it.

    Args:
        transaction: Opens a transaction; one that rolls back makes a dry run.
        author: Who acts, and at what moment.
        uai: Only the accounts that this school knows.

    Raises:
        InvalidUAI, UnknownSchool: there is no such school.

    Rules: R-1, R-11, R-62, R-63.
    """
    with transaction() as session:
        schools = [school_by_uai(session, uai).id] if uai else schools_of_leavers(session)
    done = LeaversClosed()
    for school_id in schools:
        _close_school(transaction, author, school_id, done, shared=uai is not None)
    return done


def _close_school(
    transaction: Transaction,
    author: Author,
    school_id: int | None,
    done: LeaversClosed,
    *,
    shared: bool,
) -> None:
    after = 0
    while True:
        with transaction() as session:
            page = leavers_of_school(session, school_id, shared=shared, after=after, limit=PAGE)
            due = _due(session, page, author, done)
            if due:
                _close(session, author, due, done)
        if len(page) < PAGE:
            return
        after = page[-1]


def _due(
    session: Session, page: Sequence[int], author: Author, done: LeaversClosed | None = None
) -> list[int]:
    """Return those of a page whose delay is over; count the others."""
    last = last_children(session, page) if page else {}
    due = [one for one in page if last[one].closes_at <= author.now]
    if done is not None:
        later = [child.closes_on for child in last.values() if child.closes_at > author.now]
        done.kept += len(later)
        done.next_on = min((day for day in (done.next_on, *later) if day), default=None)
    return due


def _close(session: Session, author: Author, due: Sequence[int], done: LeaversClosed) -> None:
    """Close accounts, once their schools and they are held and nothing has changed since."""
    schools = schools_by_account(session, due)
    hold_schools(session, {school_id for those in schools.values() for school_id in those})
    held = {account.id: account for account in locked_accounts(session, due)}
    closing = [held[one] for one in _due(session, still_without_child(session, due), author)]
    closings = list(_closings(closing, schools_by_account(session, due)))
    for account in closing:
        account.finish_without_child(author.now)
    ids = [account.id for account in closing]
    ended = end_what_lets_in(session, ids, LetterEnd.CLOSED, reason=None, author=author)
    append_to_trail(session, author, [*ended.happenings, *closings])
    done.closed += len(closing)
    done.letters += ended.letters
    done.messages += ended.messages


def _closings(accounts: Sequence[Account], schools: dict[int, list[int]]) -> Iterator[Happening]:
    for account in accounts:
        details = {"why": "no_child", "former": account.state}
        yield from told_in(schools[account.id], TrailKind.ACCOUNT_CLOSED, account.id, None, details)
