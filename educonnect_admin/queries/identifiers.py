"""Numbering homonyms, for ever and under any number of writers at once (R-2)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import IdentifierSeries
from educonnect_admin.queries.upsert import insert_or


def take_numbers(session: Session, wanted: Mapping[str, int]) -> dict[str, int]:
    """Reserve homonym numbers and return the first one reserved for each stem.

    One statement raises the highest number of every series and tells what it became, so
    that two imports at the same moment are served one after the other, row by row. The rows
    are touched in the order of their digests: two writers can't wait for each other both
    ways.

    Args:
        session: An open transaction; if it rolls back, the numbers go back too, unseen.
        wanted: How many numbers for each stem digest, at least one.

    Returns:
        The first of the consecutive numbers, by stem digest; 0 for the first of a name.

    Rule: R-2.
    """
    if not wanted:
        return {}
    new = insert_or(session, IdentifierSeries)
    # A new series of n names ends at n - 1: its first one bears no number.
    rows = [{"stem_digest": digest, "highest": wanted[digest] - 1} for digest in sorted(wanted)]
    taken = session.connection().execute(
        new.on_conflict_do_update(
            index_elements=[IdentifierSeries.stem_digest],
            set_={"highest": IdentifierSeries.highest + new.excluded.highest + 1},
        ).returning(IdentifierSeries.stem_digest, IdentifierSeries.highest),
        rows,
    )
    return {digest: highest - wanted[digest] + 1 for digest, highest in taken}
