"""The same pair read and nothing else: what the import adds is the plan and the database."""

from datetime import date

from benchmarks.jobs import Order
from benchmarks.siecle_files import GUARDIANS, PUPILS
from educonnect_admin.rosters.read import read_files


def run(order: Order) -> int:
    """Read both files."""
    files = [order.folder / name for name in (PUPILS, GUARDIANS)]
    read_files(files, today=date(2026, 11, 23))
    return order.letters
