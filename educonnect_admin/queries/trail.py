"""Writing to the chains of the trail (R-63); `trail_check` follows them."""

from collections.abc import Iterable, Iterator, Sequence
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
from educonnect_admin.queries.bulk import insert_rows
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
        insert_rows(session, TrailEntry, rows)
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
