"""Letters of a slice of the academy, in several runs, with hashing alone between them."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251 - a fixed seed: the same schools at each run

import psycopg

from benchmarks.jobs import Order
from benchmarks.measuring import Cost, measure, spread
from benchmarks.night.campaigns import Campaign, Office
from benchmarks.night.steps import HEADINGS, row
from benchmarks.reporting import tell

_TO_PRINT = """
    SELECT uai, count(DISTINCT accounts.id) FROM schools
    JOIN guardians ON guardians.school_id = schools.id
    JOIN accounts ON accounts.id = guardians.account_id
    WHERE accounts.state = 'not_notified' GROUP BY uai ORDER BY uai
"""


@dataclass(frozen=True, slots=True)
class Slice:
    """A run of printing, and what a hash alone cost before it and after it, in seconds."""

    campaign: Campaign
    hash_cpu: float

    @property
    def ratio(self) -> float:
        """CPU of a letter over that of a hash alone."""
        return self.campaign.cost.cpu / self.campaign.number / self.hash_cpu

    @property
    def ratio_with_server(self) -> float:
        """The same with the CPU of the database server."""
        cost = self.campaign.cost
        return (cost.cpu + cost.server_cpu) / self.campaign.number / self.hash_cpu


def printed(office: Office, wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Print, and tell what it cost."""
    order = Order(letters=wanted.hashes, hashing=wanted.hashing)
    slices = []
    before = _hashed(order)
    for at, uais in enumerate(slices_of(office, wanted.letters, wanted.slices, wanted.seed)):
        tell(f"letters, run {at + 1} of {wanted.slices}: {len(uais)} schools")
        campaign = office.print_letters(uais, folder / "letters" / str(at))
        after = _hashed(order)
        hash_cpu = (before.cpu + after.cpu) / 2 / order.letters
        slices.append(Slice(campaign, hash_cpu))
        before = after
    yield HEADINGS
    for at, one in enumerate(slices):
        schools = len(one.campaign.schools)
        yield row(
            f"letters, {schools} schools, run {at + 1}", one.campaign.number, one.campaign.cost
        )
    yield from _facts(wanted, slices)


def _hashed(order: Order) -> Cost:
    tell("hashing alone")
    return measure("hashing", order)


def slices_of(
    office: Office, letters: int, number: int, seed: int, least: int = 1
) -> list[list[str]]:
    """Choose schools by lot until there are enough letters, in runs of about the same number.

    Args:
        office: Where the schools are.
        letters: In all runs together, about.
        number: Of runs.
        seed: Which lot.
        least: Schools of a run: two workers have nothing to share in one school.
    """
    with psycopg.connect(office.address) as server:
        schools = server.execute(_TO_PRINT).fetchall()
    Random(seed).shuffle(schools)
    slices: list[list[str]] = [[] for _ in range(number)]
    done = [0] * number
    for uai, to_print in schools:
        if sum(done) < letters or min(map(len, slices)) < least:
            smallest = done.index(min(done))
            slices[smallest].append(uai)
            done[smallest] += to_print
    return [sorted(one) for one in slices]


def _facts(wanted: argparse.Namespace, slices: Sequence[Slice]) -> Iterator[str]:
    letters = sum(one.campaign.number for one in slices)
    each = [1e3 * one.campaign.cost.cpu / one.campaign.number for one in slices]
    server = [1e3 * one.campaign.cost.server_cpu / one.campaign.number for one in slices]
    yield (
        f"\n- {letters:,} letters, {wanted.hashing} hashing: {spread(each, 3)} ms of our CPU each, "
        f"{spread(server, 3)} ms of the server's"
    )
    yield f"- hashing alone, before and after each run: {_ms(slices)} ms"
    aim = "aim: at most 1.08"
    yield f"- CPU a letter / hashing alone = **{spread([one.ratio for one in slices], 3)}** ({aim})"
    both = spread([one.ratio_with_server for one in slices], 3)
    yield f"- with the CPU of the server: **{both}**"
    rate = letters / sum(one.campaign.cost.wall for one in slices)
    yield f"- {rate:.1f} letters a second of wall"


def _ms(slices: Sequence[Slice]) -> str:
    return spread([1e3 * one.hash_cpu for one in slices], 3)
