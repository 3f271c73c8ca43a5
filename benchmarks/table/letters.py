"""Letters: our rendering beside five others, and a whole run beside hashing alone."""

import argparse
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.jobs import Order
from benchmarks.measuring import Cost, measure
from benchmarks.peers import PEERS, why_missing
from benchmarks.reporting import tell
from benchmarks.table.lines import Line

_SAME_PAGE = "letters, the same page"
_WHOLE = "letters, all of it"
_NAMES = {
    "rendering": "our rendering, a file a class",
    "typst": "typst, one document",
    "fpdf": "fpdf2, one document",
    "platypus": "naive reportlab Platypus, one document",
    "libreoffice": "LibreOffice mail merge, what an office does today",
    "weasyprint": "WeasyPrint, one document",
}
_SLOW = ("libreoffice", "weasyprint")


def measured(wanted: argparse.Namespace, folder: Path) -> Iterator[Line]:
    """Measure them all in turn, each in a fresh process; the words compared first."""
    measure("sameness", Order(letters=3))
    missing = {name: why for name in PEERS if (why := why_missing(name))}
    costs: dict[str, list[Cost]] = defaultdict(list)
    orders = {
        name: Order(letters=wanted.slow_letters if name in _SLOW else wanted.letters, codes=False)
        for name in _NAMES
    }
    for run in range(wanted.runs):
        for name in orders.keys() - missing.keys():
            tell(f"{_NAMES[name]}, run {run + 1} of {wanted.runs}")
            costs[name].append(measure(name, orders[name]))
    for name, what in _NAMES.items():
        yield Line(
            group=_SAME_PAGE, what=what, number=orders[name].letters, costs=costs[name],
            ours=name == "rendering", missing=missing.get(name, ""),
        )  # fmt: skip
    yield from _whole(wanted, folder)


def _whole(wanted: argparse.Namespace, folder: Path) -> Iterator[Line]:
    filled = folder / "filled"
    filled.mkdir()
    order = Order(letters=wanted.hashes, hashing="owasp", database=str(filled / "office.sqlite"))
    measure("filling", order)
    hashing, issuing = [], []
    for run in range(wanted.runs):
        tell(f"hashing alone, then the whole `letters issue`, run {run + 1} of {wanted.runs}")
        hashing.append(measure("hashing", order))
        copy = folder / "copy"
        shutil.copytree(filled, copy)
        database, output = str(copy / "office.sqlite"), str(copy / "letters")
        issuing.append(measure("issuing", replace(order, database=database, output=output)))
        shutil.rmtree(copy)
    number = order.letters
    yield Line(group=_WHOLE, what="hashing alone", number=number, costs=hashing, ours=True)
    what = "accounts, hashing, PDF, trail: `letters issue` on SQLite"
    yield Line(group=_WHOLE, what=what, number=number, costs=issuing)
