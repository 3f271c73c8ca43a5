"""How costs grow with the academy: import, accounts, letters with cheap hashing."""

import argparse
import math
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.academy.writing import ROSTERS, SCHOOLS, write_academy
from benchmarks.households import SEED
from benchmarks.measuring import Cost
from benchmarks.night.campaigns import Campaign
from benchmarks.night.opening import office_on_postgres
from benchmarks.night.printing import slices_of
from benchmarks.reporting import tell
from benchmarks.table.lines import Line

_GUARDIANS_A_SCHOOL = 500_000 / 2_800
_FAIR = 5_000
"""Guardians below which starting the programs is most of what is measured."""

Points = dict[str, list[tuple[int, float]]]
"""For each step, its numbers and CPU seconds."""


def measured(wanted: argparse.Namespace, folder: Path) -> Iterator[Line | str]:
    """Let the same night pass in academies of each size, and fit a line to the logarithms."""
    points: Points = defaultdict(list)
    for guardians in wanted.growth:
        place = folder / str(guardians)
        place.mkdir()
        for step, campaign in _night(place, guardians):
            cost = campaign.cost
            peak = max(cost.parent_peak, cost.worker_peak)
            both = Cost(cost.cpu + cost.server_cpu, cost.wall, peak)
            points[step].append((campaign.number, both.cpu))
            yield Line(group=f"growth: {step}", what=f"academy of {guardians:,} guardians",
                       number=campaign.number, costs=[both])  # fmt: skip
        shutil.rmtree(place)
    for step, found in points.items():
        yield f"{step}: {_exponents(found)}"


def _night(folder: Path, guardians: int) -> Iterator[tuple[str, Campaign]]:
    schools = max(2, round(guardians / _GUARDIANS_A_SCHOOL))
    tell(f"growth: {guardians:,} guardians, {schools:,} schools")
    write_academy(folder / "academy", schools, SEED)
    with office_on_postgres(folder, "cheap-for-tests", "--workers", "2") as office:
        office.run("init")
        office.run("schools", "import", str(folder / "academy" / SCHOOLS))
        imported = office.import_all(folder / "academy" / ROSTERS, folder / "report")
        yield "import, rows", imported
        yield "accounts", office.open_accounts()
        [uais] = slices_of(office, 10**9, 1, SEED)
        yield "letters, CHEAP hashing", office.print_letters(uais, folder / "letters")


def _exponents(points: Sequence[tuple[int, float]]) -> str:
    """Return the exponent of growth from size to size, and fitted over what is fair to compare."""
    logs = [(math.log(number), math.log(cpu)) for number, cpu in points]
    steps = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(logs)]
    told = "CPU grows as the number to the power of " + ", ".join(f"{one:.2f}" for one in steps)
    fair = [log for log, (number, _) in zip(logs, points, strict=True) if number >= _FAIR]
    if len(fair) < 2:
        return told or "one size says nothing of growth"
    return f"{told} from size to size; fitted from {_FAIR:,} on: **{_slope(fair):.2f}**"


def _slope(points: Sequence[tuple[float, float]]) -> float:
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    over = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return over / sum((x - middle_x) ** 2 for x, _ in points)
