"""When a link of a guardian and a child ends, and when the files cannot tell (R-7, R-60)."""

from pathlib import Path

import pytest

from educonnect_admin.domain.people import ReviewKind
from educonnect_admin.edge import Services
from educonnect_admin.office.importing.plan_figures import Heads
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.rosters.problems import ProblemCode
from tests.rosters import files
from tests.support.families import Town, child, file_of, guardian, pupil

ALICE, BOB = child("Alice", "Martin"), child("Bob", "Martin")
PUPILS = file_of(pupil("Alice", "Martin"), pupil("Bob", "Martin", class_label="CE1", level="CE1"))


@pytest.fixture
def village(sqlite_services: Services) -> Town:
    """Two schools on SQLite, for rules that no database can see."""
    return Town(sqlite_services)


def asked(plan: RosterPlan) -> list[ReviewKind]:
    """Return what a plan asks, in order."""
    return [question.kind for question in plan.open_questions]


def test_a_guardians_file_without_a_class_ends_no_link_of_it(village: Town) -> None:
    """All pupils, and the guardians of CP only: the links of CE1 stay."""
    jeanne = guardian("Jeanne", "Martin", ALICE, email="j@x.fr")
    village.take(PUPILS, file_of(jeanne, guardian("Paul", "Roux", BOB, email="p@x.fr")))

    plan = village.take(PUPILS, file_of(jeanne))

    assert (plan.departed, plan.covered_links) == (Heads(0, 0, 0), 1)
    assert village.links() == {("Jeanne", "Alice"), ("Paul", "Bob")}


def test_a_guardian_whom_the_others_row_replaces_is_ended(village: Town) -> None:
    """The child is named, and by somebody else alone: that is news."""
    paul = guardian("Paul", "Roux", BOB, email="p@x.fr")
    village.take(PUPILS, file_of(guardian("Jeanne", "Martin", BOB, email="j@x.fr"), paul))

    plan = village.take(PUPILS, file_of(paul))

    assert plan.departed == Heads(0, 1, 1)


def test_a_record_that_had_a_child_is_not_a_homonyms(village: Town) -> None:
    """Jeanne, whose links have ended, keeps her record from another Jeanne without contacts."""
    village.take(PUPILS, file_of(guardian("Jeanne", "Martin", ALICE)))
    village.do("UPDATE guardianships SET ended_on = started_on")

    plan = village.take(PUPILS, file_of(guardian("Jeanne", "Martin", BOB)))

    assert plan.new == Heads(0, 1, 1)
    assert village.rows("SELECT guardian_id FROM guardianships WHERE ended_on IS NULL") == [(2,)]


def test_a_record_with_an_account_is_not_a_homonyms(village: Town) -> None:
    """An account without a child is still a person's."""
    village.take(PUPILS, file_of(guardian("Jeanne", "Martin")))
    village.do(
        "INSERT INTO accounts (id, identifier, state, created_at)"
        " VALUES (1, 'j.martin', 'not_notified', '2026-11-23 17:30:00')"
    )
    village.do("UPDATE guardians SET account_id = 1")

    plan = village.take(PUPILS, file_of(guardian("Jeanne", "Martin", BOB)))

    assert plan.new == Heads(0, 1, 1)


@pytest.mark.parametrize("given", ["", "x" * 101])
def test_a_child_without_a_readable_name_ends_no_link(
    village: Town, tmp_path: Path, given: str
) -> None:
    """The given name was emptied: the row still speaks of a child, perhaps the very one."""
    row = files.guardian("Martin", "Jeanne", children=";Martin;Alice;CP A;;Martin;Bob;CE1")
    others = files.guardian("Roux", "Paul", children=";Martin;Alice;CP A;;Martin;Bob;CE1")
    village.take(PUPILS, files.read_guardians(tmp_path, row, others))

    row = files.guardian("Martin", "Jeanne", children=f";Martin;{given};CP A;;Martin;Bob;CE1")
    plan = village.take(PUPILS, files.read_guardians(tmp_path, row, others))

    assert plan.departed == Heads(0, 0, 0)
    assert [p.problem.code for p in plan.problems] == [ProblemCode.CHILD_UNREADABLE]


def test_the_one_bearer_of_a_name_in_another_class_is_asked(village: Town) -> None:
    """The Alice of CE1 is not in the file: the Alice of CP is not hers for that."""
    mother = guardian("Jeanne", "Martin", child("Alice", "Martin", "CE1"), email="j@x.fr")

    plan = village.take(PUPILS, file_of(mother))

    assert (asked(plan), plan.new.links) == ([ReviewKind.AMBIGUOUS_LINK], 0)


@pytest.mark.parametrize("label", ["CP A", "cp", "CLASSE  CP", "CP A CP", "Les coccinelles", None])
def test_a_label_that_fits_or_that_nobody_knows_asks_nothing(
    village: Town, label: str | None
) -> None:
    """The two files of one school call a class by two names."""
    mother = guardian("Jeanne", "Martin", child("Alice", "Martin", label), email="j@x.fr")

    assert village.take(PUPILS, file_of(mother)).new.links == 1
