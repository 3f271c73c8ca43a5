"""What an import costs beside its floor: `python -m benchmarks.rosters`.

The floor reads the same files with pandas and writes their rows by bare `executemany` into
the same tables. The import recognises, checks, compares and writes; then comes again, and
has nothing to write. SQLite, a fresh process each, runs interleaved.
"""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.jobs import Order
from benchmarks.measuring import Cost, machine, measure, spread
from benchmarks.reporting import arguments, publish, tell

_WHAT = {
    "roster_floor": "the floor: pandas reads, bare executemany writes",
    "roster_import": "`roster import`, everybody new",
    "again": "`roster import` again, unchanged",
}


def main() -> None:
    """Measure, print, and write if asked to."""
    publish(_arguments().parse_args(), _report)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments("rosters", __doc__)
    add = parser.add_argument
    add("--pupils", type=int, default=100_000, help="pupils (100000); 1.7 guardians to each")
    add("--runs", type=int, default=3, help="runs of each, interleaved (3)")
    return parser


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    costs: dict[str, list[Cost]] = {name: [] for name in _WHAT}
    for run in range(wanted.runs):
        tell(f"run {run + 1} of {wanted.runs}")
        for name, cost in _one_run(folder, wanted.pupils):
            costs[name].append(cost)
    guardians = sum(1 for _ in (folder / "CSVExtraction-r.csv").open(encoding="utf-8")) - 1
    yield f"## {wanted.date}: importing {wanted.pupils:,} pupils, {guardians:,} guardians\n"
    yield from (f"- {fact}" for fact in machine(folder))
    yield f"- medians of {wanted.runs} interleaved runs (least–greatest); start-up included"
    yield "\n| what | CPU s | wall s | peak MB |"
    yield "|---|--:|--:|--:|"
    for name, what in _WHAT.items():
        found = costs[name]
        figures = [spread([getattr(one, part) for one in found], 1) for part in ("cpu", "wall")]
        yield f"| {what} | {' | '.join(figures)} | {spread([c.peak for c in found], 0)} |"
    yield "\nRun by run, CPU of one beside the other:\n"
    yield from _ratios(costs)


def _ratios(costs: dict[str, list[Cost]]) -> Iterator[str]:
    for one, other, aim in (
        ("roster_import", "roster_floor", "at most 4"),
        ("again", "roster_import", "at most 0.5"),
    ):
        ratios = [a.cpu / b.cpu for a, b in zip(costs[one], costs[other], strict=True)]
        told = "reached" if median(ratios) <= float(aim.split()[-1]) else "NOT reached"
        yield f"- {_WHAT[one]} / {_WHAT[other]} = **{spread(ratios)}** (aim: {aim}; {told})"


def _one_run(folder: Path, pupils: int) -> Iterator[tuple[str, Cost]]:
    for name in ("roster_floor", "roster_import"):
        office = folder / name
        office.mkdir()
        order = Order(letters=pupils, database=str(office / "office.sqlite"), output=str(folder))
        measure("roster_files", order)
        yield name, measure(name, order)
        if name == "roster_import":
            yield "again", measure(name, order)
        shutil.rmtree(office)


if __name__ == "__main__":
    main()
