"""Open an account for every legal guardian who has none (R-2, R-7, R-8)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.identifiers import identifier_series, identifier_stem, numbered
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.office.importing.reopen_returned import reopen_accounts
from educonnect_admin.office.merging.said_same import people_said_same
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.bulk import insert_numbered, update_rows
from educonnect_admin.queries.identifiers import take_numbers
from educonnect_admin.queries.merge_items import close_joined
from educonnect_admin.queries.records import (
    RecordToOpen,
    count_records_with_account,
    records_without_account,
    same_person_elsewhere,
)
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.turns import NEIGHBOURS, wait_for_turn

_PAGE = 2_000
"""Records at a time: a statement names no more; only what the trail is told adds up."""


@dataclass(frozen=True, slots=True)
class Generated:
    """How many accounts were opened, joined at another school, or there already.

    `reopened` counts those joined that had been closed for want of a child (R-62).
    """

    created: int
    joined: int
    existing: int
    reopened: int = 0


def generate_accounts(
    session: Session,
    school: School,
    *,
    class_id: int | None = None,
    stem_digest: Callable[[str], str],
    author: Author,
) -> Generated:
    """Open an account for every legal guardian of an enrolled child who has none.

    A guardian who has an account at another school, with the same surname, given name,
    e-mail and mobile, all present, gets no second one: the record joins it (R-7). If it was
    closed for want of a child, they have moved: it is open again (R-62). One of whom somebody
    has said that it is the same person's (`roster review`) joins likewise. Records are taken
    in the order they were imported, so that the same files give the same identifiers. Safe to
    repeat.

    Args:
        session: An open transaction.
        school: The school whose records are meant.
        class_id: Only guardians of children of this class.
        stem_digest: The keyed digest of an identifier stem.
        author: Who asks.

    Rules: R-2, R-7, R-8, R-62.
    """
    existing = count_records_with_account(session, school.id, class_id)
    created = joined = reopened = last = 0
    happenings: list[Happening] = []
    while page := records_without_account(session, school.id, class_id, after=last, most=_PAGE):
        if not last:
            # Two schools that open accounts at once would open two for a parent of both.
            wait_for_turn(session, NEIGHBOURS)
        last = page[-1].guardian_id
        records = [row.guardian_id for row in page]
        people = people_said_same(session, records)
        found = people.accounts(session, same_person_elsewhere(session, school.id, records))
        accounts = _joinable(session, found)
        known = people.spread({one: found[one] for one in found if found[one] in accounts})
        leaders = people.leaders - known.keys()
        new = [row for row in page if row.guardian_id in leaders]
        opened = _open(session, new, stem_digest, author)
        known |= {record: opened[leader] for record, leader in people.led_by(opened)}
        _attach(session, {**known, **opened})
        close_joined(session, known.values(), author.now)
        happenings += _happenings(school.id, known, opened)
        # Once the records are there, so that this school's chain tells of it as well.
        closed = [account for account in accounts.values() if account.may_return]
        happenings += reopen_accounts(session, closed)
        reopened += len(closed)
        created, joined = created + len(opened), joined + len(known)
    # Once: the next page locks accounts, and they come before the trail.
    append_to_trail(session, author, happenings)
    return Generated(created, joined, existing, reopened)


def _joinable(session: Session, found: Mapping[int, int]) -> dict[int, Account]:
    """Lock the accounts, and keep those that nobody has ended since they were found."""
    if not found:
        return {}
    # Straight from the locked rows: what was read before the lock may be old.
    accounts = locked_accounts(session, list(found.values()))
    return {one.id: one for one in accounts if not one.is_ended or one.may_return}


def _open(
    session: Session,
    records: Sequence[RecordToOpen],
    stem_digest: Callable[[str], str],
    author: Author,
) -> dict[int, int]:
    """Insert the accounts and return them by record."""
    if not records:
        return {}
    identifiers = new_identifiers(session, records, stem_digest)
    rows = [
        {"identifier": identifier, "state": AccountState.NOT_NOTIFIED, "created_at": author.now}
        for identifier in identifiers
    ]
    opened = insert_numbered(session, Account, rows)
    return {record.guardian_id: id_ for record, id_ in zip(records, opened, strict=True)}


def new_identifiers(
    session: Session, records: Sequence[RecordToOpen], stem_digest: Callable[[str], str]
) -> list[str]:
    """Return an identifier that nobody ever had for each record, in their order (R-2)."""
    stems = [identifier_stem(record.given_name, record.surname) for record in records]
    digests = {stem: stem_digest(identifier_series(stem)) for stem in dict.fromkeys(stems)}
    wanted = Counter(digests[stem] for stem in stems)
    numbers = take_numbers(session, wanted)
    identifiers = []
    for stem in stems:
        identifiers.append(numbered(stem, numbers[digests[stem]]))
        numbers[digests[stem]] += 1
    return identifiers


def _attach(session: Session, accounts: Mapping[int, int]) -> None:
    update_rows(
        session,
        Guardian,
        [{"id": record, "account_id": account} for record, account in accounts.items()],
    )


def _happenings(
    school_id: int, known: Mapping[int, int], opened: Mapping[int, int]
) -> list[Happening]:
    kinds = ((TrailKind.RECORD_JOINED, known), (TrailKind.ACCOUNT_OPENED, opened))
    return [
        Happening(kind, school_id=school_id, account_id=account, guardian_id=record)
        for kind, accounts in kinds
        for record, account in accounts.items()
    ]
