"""Write an academy: `python -m benchmarks.academy FOLDER --schools 2800`."""

import argparse
from pathlib import Path

from benchmarks.academy.writing import write_academy
from benchmarks.households import SEED


def main() -> None:
    """Write it, and say what it holds."""
    parser = argparse.ArgumentParser(prog="benchmarks.academy", description=__doc__)
    parser.add_argument("folder", type=Path, help="an empty folder, or one to be made")
    parser.add_argument("--schools", type=int, default=2_800, help="how many (2800)")
    parser.add_argument("--seed", type=int, default=SEED, help="which academy")
    wanted = parser.parse_args()
    written = write_academy(wanted.folder, wanted.schools, wanted.seed)
    print(
        f"{written.schools:,} schools, {written.pupils:,} pupils, {written.guardians:,} guardians,"
        f" {written.in_two_schools:,} of them known to two schools"
    )


if __name__ == "__main__":
    main()
