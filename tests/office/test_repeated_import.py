"""The same files again are known without being read, and only then (R-60)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.office.repeated_import import recall_import, remember_import
from educonnect_admin.rosters.digests import digest_of_files
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import Reading
from tests.conftest import NOW
from tests.support.families import OTHER_UAI, UAI, Town, child, file_of, guardian, pupil

REMARK = Problem(code=ProblemCode.BAD_EMAIL, line=2, column="Courriel", value="rose(at)x.fr")
EMMA = child("Emma", "Martin", "CP A")
FILES = (
    file_of(
        pupil("Alice", "Martin", ine="0113014881M"),
        pupil("Emma", "Martin", class_label="CP A"),
        pupil("Emma", "Martin", pupil("x", "y").birth_date.replace(day=2)),
        name="p.csv",
    ),
    file_of(
        guardian("Jeanne", "Martin", child("Alice", "Martin"), EMMA, email="j@x.fr"),
        guardian("Odile", "Quercy", child("Côme", "Absent")),
        name="g.csv",
        problems=(REMARK,),
    ),
)


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools."""
    return Town(services)


def take(town: Town, request: str, *files: Reading) -> RosterPlan:
    """Import files, and remember it."""
    plan = town.take(*files)
    with town.services.transaction() as session:
        remember_import(session, plan, request, town.services.import_sealer, NOW)
    return plan


def recalled(town: Town, request: str, uai: str = UAI) -> RosterPlan | None:
    """Return what is known of an import."""
    with town.services.reading() as session:
        return recall_import(session, uai, request, town.services.import_sealer)


def figures(plan: RosterPlan) -> tuple[object, ...]:
    """Return all that a report of a plan says."""
    said = [(q.kind, q.subject, q.standing, q.children, q.facts) for q in plan.questions]
    return (
        plan.new, plan.changed, plan.unchanged, plan.departed, plan.returned, plan.moved,
        plan.refused, plan.remarks, plan.accepted, plan.problems, plan.files, said,
        plan.changes_something, plan.enrolled,
    )  # fmt: skip


def test_what_is_recalled_is_what_reading_again_would_say(town: Town) -> None:
    """Every figure, remark and question of a second import, compared for good."""
    assert take(town, "a", *FILES).changes_something

    known = recalled(town, "a")
    again = town.take(*FILES)

    assert known is not None
    assert replace(known, enrolled=again.enrolled).changes_something is False
    assert figures(replace(known, enrolled=again.enrolled)) == figures(again)
    assert again.open_questions


def test_what_is_recalled_twice_is_the_same(town: Town) -> None:
    """Remembered after an import that changed nothing, it says the same again."""
    take(town, "a", *FILES)
    first = recalled(town, "a")
    take(town, "a", *FILES)

    assert first is not None
    assert (again := recalled(town, "a")) is not None
    assert figures(replace(first, enrolled=again.enrolled)) == figures(again)


def test_other_files_or_another_school_are_not_known(town: Town) -> None:
    """By another digest; and the first import is forgotten by the second."""
    take(town, "a", *FILES)

    assert recalled(town, "b") is None
    assert recalled(town, "a", OTHER_UAI) is None
    take(town, "b", FILES[0])
    assert recalled(town, "a") is None


@pytest.mark.parametrize(
    "move",
    [
        "UPDATE pupils SET birth_date = '2018-01-01' WHERE given_name = 'Alice'",
        "UPDATE pupils SET usage_name = 'Roux'",
        "UPDATE enrolments SET ended_on = '2026-11-30' WHERE id = 1",
        "UPDATE guardians SET mobile = '+33612345678'",
        "UPDATE guardianships SET legal = false",
        "UPDATE review_items SET resolved_at = '2026-11-30 00:00:00', resolution = 'nobody'",
        "INSERT INTO school_classes (school_id, label) VALUES (1, 'ULIS')",
        "INSERT INTO guardian_corrections (guardian_id, field, source_value, corrected_at)"
        " VALUES (1, 'email', 'j@x.fr', '2026-11-01 00:00:00')",
        "INSERT INTO accounts (identifier, state, created_at) VALUES ('a', 'active',"
        " '2026-11-01 00:00:00')"
        "; UPDATE guardians SET account_id = (SELECT max(id) FROM accounts)",
    ],
)
def test_a_school_that_was_touched_is_compared_again(
    town: Town, run_sql: Callable[[str], None], move: str
) -> None:
    """Whatever was touched, by whatever way."""
    take(town, "a", *FILES)
    assert recalled(town, "a") is not None

    for statement in move.split("; "):
        run_sql(statement)

    assert recalled(town, "a") is None


def test_a_date_that_lies_in_the_future_is_read_again(town: Town) -> None:
    """Tomorrow it may be right."""
    future = Problem(code=ProblemCode.FUTURE_BIRTH_DATE, line=9)
    take(town, "a", replace(FILES[0], problems=(future,)))

    assert recalled(town, "a") is None


def test_what_is_kept_can_be_read_with_the_key_only(
    town: Town, run_sql: Callable[[str], None]
) -> None:
    """No cell lies open in the database; a seal moved to another school opens nothing."""
    take(town, "a", *FILES)

    ((sealed,),) = town.rows("SELECT sealed FROM last_imports")

    assert b"rose(at)x.fr" not in bytes(sealed)
    assert b"Absent" not in bytes(sealed)
    run_sql("UPDATE last_imports SET sealed = substr(sealed, 1, 40)")
    assert recalled(town, "a") is None


def test_a_digest_tells_files_names_and_options(tmp_path: Path) -> None:
    """One byte, another name, another option, or no file at all."""
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_bytes(b"a")
    two.write_bytes(b"a")
    first = digest_of_files([one], UAI, False)

    assert digest_of_files([one], UAI, False) == first
    assert len({first, digest_of_files([two], UAI, False), digest_of_files([one], UAI, True)}) == 3
    one.write_bytes(b"b")
    assert digest_of_files([one], UAI, False) != first
    assert digest_of_files([tmp_path / "gone.csv"]) is None
