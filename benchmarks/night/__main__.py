"""Measure the night: `python -m benchmarks.night --schools 2800 --letters 100000 --write`."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.academy.writing import ROSTERS, SCHOOLS, write_academy
from benchmarks.households import SEED
from benchmarks.measuring import machine
from benchmarks.night import looking, printing, steps
from benchmarks.night.opening import office_on_postgres
from benchmarks.reporting import arguments, publish, tell


def main() -> None:
    """Write an academy, let its night pass, print, and write if asked to."""
    publish(_arguments().parse_args(), _report)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments("night", __doc__)
    add = parser.add_argument
    add("--schools", type=int, default=2_800, help="of the academy (2800)")
    add("--letters", type=int, default=100_000, help="about so many are printed (100000)")
    add("--slices", type=int, default=4, help="in so many runs, hashing alone in between (4)")
    add("--workers", type=int, default=os.cpu_count(), help="processes (all cores)")
    add("--hashes", type=int, default=4_000, help="passwords of each measure of hashing (4000)")
    add("--runs", type=int, default=5, help="of each look: audits and searches (5)")
    add("--hashing", choices=("owasp", "cheap-for-tests"), default="owasp", help="(owasp)")
    add("--seed", type=int, default=SEED, help="which academy")
    return parser


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    tell("writing the academy")
    paper = folder / "academy"
    academy = write_academy(paper, wanted.schools, wanted.seed)
    yield f"## {wanted.date}: the night of an academy of {academy.schools:,} schools\n"
    yield from (f"- {fact}" for fact in machine(folder))
    yield (
        f"- {academy.pupils:,} pupils, {academy.guardians:,} guardians as schools list them, "
        f"{academy.in_two_schools:,} of them in two schools; {wanted.workers} processes"
    )
    yield "- PostgreSQL as installed, fsync on; its CPU apart; peaks looked at ten times a second"
    workers = ("--workers", str(wanted.workers))
    with office_on_postgres(folder, wanted.hashing, *workers) as office:
        yield from steps.passed(office, paper / SCHOOLS, paper / ROSTERS, folder / "report")
        yield from printing.printed(office, wanted, folder)
        yield from looking.looked(office, wanted, folder)


if __name__ == "__main__":
    os.umask(0o066)  # others may pass, as the server of a database does, and see nothing
    main()
