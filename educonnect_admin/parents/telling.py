"""What the trail is told of a holder's own act: the same in the chain of every school (R-63)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.queries.accounts import schools_of_account


def told(
    session: Session,
    kind: TrailKind,
    account_id: int,
    details: Mapping[str, str | int] | None = None,
    *,
    letter_id: int | None = None,
) -> list[Happening]:
    """Return an entry for each school that has a record in the account, or for the office."""
    return [
        Happening(
            kind,
            school_id=school_id,
            account_id=account_id,
            letter_id=letter_id,
            details=details or {},
        )
        for school_id in (*schools_of_account(session, account_id),) or (None,)
    ]
