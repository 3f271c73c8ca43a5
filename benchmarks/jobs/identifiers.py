"""Accounts opened, identifiers numbered: the real `generate_accounts`, school after school."""

from sqlalchemy import select

from benchmarks.jobs import Order
from benchmarks.settings import settings_of
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import clock
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.opening import open_services


def run(order: Order) -> int:
    """Open the accounts of every school, a transaction each, as `accounts generate` does."""
    services = open_services(settings_of(order))
    author = services.author(clock())
    with services.reading() as session:
        schools = session.scalars(select(School.id).order_by(School.id)).all()
    created = 0
    for school_id in schools:
        with services.transaction() as session:
            school = session.get_one(School, school_id)
            created += generate_accounts(
                session, school, stem_digest=services.keyring.stem_digest, author=author
            ).created
    services.close()
    return created
