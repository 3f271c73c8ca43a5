"""Identifiers by the hundred thousand, by two imports at once, and after a purge (R-2).

The names are drawn as often as France bears them: homonyms come by themselves.
"""

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Barrier
from time import process_time

import pytest
from sqlalchemy import insert, select, text

from benchmarks.filling import uai
from benchmarks.french_names import FrenchNames, Named
from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.identifiers import LONGEST
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import Guardian, Guardianship
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.office.generate_accounts import Generated, generate_accounts
from tests.conftest import NOW
from tests.support.households import DUPONTS, START, Family, add_families, add_school

MANY = 200_000
A_SCHOOL = 2_000
SECONDS = 60
"""Of processor time: others may be at work on the same machine."""
MEGABYTES = 150
"""A page of 10,000 records and two full caches of folded names take about half of it; holding
the 200,000 records, or their accounts, would take several times as much."""

SHAPE = re.compile(r"[a-z0-9][a-z0-9-]*\.[a-z0-9-]*[a-z][0-9]*")


def add_guardians(services: Services, number: int, people: Sequence[Named]) -> int:
    """Add a school with one pupil, for whom all these people answer; return its id."""
    with services.transaction() as session:
        school_id = add_school(session, uai(number), f"École {number}")
        add_families(session, school_id, [Family((), DUPONTS.children[:1])])
        pupil = session.scalar(text("SELECT max(id) FROM pupils"))
        rows = [
            {
                "school_id": school_id,
                "family_name": person.family,
                "given_name": person.given,
                "family_key": name_key(person.family),
                "given_key": name_key(person.given),
            }
            for person in people
        ]
        ids = session.scalars(insert(Guardian).returning(Guardian.id), rows).all()
        links = {"pupil_id": pupil, "legal": True, "started_on": START}
        session.execute(insert(Guardianship), [{"guardian_id": each, **links} for each in ids])
    return school_id


def open_accounts(services: Services, school_id: int) -> Generated:
    """Open the accounts of a school in a transaction of its own."""
    with services.transaction() as session:
        school = session.get_one(School, school_id)
        return generate_accounts(
            session,
            school,
            stem_digest=services.keyring.stem_digest,
            author=services.author(NOW),
        )


def identifiers(services: Services) -> list[str]:
    """Return every identifier, in the order of the accounts."""
    with services.reading() as session:
        return list(session.scalars(select(Account.identifier).order_by(Account.id)))


def megabytes(which: str) -> float:
    """Return what this process holds (`VmRSS`) or held at most (`VmHWM`); Linux alone tells."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(which)), 0.0)


def forget_the_peak() -> None:
    """Let `VmHWM` begin again, so that other tests of this process don't count."""
    peak = Path("/proc/self/clear_refs")
    if peak.exists():
        peak.write_text("5")


@pytest.mark.slow
def test_two_hundred_thousand_identifiers(sqlite_services: Services) -> None:
    """All different, all of the shape of R-2, in a minute, memory bounded."""
    people = FrenchNames(seed=2).people()
    schools = [
        add_guardians(sqlite_services, number, list(islice(people, A_SCHOOL)))
        for number in range(1, MANY // A_SCHOOL + 1)
    ]
    forget_the_peak()
    before, start = megabytes("VmRSS"), process_time()

    for school_id in schools:
        open_accounts(sqlite_services, school_id)

    seconds, grown = process_time() - start, megabytes("VmHWM") - before
    found = identifiers(sqlite_services)
    assert len(found) == len(set(found)) == MANY
    assert max(map(len, found)) <= LONGEST
    assert [one for one in found if not SHAPE.fullmatch(one)] == []
    stems = Counter(one.rstrip("0123456789") for one in found)
    assert max(stems.values()) > 10, "names that many bear were meant to be there"
    assert seconds < SECONDS
    assert grown < MEGABYTES


def test_two_imports_at_once_never_share_an_identifier(services: Services) -> None:
    """Two schools with the same names, numbered at the same moment from two sessions."""
    people = list(islice(FrenchNames(seed=3).people(), 300)) * 2
    schools = [add_guardians(services, number, people) for number in (1, 2)]
    together = Barrier(len(schools))

    def generate(school_id: int) -> Generated:
        together.wait(timeout=30)
        return open_accounts(services, school_id)

    with ThreadPoolExecutor(len(schools)) as threads:
        generated = list(threads.map(generate, schools))

    found = identifiers(services)
    assert [one.created for one in generated] == [600, 600]
    assert len(set(found)) == len(found) == 1200
    # Nobody's number was skipped either: four bear each name, two in each school.
    stems = Counter(one.rstrip("0123456789") for one in found)
    assert all(f"{stem}{number - 1}" in found for stem, number in stems.items())


def test_a_number_is_never_given_again(services: Services) -> None:
    """Accounts go, the numbers they bore stay taken (R-2)."""
    people = list(islice(FrenchNames(seed=4).people(), 50)) * 2
    school_id = add_guardians(services, 1, people)
    open_accounts(services, school_id)
    before = identifiers(services)
    with services.engine.begin() as connection:
        connection.execute(text("UPDATE guardians SET account_id = NULL"))
        connection.execute(text("DELETE FROM accounts"))

    open_accounts(services, school_id)

    after = identifiers(services)
    assert len(after) == len(before) == 100
    assert set(after).isdisjoint(before)
