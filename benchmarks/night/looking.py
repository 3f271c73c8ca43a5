"""What is asked of a full academy in the morning: the audit, a parent by a misspelt name, sizes."""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import text

from benchmarks.academy.schools import ACADEMY
from benchmarks.find import MISSPELT, cell, measured
from benchmarks.night.campaigns import Office
from benchmarks.reporting import tell
from educonnect_admin.domain.activations import GroupedBy
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.audit_activations import audit_activations
from educonnect_admin.opening import open_services
from educonnect_admin.settings import Settings

_LARGEST = 12
_SIZES = """
    SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY pg_total_relation_size(oid) DESC LIMIT %s
"""


def looked(office: Office, wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Ask, and tell how long the answers took."""
    with psycopg.connect(office.address, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")  # as autovacuum does within a minute
    tell("audit, searches, sizes")
    yield from _command(office, wanted)
    services = open_services(
        Settings(
            database_url=office.address,
            secret_key_file=folder / "office.key",
            hashing="cheap-for-tests",
        )
    )
    try:
        yield from _audit(services, wanted.runs)
        yield from _searches(services, wanted.runs)
        yield from _sizes(services)
    finally:
        services.close()


def _command(office: Office, wanted: argparse.Namespace) -> Iterator[str]:
    for by in ("school", "academy"):
        asked = ("audit", "activations", "--academy", ACADEMY, "--by", by, "--json")
        walls = [office.run(*asked).wall for _ in range(wanted.runs)]
        yield (
            f"\n- the command `audit activations --academy`, by {by}, start-up included: "
            f"**{median(walls):.2f}** s (greatest {max(walls):.2f}; aim: under 1 s)"
        )


def _audit(services: Services, runs: int) -> Iterator[str]:
    for by in (GroupedBy.ACADEMY, GroupedBy.SCHOOL, GroupedBy.CLASS):
        walls = []
        for _ in range(runs):
            start = time.perf_counter()
            with services.reading() as session:
                audit_activations(session, academy=ACADEMY, by=by, now=clock())
            walls.append(time.perf_counter() - start)
        yield f"- the audit alone, by {by}: {median(walls):.2f} s (greatest {max(walls):.2f})"


def _searches(services: Services, runs: int) -> Iterator[str]:
    yield "\n| misspelt | found | database ms | whole ms |"
    yield "|---|--:|--:|--:|"
    worst = 0.0
    for typed in MISSPELT:
        found, inside, whole = measured(services, typed, runs)
        worst = max(worst, median(whole))
        yield f"| {typed} | {found} | {cell(inside)} | {cell(whole)} |"
    yield f"\n- the slowest search: **{worst:.0f} ms** (median, whole; aim: under 150 ms)"


def _sizes(services: Services) -> Iterator[str]:
    with services.engine.connect() as connection:
        tables = connection.exec_driver_sql(_SIZES, (_LARGEST,)).all()
        total = connection.scalar(text("SELECT pg_database_size(current_database())"))
        counts = connection.execute(
            text("SELECT (SELECT count(*) FROM guardians), (SELECT count(*) FROM letters)")
        ).one()
    yield "\n| table | rows | MB | indexes MB |"
    yield "|---|--:|--:|--:|"
    for name, rows, size, indexes in tables:
        yield f"| {name} | {rows:,} | {size / 1e6:.1f} | {indexes / 1e6:.1f} |"
    assert total is not None
    yield (
        f"\n- the database: {total / 1e6:,.0f} MB with its indexes, **{total / counts[0]:,.0f} "
        f"bytes a guardian** as schools list them ({counts[0]:,}), {counts[1]:,} letters among it"
    )
