"""An office made and filled; never counted."""

from benchmarks.filling import fill
from benchmarks.jobs import Order
from benchmarks.settings import settings_of
from educonnect_admin.databases import parse_address
from educonnect_admin.edge import clock
from educonnect_admin.opening import open_office


def run(order: Order) -> int:
    """Make the office and fill it."""
    if order.database.startswith("postgresql"):
        _create_database(order.database)
    services = open_office(settings_of(order), clock())
    fill(services, order.letters, school_size=order.school_size)
    services.close()
    return order.letters


def _create_database(address: str) -> None:
    import psycopg

    url = parse_address(address)
    server = f"host={url.query['host']} user=postgres dbname=postgres"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{url.database}"'.encode())
