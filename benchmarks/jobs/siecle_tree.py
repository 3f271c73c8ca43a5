"""The naive peer: both files as trees in memory, as most of the programs that read them do."""

from xml.etree import ElementTree

from benchmarks.jobs import Order
from benchmarks.siecle_files import GUARDIANS, PUPILS


def run(order: Order) -> int:
    """Parse both files and look at every pupil and every guardian once."""
    found = 0
    for name, tag in ((PUPILS, "ELEVE"), (GUARDIANS, "PERSONNE")):
        tree = ElementTree.parse(order.folder / name)
        found += sum(1 for _ in tree.iter(tag))
    if not found:
        raise ValueError(name)
    return order.letters
