"""An office made and filled; never counted."""

from benchmarks.filling import fill
from benchmarks.jobs import Order
from educonnect_admin.edge import clock, open_office
from educonnect_admin.settings import Settings


def run(order: Order) -> int:
    """Make the office and fill it."""
    services = open_office(Settings(database_url=order.database, operator="bench"), clock())
    fill(services, order.letters, school_size=order.school_size)
    services.close()
    return order.letters
