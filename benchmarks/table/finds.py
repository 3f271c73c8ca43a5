"""A misspelt name looked for, beside `LIKE` that forgives nothing, on PostgreSQL."""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.filling import fill
from benchmarks.find import MISSPELT, naive, vacuum
from benchmarks.measuring import Cost
from benchmarks.night.opening import office_on_postgres
from benchmarks.night.watching import Server
from benchmarks.reporting import tell
from benchmarks.table.lines import Line
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.find_accounts import find_accounts
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings


def measured(wanted: argparse.Namespace, folder: Path) -> Iterator[Line]:
    """Measure both in turn: CPU is ours and the server's."""
    with office_on_postgres(folder, "cheap-for-tests") as paper:
        settings = Settings(
            database_url=paper.address, secret_key_file=folder / "office.key", operator="bench",
            hashing="cheap-for-tests",
        )  # fmt: skip
        services = open_office(settings, clock())
        tell(f"filling {wanted.guardians:,} guardians")
        fill(services, wanted.guardians, school_size=400)
        vacuum(services)
        lines = list(_both(wanted, services, paper.server))
        services.close()
    yield from lines


def _both(wanted: argparse.Namespace, services: Services, server: Server) -> Iterator[Line]:
    ours, like = [], []
    for run in range(wanted.runs):
        tell(f"searches, run {run + 1} of {wanted.runs}")
        ours.append(_cost(server, lambda typed: _search(services, typed)))
        like.append(_cost(server, lambda typed: naive(services, typed, 0)))
    group, number = f"find among {wanted.guardians:,}", len(MISSPELT)
    what = "`accounts find`, misspelt names found"
    yield Line(group=group, what=what, number=number, costs=ours, ours=True)
    what = "`LIKE '%…%'`, no slip forgiven"
    yield Line(group=group, what=what, number=number, costs=like)


def _search(services: Services, typed: str) -> None:
    with services.reading() as session:
        find_accounts(session, typed, now=clock())


def _cost(server: Server, search: Callable[[str], object]) -> Cost:
    cpu, start = time.process_time() + server.cpu(), time.perf_counter()
    for typed in MISSPELT:
        search(typed)
    wall = time.perf_counter() - start
    return Cost(time.process_time() + server.cpu() - cpu, wall, 0)
