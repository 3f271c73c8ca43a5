"""A pair of files of SIECLE, and an empty office to take them in; never counted."""

from benchmarks.jobs import Order
from benchmarks.settings import settings_of
from benchmarks.siecle_files import UAI, households_for, town_of, write_pair
from educonnect_admin.edge import clock
from educonnect_admin.office.add_school import SchoolFacts, add_school
from educonnect_admin.opening import open_office


def run(order: Order) -> int:
    """Write so many megabytes; the office knows the school."""
    write_pair(order.folder, town_of(households_for(order.letters)))
    services = open_office(settings_of(order), clock())
    with services.transaction() as session:
        school = SchoolFacts(uai=UAI, name="Collège Jules-Ferry")
        add_school(session, school, services.author(clock()))
    services.close()
    return order.letters
