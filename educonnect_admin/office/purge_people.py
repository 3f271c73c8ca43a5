"""Remove whom the office has no reason to know any more, and what is kept for a time (R-62)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Enrolment, Guardian, Pupil
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.among import among
from educonnect_admin.queries.gone import (
    accounts_gone,
    answers_about,
    pupils_gone,
    records_gone,
    release_records_needed,
)
from educonnect_admin.queries.leftovers import (
    sweep_counts,
    sweep_import_reports,
    sweep_links,
    sweep_messages,
    sweep_questions,
    sweep_setbacks,
)
from educonnect_admin.queries.live_letters import schools_by_account
from educonnect_admin.queries.purging import (
    Doomed,
    doomed_with,
    forget_names,
    hold_everything,
    lock_rows,
    remove,
    with_their_regrouped,
)
from educonnect_admin.queries.telling import told_in
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import sweep_visits

PAGE = 200
"""How many people one transaction looks at, and removes with all that is theirs."""

Transaction = Callable[[], AbstractContextManager[Session]]
_SWEEPS = (
    sweep_visits, sweep_counts, sweep_links, sweep_setbacks, sweep_messages, sweep_questions,
    sweep_import_reports,
)  # fmt: skip


class _Gone(Protocol):
    def __call__(
        self, session: Session, now: datetime, *, after: int, limit: int
    ) -> tuple[list[int], int | None]: ...


@dataclass(slots=True)
class Purged:
    """What went.

    Attributes:
        accounts: with their records, letters, messages and all else.
        records: of guardians, those of the accounts included.
        people: guardians and pupils: an account counts once, whatever its records.
        reasons: free texts of the trail.
        words: of the search, that nobody bears any more.
        leftovers: visits, counts, links, messages, questions whose time is over.
    """

    accounts: int = 0
    records: int = 0
    pupils: int = 0
    people: int = 0
    letters: int = 0
    messages: int = 0
    reasons: int = 0
    words: int = 0
    leftovers: int = 0


def purge_people(transaction: Transaction, author: Author) -> Purged:
    """Remove everything about accounts, records and pupils whose delay is over.

    By pages, each a transaction of its own, in which no import and no desk can bring somebody
    back; a kill loses nothing, the next run goes on. What stays: the entries of the trail, whose
    numbers then lead to nobody, and the highest number of each name under a keyed digest (R-2).

    Args:
        transaction: Opens a transaction; for a dry run the same one every time, rolled back.
        author: Who acts, and at what moment.

    Rules: R-2, R-62, R-63.
    """
    done = Purged()
    _through(transaction, author, accounts_gone, lambda s, ids: _accounts(s, ids, author, done))
    _through(transaction, author, records_gone, lambda s, ids: _records(s, ids, author, done))
    _through(transaction, author, pupils_gone, lambda s, ids: _pupils(s, ids, author, done))
    for sweep in _SWEEPS:
        with transaction() as session:
            done.leftovers += sweep(session, author.now)
    with transaction() as session:
        hold_everything(session)
        done.words = forget_names(session)
    return done


def _through(
    transaction: Transaction,
    author: Author,
    gone: _Gone,
    purge: Callable[[Session, Sequence[int]], None],
) -> None:
    after: int | None = 0
    while after is not None:
        with transaction() as session:
            found, further = gone(session, author.now, after=after, limit=PAGE)
            if found:
                hold_everything(session)
                # Once more: until a moment ago somebody could still come back.
                found, further = gone(session, author.now, after=after, limit=PAGE)
                purge(session, found)
        after = further


def _accounts(session: Session, ids: Sequence[int], author: Author, done: Purged) -> None:
    ids = with_their_regrouped(session, ids)
    schools = schools_by_account(session, ids)
    release_records_needed(session, ids)
    records = session.scalars(select(Guardian.id).where(among(Guardian.account_id, ids)))
    lock_rows(session, Guardian, records)
    told = [
        happening
        for one in ids
        for happening in told_in(schools.get(one, []), TrailKind.PERSON_PURGED, one, None)
    ]
    done.people += len(ids)
    _remove(session, {"accounts": ids}, told, author, done)


def _records(session: Session, ids: Sequence[int], author: Author, done: Purged) -> None:
    ids = lock_rows(session, Guardian, ids)
    schools = session.execute(
        select(Guardian.id, Guardian.school_id).where(among(Guardian.id, ids))
    )
    told = [
        Happening(TrailKind.PERSON_PURGED, school_id=school_id, guardian_id=one)
        for one, school_id in schools
    ]
    done.people += len(ids)
    _remove(session, {"guardians": ids}, told, author, done)


def _pupils(session: Session, ids: Sequence[int], author: Author, done: Purged) -> None:
    ids = lock_rows(session, Pupil, ids)
    schools = session.execute(
        select(Enrolment.pupil_id, Enrolment.school_id)
        .where(among(Enrolment.pupil_id, ids))
        .distinct()
        .order_by(Enrolment.pupil_id, Enrolment.school_id)
    )
    done.people += len(ids)
    roots = {"pupils": ids, "review_items": answers_about(session, ids)}
    _remove(session, roots, _of_pupils((row[0], row[1]) for row in schools), author, done)


def _of_pupils(schools: Iterable[tuple[int, int]]) -> Iterator[Happening]:
    for pupil_id, school_id in schools:
        yield Happening(TrailKind.PERSON_PURGED, school_id=school_id, pupil_id=pupil_id)


def _remove(
    session: Session,
    roots: Doomed,
    told: Iterable[Happening],
    author: Author,
    done: Purged,
) -> None:
    told = list(told)
    gone = remove(session, doomed_with(session, roots))
    append_to_trail(session, author, told)
    done.accounts += gone.get("accounts", 0)
    done.records += gone.get("guardians", 0)
    done.pupils += gone.get("pupils", 0)
    done.letters += gone.get("letters", 0)
    done.messages += gone.get("messages", 0)
    done.reasons += gone["trail_reasons"]
