"""What the stories of any order have found wrong, each told alone (R-7, R-60)."""

from dataclasses import replace
from datetime import date

import pytest

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import ReviewKind
from educonnect_admin.edge import Services
from educonnect_admin.office.answering.answers import Answer, AnswerKind
from educonnect_admin.office.resolve_questions import resolve_questions
from tests.conftest import NOW
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


TWO_ALICES = file_of(pupil("Alice", "Martin"), pupil("Alice", "Martin", OTHER_DAY))
FATHER = guardian("Jean", "Martin", ALICE, civility=Civility.SIR, mobile="+33600000001")
SON = guardian("Jean", "Martin", ALICE, civility=Civility.SIR, mobile="+33600000002")


def answer(village: Town, kind: AnswerKind, value: int, number: int = 1) -> None:
    """Answer a question of the queue."""
    with village.services.transaction() as session:
        author = village.services.author(NOW)
        said = Answer(kind, str(value))
        resolve_questions(session, [number], said, reason="r", author=author)


def test_the_answer_about_a_father_is_not_his_sons(village: Town) -> None:
    """Both are called Jean Martin, their daughters Alice Martin: the son is asked about too."""
    village.take(TWO_ALICES, file_of(FATHER, SON))
    answer(village, AnswerKind.PUPIL, 1)

    plan = village.take(TWO_ALICES, file_of(FATHER, SON))

    assert [one.item_id for one in plan.open_questions] == [2]
    assert not village.take(TWO_ALICES, file_of(FATHER, SON)).changes_something


def test_the_record_chosen_for_a_father_is_not_his_sons(village: Town) -> None:
    """A row without contacts was the father's; one with others, later, is another question."""
    village.take(TWO_ALICES, file_of(FATHER, SON))
    village.do("INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on)"
               " VALUES (1, 1, true, '2026-09-01'), (2, 2, true, '2026-09-01')")  # fmt: skip
    unsure, moved = (replace(FATHER, mobile=one) for one in (None, "+33600000003"))
    asked = village.take(file_of(unsure)).open_questions
    assert [one.kind for one in asked] == [ReviewKind.AMBIGUOUS_GUARDIAN]
    (number,) = village.rows("SELECT max(id) FROM review_items")[0]
    answer(village, AnswerKind.RECORD, 1, number)
    assert village.take(file_of(unsure)).open_questions == ()

    plan = village.take(file_of(moved))

    assert [one.kind for one in plan.open_questions] == [ReviewKind.AMBIGUOUS_GUARDIAN]
    assert village.rows("SELECT mobile FROM guardians WHERE id = 1") == [(FATHER.mobile,)]
