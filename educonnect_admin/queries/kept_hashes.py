"""The temporary passwords that an account had, as long as their hashes are kept (R-4, R-11)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.letters import Letter

_NEWEST = 3
"""Each is a hash to compute: the letters that a parent may still have at hand."""


def kept_hashes(session: Session, account_id: int) -> list[tuple[str, bytes]]:
    """Return number and sealed hash of the newest letters of an account, live or ended."""
    rows = session.execute(
        select(Letter.number, Letter.password_hash)
        .where(Letter.account_id == account_id, Letter.password_hash.is_not(None))
        .order_by(Letter.id.desc())
        .limit(_NEWEST)
    )
    return [(number, sealed) for number, sealed in rows if sealed is not None]
