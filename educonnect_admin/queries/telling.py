"""What the trail is told of an account: the same in the chain of every school concerned."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.queries.accounts import schools_of_account
from educonnect_admin.queries.whole_accounts import has_records_elsewhere


def told_in(
    schools: Sequence[int | None],
    kind: TrailKind,
    account_id: int,
    reason: str | None,
    details: Mapping[str, str | int] | None = None,
) -> Iterable[Happening]:
    """Yield an entry for each school, or for the office where there is none (R-63)."""
    for school_id in schools or (None,):
        yield Happening(
            kind,
            school_id=school_id,
            account_id=account_id,
            details=details or {},
            reason=reason,
        )


def told_of(session: Session, account_id: int, also: Iterable[int] = ()) -> list[int | None]:
    """Return where to tell what the desk does to an account (`told_past`).

    Args:
        session: An open session.
        account_id: The account.
        also: Schools that no longer have a record, or not yet.
    """
    schools = sorted({*also, *schools_of_account(session, account_id)})
    return told_past(session, account_id, schools)


def told_past(session: Session, account_id: int, schools: Sequence[int]) -> list[int | None]:
    """Return these schools, and the office where one out of sight has a record too.

    Nobody writes in the chain of a school that he does not see: it is told in the office's,
    which whoever sees the account reads that far (R-65).
    """
    return [*schools, None] if has_records_elsewhere(session, account_id) else [*schools]
