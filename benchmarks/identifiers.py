"""What an identifier costs: `python -m benchmarks.identifiers`.

Names as often as France bears them, opened by the real `generate_accounts`: many schools, a
transaction each, and one school of all, the worst case for memory. Filling is not counted.
"""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.jobs import Order
from benchmarks.measuring import machine, measure, spread
from benchmarks.reporting import arguments, publish, tell


def main() -> None:
    """Measure, verify, print, and write if asked to."""
    publish(_arguments().parse_args(), _report)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments("identifiers", __doc__)
    add = parser.add_argument
    add("--number", type=int, default=200_000, help="identifiers (200000)")
    add("--school", type=int, default=400, help="guardians a school (400)")
    add("--runs", type=int, default=1, help="runs of each (1)")
    add("--postgres", help="also on a throw-away PostgreSQL: the folder of its socket")
    return parser


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield f"## {wanted.date}: {wanted.number:,} identifiers\n"
    yield from (f"- {fact}" for fact in machine(folder))
    yield "\n| database | shape | s | CPU s | CPU µs each | peak MB | stems | largest number |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    shapes = {f"schools of {wanted.school:,}": wanted.school, "one school": wanted.number}
    for database in ("SQLite", *(["PostgreSQL"] if wanted.postgres else [])):
        for shape, size in shapes.items():
            yield f"| {database} | {shape} | {' | '.join(_row(wanted, folder, database, size))} |"
    yield "\n- all different, none longer than 64 signs, all of the shape of R-2: verified"
    yield "- on PostgreSQL, the CPU and memory of the server are not in these figures"


def _row(wanted: argparse.Namespace, folder: Path, database: str, size: int) -> Iterator[str]:
    costs = []
    for run in range(wanted.runs):
        tell(f"{database}, {size} a school, run {run + 1} of {wanted.runs}")
        order = _order(wanted, folder / f"{database}-{size}-{run}", database, size)
        measure("filling", order)
        costs.append(measure("identifiers", order))
        measure("verifying", order)
    facts = json.loads(order.folder.read_text(encoding="utf-8"))
    yield spread([cost.wall for cost in costs], 1)
    yield spread([cost.cpu for cost in costs], 1)
    yield spread([1e6 * cost.cpu / wanted.number for cost in costs], 0)
    yield spread([cost.peak for cost in costs], 0)
    yield f"{facts['stems']:,}"
    yield str(facts["largest"])


def _order(wanted: argparse.Namespace, place: Path, database: str, size: int) -> Order:
    place.mkdir()
    address = str(place / "office.sqlite")
    if database != "SQLite":
        address = f"postgresql://postgres@/bench_{os.getpid()}_{place.name}?host={wanted.postgres}"
    return Order(
        letters=wanted.number,
        school_size=size,
        database=address,
        key=str(place / "secret.key"),
        output=str(place / "facts.json"),
    )


if __name__ == "__main__":
    main()
