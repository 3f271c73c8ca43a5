"""What a letter costs, measured in one run beside the peers: `python -m benchmarks.letters`.

For each size, runs are interleaved (A B C A B C …), each in a fresh process: CPU is that of
the whole process and its threads, start-up included; the peak is its largest resident size.
Medians, with the least and the greatest in brackets.
"""

import argparse
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.jobs import Order
from benchmarks.measuring import Cost, machine, measure, spread
from benchmarks.reporting import arguments, publish, tell

SCHOOL = 400
_WHOLE = 10**9
"""Letters a school, where one school holds them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing measured.

    Attributes:
        slow: which of the two caps holds for it, `owasp` or `peers`; empty: none.
    """

    name: str
    job: str
    order: Order
    slow: str = ""


_ANY = Order(letters=0)
_OWASP = replace(_ANY, hashing="owasp")
HASHING = Row(name="hashing alone, OWASP", job="hashing", order=_OWASP, slow="owasp")
ISSUE = Row(
    name=f"whole `letters issue`, schools of {SCHOOL}, OWASP", job="issuing",
    order=replace(_OWASP, school_size=SCHOOL), slow="owasp",
)  # fmt: skip
CHEAP_HASHING = Row(name="hashing alone, CHEAP parameters", job="hashing", order=_ANY)
CHEAP_ISSUE = Row(
    name=f"whole `letters issue`, schools of {SCHOOL}, CHEAP hashing (memory only)",
    job="issuing", order=replace(_ANY, school_size=SCHOOL),
)  # fmt: skip
ONE_SCHOOL = Row(
    name="whole `letters issue`, one school, CHEAP hashing (memory only)", job="issuing",
    order=replace(_ANY, school_size=_WHOLE),
)  # fmt: skip
BARE = Row(name="our rendering, 25 a file, no QR", job="rendering",
           order=replace(_ANY, codes=False))  # fmt: skip
OURS = Row(name="our rendering, 25 a file, with QR", job="rendering", order=_ANY)
BARE_500 = Row(name="our rendering, 500 a file, no QR", job="rendering",
               order=replace(_ANY, codes=False, per_file=500))  # fmt: skip
OURS_500 = Row(name="our rendering, 500 a file, with QR", job="rendering",
               order=replace(_ANY, per_file=500))  # fmt: skip
PLATYPUS = Row(name="naive Platypus, one document, no QR", job="platypus",
               order=replace(_ANY, codes=False), slow="peers")  # fmt: skip
PLATYPUS_QR = Row(name="naive Platypus, one document, with reportlab's QR", job="platypus",
                  order=_ANY, slow="peers")  # fmt: skip
FPDF = Row(name="fpdf2, one document, `multi_cell`, no QR", job="fpdf", order=_ANY, slow="peers")
FPDF_CAREFUL = Row(name="fpdf2, one document, lines wrapped once, no QR", job="fpdf",
                   order=replace(_ANY, careful=True), slow="peers")  # fmt: skip
FAMILIES = Row(name="the made-up families alone (in every rendering above)", job="families",
               order=_ANY)  # fmt: skip
ROWS = (
    HASHING, ISSUE, CHEAP_HASHING, CHEAP_ISSUE, ONE_SCHOOL, BARE, OURS, BARE_500, OURS_500,
    PLATYPUS, PLATYPUS_QR, FPDF, FPDF_CAREFUL, FAMILIES,
)  # fmt: skip

Costs = dict[tuple[int, str], list[Cost]]
"""The costs of each run, by size and row."""


def main() -> None:
    """Measure, print, and write if asked to."""
    wanted = _arguments().parse_args()
    if wanted.quick:
        wanted.sizes, wanted.runs, wanted.owasp_cap, wanted.peers_cap = [200], 1, 200, 200
    publish(wanted, _report)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments("letters", __doc__)
    add = parser.add_argument
    add("--sizes", type=_sizes, default=[1_000, 10_000, 100_000], help="letters, comma between")
    add("--runs", type=int, default=5, help="interleaved runs of everything (5)")
    add("--cheap", action="store_true", help="leave out all that hashes at OWASP's cost")
    add("--owasp-cap", type=int, default=10_000,
        help="the largest size hashed at OWASP's cost (10000)")  # fmt: skip
    add("--peers-cap", type=int, default=10_000, help="the largest size for the peers (10000)")
    add("--only", action="append", default=[], help="only rows that hold this text; repeatable")
    add("--quick", action="store_true", help="200 letters, once: does everything still run?")
    add("--samples", type=Path, help="keep a page of each engine in this folder")
    return parser


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


def _measure_all(wanted: argparse.Namespace, folder: Path) -> Costs:
    costs: Costs = defaultdict(list)
    for size in wanted.sizes:
        rows = _rows(wanted, size)
        for shape in sorted({row.order.school_size for row in rows if row.job == "issuing"}):
            database = _database(folder, size, shape)
            database.parent.mkdir()
            filling = Order(letters=size, database=str(database), school_size=shape)
            measure("filling", filling)
        for turn in range(wanted.runs):
            for row in rows:
                tell(f"{size} letters, run {turn + 1} of {wanted.runs}: {row.name}")
                costs[size, row.name].append(_cost(row, size, folder))
    return costs


