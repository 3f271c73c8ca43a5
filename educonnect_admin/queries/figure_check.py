"""Whether the figures that PostgreSQL keeps are those of the moment (R-64)."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from educonnect_admin.queries.kept_figures import keeps_figures

# What is marked is counted when it is asked for, whatever is kept of it: only the rest can lie.
_WRONG = text(
    """
    WITH fresh AS MATERIALIZED (
        SELECT id FROM schools WHERE id NOT IN (SELECT touched_now())
    ), counted AS MATERIALIZED (
        SELECT * FROM counted_accounts(ARRAY(TABLE fresh))
    ), kept_then AS (
        SELECT held_in, counts_in, state, journey, letter_last_day, letter_school_id, bounced,
            sum(accounts) AS accounts
        FROM kept_standings GROUP BY 1, 2, 3, 4, 5, 6, 7
    ), counted_now AS (
        SELECT held_in, counts_in, state, journey, letter_last_day, letter_school_id, bounced,
            sum(accounts) AS accounts
        FROM counted GROUP BY 1, 2, 3, 4, 5, 6, 7
    ), days_then AS (
        SELECT held_in, counts_in, days, common_day, sum(accounts) AS accounts
        FROM kept_days GROUP BY 1, 2, 3, 4
    ), days_now AS (
        SELECT held_in, counts_in, days, common_day, sum(accounts) AS accounts
        FROM counted WHERE common_day IS NOT NULL GROUP BY 1, 2, 3, 4
    ), differing (held_in) AS (
        SELECT held_in FROM (TABLE kept_then EXCEPT TABLE counted_now) AS too_much
        UNION SELECT held_in FROM (TABLE counted_now EXCEPT TABLE kept_then) AS too_little
        UNION SELECT held_in FROM (TABLE days_then EXCEPT TABLE days_now) AS too_early
        UNION SELECT held_in FROM (TABLE days_now EXCEPT TABLE days_then) AS too_late
    )
    SELECT DISTINCT schools.uai FROM differing CROSS JOIN LATERAL unnest(held_in) AS one (id)
    JOIN schools ON schools.id = one.id
    WHERE NOT EXISTS (
        SELECT FROM unnest(held_in) AS its (id) WHERE its.id NOT IN (TABLE fresh)
    )
    ORDER BY schools.uai
    """
)


def wrong_figures(session: Session) -> Sequence[str]:
    """Return the UAI of the schools whose figures are neither right nor marked as touched.

    Args:
        session: Of the owner: he alone sees the tables.
    """
    return session.scalars(_WRONG).all() if keeps_figures(session) else ()
