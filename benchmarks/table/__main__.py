"""One table, one run: `python -m benchmarks.table`, or `--quick` for one in a few minutes."""

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measuring import machine
from benchmarks.reporting import arguments, publish
from benchmarks.table import finds, growth, imports, letters, scaling
from benchmarks.table.lines import Line, table

_PARTS: dict[str, Callable[[argparse.Namespace, Path], Iterator[Line | str]]] = {
    "letters": letters.measured,
    "imports": imports.measured,
    "finds": finds.measured,
    "scaling": scaling.measured,
    "growth": growth.measured,
}
_QUICK = {
    "runs": 1, "letters": 50, "slow_letters": 20, "hashes": 100, "pupils": 300, "guardians": 2_000,
    "scaling": 60, "growth": [300, 600], "hashing": "cheap-for-tests",
}  # fmt: skip


def main() -> None:
    """Measure, print, and write if asked to."""
    wanted = _arguments().parse_args()
    if wanted.quick:
        vars(wanted).update(_QUICK)
    publish(wanted, _report)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments("table", __doc__)
    add = parser.add_argument
    add("--only", choices=_PARTS, action="append", help="only this part; repeatable")
    add("--runs", type=int, default=3, help="interleaved runs of each (3)")
    add("--letters", type=int, default=2_000, help="for each way to print (2000)")
    add("--slow-letters", type=int, default=500, help="for WeasyPrint and LibreOffice (500)")
    add("--hashes", type=int, default=4_000, help="letters hashed at OWASP's cost (4000)")
    add("--pupils", type=int, default=20_000, help="of the import (20000)")
    add("--guardians", type=int, default=500_000, help="among whom is searched (500000)")
    add("--scaling", type=int, default=2_000, help="letters of each crew and run (2000)")
    add("--hashing", default="owasp", choices=("owasp", "cheap-for-tests"), help="of the crews")
    add("--growth", type=_sizes, default=[1_000, 10_000, 100_000, 500_000],
        help="guardians of each academy (1000,10000,100000,500000)")  # fmt: skip
    add("--quick", action="store_true", help="tiny, once: does everything still run?")
    return parser


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    lines: list[Line] = []
    facts: list[str] = []
    for name in wanted.only or _PARTS:
        place = folder / name
        place.mkdir()
        for found in _PARTS[name](wanted, place):
            (lines if isinstance(found, Line) else facts).append(found)  # type: ignore[arg-type]
    title = "everything beside its peers" + (" (quick: sizes say nothing)" * wanted.quick)
    yield f"## {wanted.date}: {title}\n"
    yield from (f"- {fact}" for fact in machine(folder))
    yield f"- medians of {wanted.runs} interleaved runs (least–greatest); start-up included"
    yield "- searches, campaigns and growth on PostgreSQL with fsync, the server's CPU in theirs"
    yield "- words of all peers compared with ours; no QR code in this comparison\n"
    yield from table(lines)
    yield ""
    yield from (f"- {fact}" for fact in facts)


if __name__ == "__main__":
    os.umask(0o066)  # others may pass, as the server of a database does, and see nothing
    main()
