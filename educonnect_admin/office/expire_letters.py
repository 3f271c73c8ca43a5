"""Ending the letters whose last day is past, and clearing old hashes (R-11)."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from educonnect_admin.domain.calendar import end_of_day
from educonnect_admin.domain.delays import HASH_KEPT
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.accounts import hold_accounts
from educonnect_admin.queries.overdue_letters import (
    Overdue,
    SchoolClock,
    clear_hashes,
    end_letters,
    old_hashes,
    overdue_letters,
    schools_with_old_hashes,
    schools_with_overdue_letters,
)
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.trail import append_to_trail

PAGE = 1000
"""How many letters one transaction ends, at most."""

Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(slots=True)
class Expired:
    """How many letters were ended, how many hashes cleared."""

    expired: int = 0
    cleared: int = 0


def expire_letters(transaction: Transaction, author: Author, *, uai: str | None = None) -> Expired:
    """End every letter whose last day is past by its school's clock; clear old hashes.

    By pages, each a transaction of its own: a kill loses nothing, the next run goes on. Two
    runs at once count each letter once. What an account is does not change: "notification
    expired" is a fact about its letters (R-1).

    Args:
        transaction: Opens a transaction; one that rolls back makes a dry run.
        author: Who acts, and at what moment.
        uai: Only the letters that this school issued.

    Raises:
        InvalidUAI, UnknownSchool: there is no such school.

    Rule: R-11.
    """
    with transaction() as session:
        school_id = school_by_uai(session, uai).id if uai else None
        clocks = schools_with_overdue_letters(session, author.now, school_id)
    done = Expired()
    for clock in clocks:
        _expire_school(transaction, author, clock, done)
    before = author.now - HASH_KEPT
    with transaction() as session:
        holders = list(schools_with_old_hashes(session, before, school_id))
    for holder in holders:
        _clear_school(transaction, author, holder, before, done)
    return done


def _expire_school(
    transaction: Transaction, author: Author, school: SchoolClock, done: Expired
) -> None:
    after = 0
    while True:
        with transaction() as session:
            page = overdue_letters(session, school, after=after, limit=PAGE)
            if page:
                _expire_page(session, author, school, page, done)
        if len(page) < PAGE:
            return
        after = page[-1].letter_id


def _expire_page(
    session: Session, author: Author, school: SchoolClock, page: list[Overdue], done: Expired
) -> None:
    hold_accounts(session, [one.account_id for one in page])
    by_day: dict[date, list[int]] = defaultdict(list)
    for one in page:
        by_day[one.last_day].append(one.letter_id)
    ended: set[int] = set()
    too_old: set[int] = set()
    for last_day, letter_ids in sorted(by_day.items()):
        midnight = end_of_day(school.time_zone, last_day)
        found = end_letters(session, letter_ids, midnight)
        ended |= found
        too_old |= found if midnight <= author.now - HASH_KEPT else set()
    # Cleared here, not by the pages that follow, so that a dry run foresees it.
    cleared = clear_hashes(session, sorted(too_old)) if too_old else 0
    happenings = [_ended(school.id, one) for one in page if one.letter_id in ended]
    append_to_trail(session, author, [*happenings, *_cleared(school.id, cleared)])
    done.expired += len(ended)
    done.cleared += cleared


def _clear_school(
    transaction: Transaction, author: Author, school_id: int, before: datetime, done: Expired
) -> None:
    after = 0
    while True:
        with transaction() as session:
            page = old_hashes(session, school_id, before, after=after, limit=PAGE)
            cleared = clear_hashes(session, page) if page else 0
            append_to_trail(session, author, _cleared(school_id, cleared))
        done.cleared += cleared
        if len(page) < PAGE:
            return
        after = page[-1]


def _ended(school_id: int, one: Overdue) -> Happening:
    return Happening(
        TrailKind.LETTER_ENDED,
        school_id=school_id,
        account_id=one.account_id,
        letter_id=one.letter_id,
        details={"end": LetterEnd.EXPIRED},
    )


def _cleared(school_id: int, letters: int) -> list[Happening]:
    if not letters:
        return []
    return [Happening(TrailKind.HASHES_CLEARED, school_id=school_id, details={"letters": letters})]
