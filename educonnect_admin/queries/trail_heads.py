"""The ends of the chains of the trail, sealed again by another key (R-63)."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.trail import Pen, TrailHead
from educonnect_admin.queries.trail import head_seal


def heads_of_other_keys(session: Session, pen: Pen, *, lock: bool = False) -> list[TrailHead]:
    """Return the ends that another key than the pen's has sealed, and that hold.

    Not those that do not hold: a forged end must go on showing.
    """
    query = select(TrailHead).where(TrailHead.key_id != pen.key_id).order_by(TrailHead.chain)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return [head for head in session.scalars(query) if _holds(pen, head)]


def _holds(pen: Pen, head: TrailHead) -> bool:
    try:
        return head.seal == head_seal(pen, head.chain, head.count, head.digest, head.key_id)
    except KeyError:
        return False


def seal_heads_anew(session: Session, pen: Pen) -> int:
    """Seal with the pen's key every end that another one has sealed; return how many."""
    heads = heads_of_other_keys(session, pen, lock=True)
    for head in heads:
        seal = head_seal(pen, head.chain, head.count, head.digest)
        session.execute(
            update(TrailHead)
            .where(TrailHead.chain == head.chain)
            .values(key_id=pen.key_id, seal=seal)
            .execution_options(synchronize_session=False)
        )
    return len(heads)