def _rows(wanted: argparse.Namespace, size: int) -> list[Row]:
    caps = {"owasp": 0 if wanted.cheap else wanted.owasp_cap, "peers": wanted.peers_cap}
    return [
        row
        for row in ROWS
        if size <= caps.get(row.slow, size)
        and (not wanted.only or any(text in row.name for text in wanted.only))
    ]


def _database(folder: Path, size: int, school_size: int) -> Path:
    return folder / f"filled-{size}-{school_size}" / "office.sqlite"


def _cost(row: Row, size: int, folder: Path) -> Cost:
    order = replace(row.order, letters=size)
    if row.job != "issuing":
        return measure(row.job, order)
    copy = folder / "copy"
    shutil.copytree(_database(folder, size, order.school_size).parent, copy)
    # What the copy left to be written must not slow the fsyncs that are measured.
    os.sync()
    output = str(copy / "letters")
    cost = measure(row.job, replace(order, database=str(copy / "office.sqlite"), output=output))
    shutil.rmtree(copy)
    return cost


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    measure("sameness", replace(_ANY, letters=3, output=str(wanted.samples or "")))
    costs = _measure_all(wanted, folder)
    yield f"## {wanted.date}: {', '.join(f'{size:,}' for size in wanted.sizes)} letters\n"
    yield from (f"- {fact}" for fact in machine(folder))
    yield f"- medians of {wanted.runs} interleaved runs (least–greatest), a fresh process each;"
    yield "  CPU is user and system time of the process and all its threads, start-up included"
    yield from (f"- {cap}" for cap in _caps(wanted))
    yield "\n| letters | what | CPU ms a letter | wall s | cores busy | peak MB |"
    yield "|--:|---|--:|--:|--:|--:|"
    for (size, name), found in costs.items():
        yield f"| {size:,} | {name} | {' | '.join(_cells(size, found))} |"
    ratios = list(_ratios(wanted.sizes, costs))
    if ratios:
        yield "\nRun by run, one beside the other:\n"
        yield from (f"- {ratio}" for ratio in ratios)


def _caps(wanted: argparse.Namespace) -> Iterator[str]:
    largest = wanted.sizes[-1]
    if wanted.cheap:
        yield "OWASP hashing left out (`--cheap`); CHEAP: 8 KiB, one pass, protects nothing"
    elif largest > wanted.owasp_cap:
        yield f"OWASP hashing not measured above {wanted.owasp_cap:,} letters; CHEAP: 8 KiB, one"
        yield "pass, protects nothing and serves the question of memory alone"
    if largest > wanted.peers_cap:
        yield f"the peers not measured above {wanted.peers_cap:,} letters"
    yield "the peers draw no bookmarks; their fonts, words and boxes are ours (words compared)"


def _cells(size: int, found: Sequence[Cost]) -> Iterator[str]:
    yield spread([1000 * cost.cpu / size for cost in found], 3)
    yield spread([cost.wall for cost in found], 1)
    yield spread([cost.cpu / cost.wall for cost in found])
    yield spread([cost.peak for cost in found], 0)


def _ratios(sizes: Sequence[int], costs: Costs) -> Iterator[str]:
    for size in sizes:
        yield from _times(size, costs, PLATYPUS, BARE)
        yield from _times(size, costs, FPDF, BARE)
        yield from _times(size, costs, FPDF_CAREFUL, BARE)
        yield from _times(size, costs, PLATYPUS_QR, OURS)
        yield from _times(size, costs, ISSUE, HASHING)
        yield from _beyond(size, costs, ISSUE, HASHING)
        yield from _beyond(size, costs, CHEAP_ISSUE, CHEAP_HASHING)
        yield from _beyond(size, costs, OURS, BARE)
    for row in (CHEAP_ISSUE, ONE_SCHOOL, OURS):
        yield from _growth(sizes, costs, row)


def _times(size: int, costs: Costs, over: Row, under: Row) -> Iterator[str]:
    pairs = _pairs(size, costs, over, under)
    if pairs:
        ratios = [upper.cpu / lower.cpu for upper, lower in pairs]
        yield f"{size:,}: {over.name} / {under.name} = **{spread(ratios, 3)}**"


def _beyond(size: int, costs: Costs, over: Row, under: Row) -> Iterator[str]:
    pairs = _pairs(size, costs, over, under)
    if pairs:
        more = [1000 * (upper.cpu - lower.cpu) / size for upper, lower in pairs]
        yield f"{size:,}: {over.name} − {under.name} = {spread(more, 3)} ms a letter"


def _pairs(size: int, costs: Costs, over: Row, under: Row) -> list[tuple[Cost, Cost]]:
    both = costs.get((size, over.name), []), costs.get((size, under.name), [])
    return list(zip(*both, strict=True)) if all(both) else []


def _growth(sizes: Sequence[int], costs: Costs, row: Row) -> Iterator[str]:
    peaks = [
        f"{spread([cost.peak for cost in costs[size, row.name]], 0)} MB at {size:,}"
        for size in sizes
        if (size, row.name) in costs
    ]
    if len(peaks) > 1:
        yield f"peak of {row.name}: {', '.join(peaks)}"


if __name__ == "__main__":
    main()
