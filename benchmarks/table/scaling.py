"""Letters of many schools by one worker and by two, of this machine and of a Dask cluster."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.academy.writing import ROSTERS, SCHOOLS, write_academy
from benchmarks.households import SEED
from benchmarks.measuring import Cost, spread
from benchmarks.night.campaigns import Campaign, Office
from benchmarks.night.opening import office_on_postgres
from benchmarks.night.printing import slices_of
from benchmarks.reporting import tell
from benchmarks.table.clusters import Cluster, cluster
from benchmarks.table.lines import Line

_ONE_ONE, _ONE_TWO = "1 process", "2 processes"
_DASK_ONE, _DASK_TWO = "1 worker of a Dask cluster", "2 workers of a Dask cluster"
_CREWS = (_ONE_ONE, _ONE_TWO, _DASK_ONE, _DASK_TWO)
_LETTERS_A_SCHOOL = 179
_SCHOOLS_A_RUN = 6
"""At least: so that the last school in hand keeps the other worker idle for a sixth at most."""


@dataclass(slots=True)
class _Runs:
    """What each crew has done: letters, and costs."""

    letters: list[int] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        return [one / cost.wall for one, cost in zip(self.letters, self.costs, strict=True)]


def measured(wanted: argparse.Namespace, folder: Path) -> Iterator[Line | str]:
    """Measure the four crews in turn, each on schools of its own; then what a second one brings."""
    slices = len(_CREWS) * wanted.runs
    schools = 2 * slices * max(_SCHOOLS_A_RUN, wanted.scaling // _LETTERS_A_SCHOOL)
    write_academy(folder / "academy", schools, SEED)
    runs = {crew: _Runs() for crew in _CREWS}
    with office_on_postgres(folder, wanted.hashing, "--workers", "2") as office:
        tell(f"an academy of {schools} schools for the comparison of crews")
        office.run("init")
        office.run("schools", "import", str(folder / "academy" / SCHOOLS))
        office.import_all(folder / "academy" / ROSTERS, folder / "report")
        office.open_accounts()
        parts = iter(slices_of(office, slices * wanted.scaling, slices, SEED, _SCHOOLS_A_RUN))
        for run in range(wanted.runs):
            for crew, uais in zip(_CREWS, parts, strict=False):
                tell(f"{crew}, run {run + 1} of {wanted.runs}: {len(uais)} schools")
                output = folder / "letters" / f"{run}-{_CREWS.index(crew)}"
                campaign, cluster_cpu = _print(office, crew, uais, output)
                runs[crew].letters.append(campaign.number)
                runs[crew].costs.append(_cost(campaign, cluster_cpu))
    yield from _lines(runs)
    yield from _facts(runs)


def _print(office: Office, crew: str, uais: Sequence[str], output: Path) -> tuple[Campaign, float]:
    count = "2" if crew in (_ONE_TWO, _DASK_TWO) else "1"
    if crew in (_ONE_ONE, _ONE_TWO):
        return replace(office, crew=("--workers", count)).print_letters(uais, output), 0.0
    folder = output.parent
    folder.mkdir(parents=True, exist_ok=True)
    with cluster(folder, int(count), office.settings) as found:
        return _by_cluster(office, found, uais, output)


def _by_cluster(
    office: Office, found: Cluster, uais: Sequence[str], output: Path
) -> tuple[Campaign, float]:
    before = found.processes.cpu()
    campaign = replace(office, crew=("--dask", found.address)).print_letters(uais, output)
    return campaign, found.processes.cpu() - before


def _cost(campaign: Campaign, cluster_cpu: float) -> Cost:
    cost = campaign.cost
    cpu = cost.cpu + cost.server_cpu + cluster_cpu
    return Cost(cpu, cost.wall, max(cost.parent_peak, cost.worker_peak))


def _lines(runs: dict[str, _Runs]) -> Iterator[Line]:
    for crew, done in runs.items():
        # The number of letters differs from slice to slice: as if each had been the first.
        number = done.letters[0]
        costs = [
            Cost(cost.cpu * number / one, cost.wall * number / one, cost.peak)
            for one, cost in zip(done.letters, done.costs, strict=True)
        ]
        yield Line(
            group="`letters campaign`, PostgreSQL", what=crew, number=number, costs=costs,
            ours=crew == _ONE_ONE,
        )  # fmt: skip


def _facts(runs: dict[str, _Runs]) -> Iterator[str]:
    for over, under in ((_ONE_TWO, _ONE_ONE), (_DASK_TWO, _DASK_ONE), (_DASK_TWO, _ONE_TWO)):
        pairs = zip(runs[over].rates, runs[under].rates, strict=True)
        yield f"{over} / {under}: letters a second × **{spread([a / b for a, b in pairs])}**"
