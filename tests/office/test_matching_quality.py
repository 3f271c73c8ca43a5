"""Who is put together and who is proposed, measured on a made-up town whose truth is known (R-7).

The same town, forty times as large, and the public sets of febrl: `python -m
benchmarks.matching`.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from benchmarks.matching.clerks import Clerks
from benchmarks.matching.taking import Measured, Office
from benchmarks.matching.town import Adult, Town
from educonnect_admin.edge import Services


@pytest.fixture(scope="module")
def grown_town() -> Town:
    """A town of some six hundred guardians."""
    return Town(600, seed=7)


@pytest.fixture
def measured(sqlite_services: Services, grown_town: Town) -> Measured:
    """What two years of imports have put together there."""
    office, clerks = Office(sqlite_services), Clerks(grown_town)
    office.open_schools(grown_town.places)
    office.take(clerks)
    grown_town.a_year_passes()
    office.take(clerks)
    return office.measured()


def test_the_town_has_its_traps() -> None:
    """Couples of one mobile, father and son in one home, namesakes of one mobile, twins."""
    town = Town(3_000, seed=7)
    pairs = list(_namesakes(town))

    assert any(one.home == other.home and one.mobile != other.mobile for one, other in pairs)
    assert any(one.mobile == other.mobile and one.home != other.home for one, other in pairs)
    couples = [family.adults for family in town.families if len(family.adults) == 2]
    assert any(one.mobile == other.mobile and one.mobile for one, other in couples)
    assert any(one.email == other.email and one.email for one, other in couples)
    assert any(
        len({child.born for child in family.children}) < len(family.children)
        for family in town.families
    )


def _namesakes(town: Town) -> Iterator[tuple[Adult, Adult]]:
    known: dict[tuple[str, str], list[Adult]] = defaultdict(list)
    for family in town.families:
        for adult in family.adults:
            for other in known[adult.given, adult.family]:
                yield other, adult
            known[adult.given, adult.family].append(adult)


def test_nobody_is_merged_wrongly(measured: Measured) -> None:
    """In a file, with the database, across schools: every automatic merge is right."""
    for counted in (measured.in_file, measured.to_database, measured.across):
        assert counted.wrong == 0
        assert counted.right > 30


def test_nearly_everybody_is_merged_or_proposed(measured: Measured) -> None:
    """Of all pairs of records of one person, hardly one is neither joined nor proposed."""
    assert measured.to_database.recall > 0.97
    assert measured.together.recall > 0.97
    assert measured.proposals.precision > 0.9
