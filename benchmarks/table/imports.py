"""An import beside what pandas and `to_sql` do with the same files."""

import argparse
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.jobs import Order
from benchmarks.measuring import Cost, measure
from benchmarks.reporting import tell
from benchmarks.table.lines import Line

_NAMES = {
    "roster_to_sql": "pandas + `to_sql`, cells as they are",
    "roster_floor": "pandas + bare executemany into our tables",
    "roster_import": "`roster import`, everybody new",
    "again": "`roster import` again, nothing changes",
}


def measured(wanted: argparse.Namespace, folder: Path) -> Iterator[Line]:
    """Measure them in turn, each in a fresh process on a fresh SQLite."""
    costs: dict[str, list[Cost]] = defaultdict(list)
    for run in range(wanted.runs):
        tell(f"imports, run {run + 1} of {wanted.runs}")
        for name in ("roster_to_sql", "roster_floor", "roster_import"):
            office = folder / name
            office.mkdir()
            database = office / ("table.sqlite" if name == "roster_to_sql" else "office.sqlite")
            order = Order(letters=wanted.pupils, database=str(database), output=str(folder))
            if name != "roster_to_sql" or not list(folder.glob("*.csv")):
                prepared = Order(
                    letters=wanted.pupils, database=str(office / "office.sqlite"),
                    output=str(folder),
                )  # fmt: skip
                measure("roster_files", prepared)
            costs[name].append(measure(name, order))
            if name == "roster_import":
                costs["again"].append(measure(name, order))
            shutil.rmtree(office)
    rows = sum(sum(1 for _ in path.open(encoding="utf-8")) - 1 for path in folder.glob("*.csv"))
    for name, what in _NAMES.items():
        yield Line(
            group="import, SQLite", what=what, number=rows, costs=costs[name],
            ours=name == "roster_import",
        )  # fmt: skip
