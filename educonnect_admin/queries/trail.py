"""Writing to the chains of the trail and reading them back (R-63)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.trail import (
    FIRST_DIGEST,
    OFFICE_CHAIN,
    Author,
    Happening,
    Pen,
    TrailEntry,
    TrailHead,
    TrailReason,
    canonical,
    canonical_details,
)
from educonnect_admin.queries.upsert import insert_or


def append_to_trail(session: Session, author: Author, happenings: Iterable[Happening]) -> None:
    """Write what happened, in order, each to the chain of its school or of the office.

    The heads of the chains are locked in the order of their numbers, so that two writers
    never wait for each other both ways. To be called last in a transaction: the lock is
    held until it ends.

    Args:
        session: An open transaction.
        author: Who acts, when, and the pen that seals.
        happenings: Ids and codes; nothing else may stand in them.

    Rule: R-63.
    """
    numbered = sorted(
        ((happening.school_id or OFFICE_CHAIN, happening) for happening in happenings),
        key=itemgetter(0),
    )
    for chain, members in groupby(numbered, key=itemgetter(0)):
        _append_to_chain(session, author, chain, [happening for _, happening in members])


def _append_to_chain(
    session: Session, author: Author, chain: int, happenings: Sequence[Happening]
) -> None:
    head = _locked_head(session, author.pen, chain)
    rows = list(_chained(author, chain, head, happenings))
    reasons = [row.pop("reason") for row in rows]
    if any(reasons):
        ids = session.scalars(
            insert(TrailEntry).returning(TrailEntry.id, sort_by_parameter_order=True), rows
        ).all()
        session.execute(
            insert(TrailReason),
            [
                {"entry_id": entry_id, **reason}
                for entry_id, reason in zip(ids, reasons, strict=True)
                if reason
            ],
        )
    else:
        session.connection().execute(insert(TrailEntry), rows)
    _move_head(session, author.pen, chain, rows[-1]["sequence"], rows[-1]["digest"])


def _chained(
    author: Author, chain: int, head: TrailHead, happenings: Sequence[Happening]
) -> Iterator[dict[str, Any]]:
    previous = head.digest
    for sequence, happening in enumerate(happenings, start=head.count + 1):
        reason, reason_digest = _sealed_reason(author.pen, happening.reason)
        fields: dict[str, Any] = {
            "chain": chain,
            "sequence": sequence,
            "happened_at": author.now,
            "operator": author.operator,
            "kind": happening.kind,
            "account_id": happening.account_id,
            "guardian_id": happening.guardian_id,
            "pupil_id": happening.pupil_id,
            "letter_id": happening.letter_id,
            "batch_id": happening.batch_id,
            "details": canonical_details(happening.details),
            "reason_digest": reason_digest,
            "previous": previous,
        }
        previous = author.pen.digest(canonical(**fields))
        yield {**fields, "key_id": author.pen.key_id, "digest": previous, "reason": reason}


def _sealed_reason(pen: Pen, text: str | None) -> tuple[dict[str, Any] | None, str | None]:
    if not text:
        return None, None
    salt = pen.salt()
    return {"salt": salt, "text": text}, pen.digest(salt + text.encode())


def _locked_head(session: Session, pen: Pen, chain: int) -> TrailHead:
    """Return the head of a chain, locked until the transaction ends; begin the chain if new."""
    locked = select(TrailHead).where(TrailHead.chain == chain).with_for_update()
    head = session.scalar(locked.execution_options(populate_existing=True))
    if head is None:
        session.execute(
            insert_or(session, TrailHead).on_conflict_do_nothing(),
            {
                "chain": chain,
                "count": 0,
                "digest": FIRST_DIGEST,
                "key_id": pen.key_id,
                "seal": head_seal(pen, chain, 0, FIRST_DIGEST),
            },
        )
        head = session.scalars(locked.execution_options(populate_existing=True)).one()
    return head


def _move_head(session: Session, pen: Pen, chain: int, count: int, digest: str) -> None:
    session.execute(
        update(TrailHead)
        .where(TrailHead.chain == chain)
        .values(
            count=count, digest=digest, key_id=pen.key_id, seal=head_seal(pen, chain, count, digest)
        )
        .execution_options(synchronize_session=False)
    )


def head_seal(pen: Pen, chain: int, count: int, digest: str, key_id: str | None = None) -> str:
    """Return the seal over the end of a chain: nobody without the key can move it back."""
    return pen.digest(f"head:{chain}:{count}:{digest}".encode(), key_id)


def first_broken_entry(session: Session, pen: Pen, chain: int) -> int | None:
    """Return the sequence number at which a chain does not verify, or nothing.

    A cut end is reported at the first missing number; a head that was moved, at the number
    after the last entry; a chain that is gone, head and all, at 1: the chain of the office
    and that of every school begin with what made them.
    """
    previous, expected, whole = _walk(session, pen, chain)
    if not whole:
        return expected
    head = session.get(TrailHead, chain)
    if head is None:
        return expected
    as_told = (head.count, head.digest) == (expected - 1, previous)
    return None if as_told and _seal_or_none(pen, head) == head.seal else expected


def _walk(session: Session, pen: Pen, chain: int) -> tuple[str, int, bool]:
    """Follow a chain; return its last good digest, the next number, whether it verifies."""
    previous, expected = FIRST_DIGEST, 1
    query = select(TrailEntry).where(TrailEntry.chain == chain).order_by(TrailEntry.sequence)
    with closing(session.scalars(query.execution_options(yield_per=1000))) as entries:
        try:
            for entry in entries:
                if entry.sequence != expected or not _verifies(pen, entry, previous):
                    return previous, expected, False
                previous, expected = entry.digest, expected + 1
        except (LookupError, ValueError):
            # A kind or a moment that no version of ours ever wrote: it was tampered with. The
            # database reads by pages, so the place is found one entry after the other.
            return previous, _first_unreadable(session, chain, expected), False
    return previous, expected, True


def _first_unreadable(session: Session, chain: int, sequence: int) -> int:
    one = select(TrailEntry).where(TrailEntry.chain == chain)
    try:
        while session.scalar(one.where(TrailEntry.sequence == sequence)) is not None:
            sequence += 1
    except (LookupError, ValueError):
        pass
    return sequence


def _seal_or_none(pen: Pen, head: TrailHead) -> str | None:
    try:
        return head_seal(pen, head.chain, head.count, head.digest, head.key_id)
    except KeyError:
        return None


def _verifies(pen: Pen, entry: TrailEntry, previous: str) -> bool:
    data = canonical(
        chain=entry.chain,
        sequence=entry.sequence,
        happened_at=entry.happened_at,
        operator=entry.operator,
        kind=entry.kind,
        account_id=entry.account_id,
        guardian_id=entry.guardian_id,
        pupil_id=entry.pupil_id,
        letter_id=entry.letter_id,
        batch_id=entry.batch_id,
        details=entry.details,
        reason_digest=entry.reason_digest,
        previous=previous,
    )
    try:
        return entry.previous == previous and pen.digest(data, entry.key_id) == entry.digest
    except KeyError:
        return False
