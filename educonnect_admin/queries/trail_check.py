"""Does the trail verify? Every chain to its end and head, in bounded memory (R-63)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import OFFICE_CHAIN, Pen, TrailEntry, TrailHead, TrailKind
from educonnect_admin.domain.trail_breaks import Break, BreakCause, ChainReport, KeptHead
from educonnect_admin.queries.trail import head_seal
from educonnect_admin.queries.trail_links import PAGE, Link, raw_text, read_text, stored_entries


def check_chains(
    session: Session,
    pen: Pen,
    *,
    school_id: int | None = None,
    kept: Mapping[int, KeptHead] | None = None,
    moved: Callable[[int], None] = lambda _: None,
) -> Iterator[ChainReport]:
    """Follow every chain, or that of one school, to its end.

    The session must see one moment throughout (`Services.reading`): a writer who adds an
    entry between two looks would be taken for a forger.

    Args:
        session: An open session that only reads.
        pen: Whose key sealed the entries.
        school_id: Only the chain of this school.
        kept: Heads noted earlier, by chain, that the chains must still go through.
        moved: Told how many entries were followed, page by page.
    """
    kept = kept or {}
    for chain, uai in _chains(session, school_id):
        broken, count, digest = _follow(session, pen, chain, kept.get(chain), moved)
        if broken is None and uai is None and chain != OFFICE_CHAIN:
            broken = Break(count, BreakCause.NO_SCHOOL)
        if broken is None and not _begins_as_ours(session, chain):
            broken = Break(1, BreakCause.MISSING)
        yield ChainReport(chain, uai, count, digest, broken)


def _begins_as_ours(session: Session, chain: int) -> bool:
    """Tell whether a chain begins with what made it.

    One that was removed, head and all, is begun again by whoever writes next: whole, sealed
    with our key, and without its past.
    """
    first = select(TrailEntry.kind).where(TrailEntry.chain == chain, TrailEntry.sequence == 1)
    begun = TrailKind.OFFICE_OPENED if chain == OFFICE_CHAIN else TrailKind.SCHOOL_ADDED
    return session.scalar(first) is begun


def first_broken_entry(session: Session, pen: Pen, chain: int) -> int | None:
    """Return the sequence number at which a chain does not verify, or nothing.

    A cut end is reported at the first missing number; a head that was moved, at the number
    after the last entry; a chain that is gone, head and all, at 1: the chain of the office
    and that of every school begin with what made them.
    """
    broken, _, _ = _follow(session, pen, chain, None, lambda _: None)
    return broken.sequence if broken else None


def _chains(session: Session, school_id: int | None) -> list[tuple[int, str | None]]:
    """Return every chain that is there or must be: one a school, one of the office."""
    if school_id is not None:
        uai = session.scalar(select(School.uai).where(School.id == school_id))
        return [(school_id, uai)]
    there = union(
        select(TrailEntry.chain).distinct(), select(TrailHead.chain), select(School.id)
    ).subquery()
    rows = session.execute(
        select(there.c[0], School.uai)
        .outerjoin(School, School.id == there.c[0])
        .order_by(there.c[0])
    )
    found: list[tuple[int, str | None]] = [(row[0], row[1]) for row in rows]
    if all(chain != OFFICE_CHAIN for chain, _ in found):
        found.insert(0, (OFFICE_CHAIN, None))
    return found


def _follow(
    session: Session, pen: Pen, chain: int, kept: KeptHead | None, moved: Callable[[int], None]
) -> tuple[Break | None, int, str]:
    """Return the first break of a chain, the number of its good entries, their last digest."""
    link = Link(pen, chain, kept)
    for page in session.execute(stored_entries(session, chain)).partitions(PAGE):
        for row in page:
            if (cause := link.broken_by(row)) is not None:
                return Break(_place(link, row, cause), cause), link.count, link.digest
        moved(len(page))
    return _broken_end(session, pen, link, chain, kept), link.count, link.digest


def _place(link: Link, row: Any, cause: BreakCause) -> int:
    missing = cause is BreakCause.MISSING or not isinstance(row.sequence, int)
    return link.count + 1 if missing else int(row.sequence)


def _broken_end(
    session: Session, pen: Pen, link: Link, chain: int, kept: KeptHead | None
) -> Break | None:
    following = link.count + 1
    raw = raw_text(session)
    head = session.execute(
        select(
            TrailHead.count,
            *(raw(column) for column in (TrailHead.digest, TrailHead.key_id, TrailHead.seal)),
        ).where(TrailHead.chain == chain)
    ).one_or_none()
    if head is None:
        return Break(following, BreakCause.NO_HEAD if link.count else BreakCause.GONE)
    count, *texts = head
    if not _head_is_sealed(pen, chain, count, texts):
        return Break(following, BreakCause.FORGED_HEAD)
    if count > link.count:
        return Break(following, BreakCause.CUT)
    if (count, read_text(texts[0])) != (link.count, link.digest):
        return Break(count + 1, BreakCause.UNTOLD)
    if kept is not None and kept.count > link.count:
        return Break(following, BreakCause.BEFORE_KEPT)
    return None


def _head_is_sealed(pen: Pen, chain: int, count: int, texts: Sequence[Any]) -> bool:
    try:
        digest, key_id, seal = (read_text(value) for value in texts)
        # Whoever stole a key that was retired since could otherwise cut the end off.
        sealed_by_us = head_seal(pen, chain, count, digest, key_id) == seal
        return sealed_by_us and pen.still_seals(key_id)
    except (KeyError, ValueError, TypeError):
        return False
