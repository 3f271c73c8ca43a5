"""What the stories of any order have found wrong, each told alone (R-7, R-60)."""

import pytest

from educonnect_admin.edge import Services
from tests.support.families import Town, child, file_of, guardian, pupil

ALICE = child("Alice", "Martin")


@pytest.fixture
def village(sqlite_services: Services) -> Town:
    """Two schools on SQLite, for rules that no database can see."""
    return Town(sqlite_services)


def test_a_guardian_gets_the_number_of_the_software_later(village: Town) -> None:
    """Known from ONDE, then from SIECLE: the number is kept, and met by from then on."""
    jeanne = guardian("Jeanne", "Martin", ALICE, email="j@x.fr")
    numbered = guardian("Jeanne", "Martin", ALICE, email="j@x.fr", source_id="P1")
    village.take(file_of(pupil("Alice", "Martin")), file_of(jeanne))

    plan = village.take(file_of(numbered))

    assert plan.changed.guardians == 1
    assert village.rows("SELECT source_id FROM guardians") == [("P1",)]
    assert not village.take(file_of(numbered)).changes_something
