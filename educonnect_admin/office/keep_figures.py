"""Keeping the figures of an audit, so that a whole academy is told in no time (R-64)."""

from sqlalchemy.orm import Session

from educonnect_admin.queries.kept_figures import keeps_figures, recount


def keep_figures(session: Session, *, every: bool = False) -> int | None:
    """Count the schools again that something has touched since they were counted.

    Whatever is not counted again is counted when it is asked for: figures are never old.

    Args:
        session: A transaction.
        every: Count all schools, as if each had been touched.

    Returns:
        How many schools were counted, or nothing where the database keeps no figures.

    Rule: R-64.
    """
    return recount(session, every=every) if keeps_figures(session) else None
