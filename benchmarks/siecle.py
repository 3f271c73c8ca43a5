"""What a pair of exports of SIECLE costs: `python -m benchmarks.siecle`.

The pair is read alone, then imported by `roster import` into an empty office on SQLite, then
imported again, when nothing changes. Writing the files and making the office is not counted.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.jobs import Order
from benchmarks.measuring import Cost, machine, measure, spread
from benchmarks.reporting import arguments, publish, tell
from benchmarks.siecle_files import GUARDIANS, PUPILS

_JOBS = (
    ("siecle_tree", "ElementTree, whole files"),
    ("siecle_reading", "our reading alone"),
    ("siecle_importing", "whole `roster import`"),
    ("siecle_importing", "the same again, nothing changes"),
)


def main() -> None:
    """Measure, verify, print, and write if asked to."""
    publish(_arguments().parse_args(), _report)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments("siecle", __doc__)
    add = parser.add_argument
    add("--megabytes", type=int, nargs="+", default=[60], help="size of the pair (60)")
    add("--runs", type=int, default=1, help="runs of each (1)")
    return parser


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    sizes = ", ".join(f"{size} MB" for size in wanted.megabytes)
    yield f"## {wanted.date}: pairs of exports of SIECLE, {sizes}\n"
    yield from (f"- {fact}" for fact in machine(folder))
    yield f"- {wanted.runs} runs, a fresh process each; CPU: user and system time, with start-up"
    yield "\n| pair MB | pupils | guardians | links | what | CPU s | wall s | peak MB |"
    yield "|--:|--:|--:|--:|---|--:|--:|--:|"
    for size in wanted.megabytes:
        yield from _rows(wanted, folder, size)
    yield "\n- ISO-8859-15, elements as long as the real ones, links of both generations by halves"
    yield "- the second import found everything unchanged: verified"


def _rows(wanted: argparse.Namespace, folder: Path, size: int) -> Iterator[str]:
    costs: list[list[Cost]] = [[] for _ in _JOBS]
    for run in range(wanted.runs):
        tell(f"{size} MB, run {run + 1} of {wanted.runs}")
        place = folder / f"{size}-{run}"
        place.mkdir()
        order = Order(letters=size, database=str(place / "office.sqlite"), output=str(place))
        measure("siecle_writing", order)
        told = []
        for at, (job, _) in enumerate(_JOBS):
            costs[at].append(measure(job, order))
            if job == "siecle_importing":
                told.append(json.loads((place / "facts.json").read_text(encoding="utf-8")))
    first, second = told
    if second["unchanged"] != first["new"] or any(second["new"].values()):
        raise ValueError("the second import changed something")
    bytes_ = sum((place / name).stat().st_size for name in (PUPILS, GUARDIANS))
    heads = " | ".join(f"{first['new'][name]:,}" for name in ("pupils", "guardians", "links"))
    for (_, what), some in zip(_JOBS, costs, strict=True):
        figures = (
            spread([cost.cpu for cost in some], 1),
            spread([cost.wall for cost in some], 1),
            spread([cost.peak for cost in some], 0),
        )
        yield f"| {bytes_ / 1e6:.1f} | {heads} | {what} | {' | '.join(figures)} |"


if __name__ == "__main__":
    main()
