"""Register the schools of a list."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from educonnect_admin.domain.errors import NothingAccepted
from educonnect_admin.domain.trail import Author
from educonnect_admin.office.add_school import Registered, SchoolFacts, register_school
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.rosters.schools import SchoolList, SchoolRow


def import_schools(session: Session, schools: SchoolList, author: Author) -> list[Registered]:
    """Register every school of a list, read beforehand; a second time changes nothing.

    In the order of their numbers, so that two lists at once never wait for each other.

    Args:
        session: An open transaction.
        schools: What the file says.
        author: Who asks, for the trail.

    Raises:
        NothingAccepted: every row was refused.
    """
    if schools.refused and not schools.rows:
        raise NothingAccepted(schools.refused)
    ordered = sorted(schools.rows, key=lambda row: row.uai)
    done = [register_school(session, facts) for facts in _facts(ordered)]
    append_to_trail(session, author, [happening for _, happening in done if happening])
    return [registered for registered, _ in done]


def _facts(rows: Iterable[SchoolRow]) -> Iterable[SchoolFacts]:
    for row in rows:
        yield SchoolFacts(
            row.uai, row.name, row.kind, row.city, row.email, row.phone, row.time_zone
        )
