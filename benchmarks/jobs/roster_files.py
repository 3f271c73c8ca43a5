"""The files of a school and an office that knows it; never counted."""

from benchmarks.jobs import Order
from benchmarks.roster_files import write_pair
from benchmarks.settings import settings_of
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import clock
from educonnect_admin.opening import open_office

UAI = "0140070A"


def run(order: Order) -> int:
    """Write the files, make the office and its school."""
    if not list(order.folder.glob("*.csv")):
        write_pair(order.folder, order.letters)
    services = open_office(settings_of(order), clock())
    with services.transaction() as session:
        session.add(School(uai=UAI, name="École de la mesure"))
    services.close()
    return order.letters
