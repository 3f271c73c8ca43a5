"""One to one or not at all: how the rows of a file and the records of a database pair off."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple


class Pairs(NamedTuple):
    """Who found whom, and who could not be told apart."""

    met: dict[int, int]
    contested: set[int]


def pair_off(wishes: Mapping[int, AbstractSet[int]]) -> Pairs:
    """Pair those who have one candidate that nobody else wants (R-7).

    Args:
        wishes: By row, the records that it could be; may be empty.

    Returns:
        The certain pairs, and the rows that have candidates but no certain one: several
        records for a row, or several rows for a record. These are never guessed.
    """
    wanted = Counter(record for records in wishes.values() for record in records)
    met = {
        row: record
        for row, records in wishes.items()
        if len(records) == 1
        for record in records
        if wanted[record] == 1
    }
    return Pairs(met, {row for row, records in wishes.items() if records and row not in met})
