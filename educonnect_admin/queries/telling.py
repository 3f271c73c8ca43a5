"""What the trail is told of an account: the same in the chain of every school concerned."""

from collections.abc import Iterable, Mapping, Sequence

from educonnect_admin.domain.trail import Happening, TrailKind


def told_in(
    schools: Sequence[int],
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
