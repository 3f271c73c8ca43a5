"""What the stories of any order have found wrong, each told alone (R-7, R-60)."""

from datetime import date

import pytest

from educonnect_admin.domain.people import ReviewKind
from educonnect_admin.edge import Services
from tests.support.families import Town, child, file_of, guardian, pupil

ALICE = child("Alice", "Martin")
OTHER_DAY = date(2018, 5, 2)


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


def test_a_namesake_without_a_level_may_be_the_one_of_that_level(village: Town) -> None:
    """Two Alices of one class, the level of one unknown; the guardians' file writes levels."""
    pupils = file_of(
        pupil("Alice", "Martin", level=None), pupil("Alice", "Martin", OTHER_DAY, level="CP")
    )
    jeanne = guardian("Jeanne", "Martin", child("Alice", "Martin", "CP"), email="j@x.fr")

    plan = village.take(pupils, file_of(jeanne))

    assert [one.kind for one in plan.open_questions] == [ReviewKind.AMBIGUOUS_LINK]
    assert village.links() == set()


def test_a_class_called_like_the_level_of_another_decides_nothing(village: Town) -> None:
    """One Alice is in «CE1», the other in another class of that level."""
    pupils = file_of(
        pupil("Alice", "Martin", level="CE1", class_label="CE1"),
        pupil("Alice", "Martin", OTHER_DAY, level="CE1", class_label="Classe bleue"),
    )
    jeanne = guardian("Jeanne", "Martin", child("Alice", "Martin", "CE1"), email="j@x.fr")

    plan = village.take(pupils, file_of(jeanne))

    assert [one.kind for one in plan.open_questions] == [ReviewKind.AMBIGUOUS_LINK]
    assert village.links() == set()
