"""A plan that is kept does exactly what was shown, or nothing (R-60)."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.domain.errors import BadPlan, MassDeparture, PlanOutdated
from educonnect_admin.edge import Services
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.keys import TrailPen, create_keyring
from educonnect_admin.office.importing.dangers import NO_CONSENT, Consent
from educonnect_admin.office.importing.plan_file import KeptPlan, open_plan, seal_plan
from educonnect_admin.office.keep_plan import apply_kept_plan, make_plan, read_plan
from educonnect_admin.rosters.rows import Reading
from tests.conftest import NOW
from tests.support.families import BORN, OTHER_UAI, UAI, Town, child, file_of, guardian, pupil

ALICE = child("Alice", "Martin", "CP A")
BEFORE = (
    file_of(pupil("Alice", "Martin", ine="0113014881M"), pupil("Bob", "Petit"), name="p.csv"),
    file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr"), name="g.csv"),
)
AFTER = (
    file_of(
        pupil("Alice", "Martin", BORN - timedelta(days=1), ine="0113014881M", class_label="CE1"),
        pupil("Zoé", "Roux", class_label="CE1"),
        name="p.csv",
    ),
    file_of(
        guardian("Jeanne", "Martin", ALICE, email="new@x.fr"),
        guardian("Awa", "Roux", child("Zoé", "Roux")),
        name="g.csv",
    ),
)
TABLES = ("pupils", "enrolments", "guardians", "guardianships", "review_items")


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools; the first has had a roster."""
    town = Town(services)
    town.take(*BEFORE)
    return town


def kept(town: Town, *readings: Reading) -> KeptPlan:
    """Make a plan."""
    with town.services.transaction(dry_run=True) as session:
        return make_plan(session, UAI, readings, town.services.author(NOW))


def through_a_file(town: Town, plan: KeptPlan, folder: Path) -> KeptPlan:
    """Write it and read it again."""
    author = town.services.author(NOW)
    path = folder / "plan"
    path.write_bytes(seal_plan(plan.plan, plan.school, plan.basis, author))
    return read_plan(path, author)


def apply(town: Town, plan: KeptPlan, consent: Consent = NO_CONSENT) -> None:
    """Apply it."""
    with town.services.transaction() as session:
        apply_kept_plan(session, plan, town.services.author(NOW), consent)


def everything(town: Town) -> dict[str, list[tuple[object, ...]]]:
    """Return all that an import writes."""
    return {
        name: [tuple(row) for row in town.rows(f"SELECT * FROM {name} ORDER BY 1, 2")]
        for name in TABLES
    }


def test_a_plan_comes_back_from_its_file_as_it_was(town: Town, tmp_path: Path) -> None:
    """Every decision, date and reference; and its digest."""
    plan = kept(town, *AFTER)

    assert through_a_file(town, plan, tmp_path) == plan


def test_applying_does_what_importing_would(town: Town, tmp_path: Path) -> None:
    """The same rows as the import of the same files, which is tried first and undone."""
    plan = kept(town, *AFTER)
    before = everything(town)
    with town.services.transaction(dry_run=True) as session:
        apply_kept_plan(session, plan, town.services.author(NOW), NO_CONSENT)
    assert everything(town) == before, "a plan alone, or a rehearsal, writes nothing"

    apply(town, through_a_file(town, plan, tmp_path))

    after = everything(town)
    assert after != before
    assert not town.take(*AFTER).changes_something
    assert everything(town) == after


def test_a_plan_is_applied_once(town: Town) -> None:
    """The second time, the database is no longer what it was made for."""
    plan = kept(town, *AFTER)
    apply(town, plan)
    after = everything(town)

    with pytest.raises(PlanOutdated):
        apply(town, plan)

    assert everything(town) == after


@pytest.mark.parametrize(
    "move",
    [
        "UPDATE pupils SET birth_date = '2018-01-01' WHERE given_name = 'Bob'",
        "UPDATE guardians SET email = 'other@x.fr'",
        "UPDATE enrolments SET level = 'CE2'",
        "UPDATE guardianships SET legal = false",
        "INSERT INTO school_classes (school_id, label) VALUES (1, 'ULIS')",
        "INSERT INTO guardian_corrections (guardian_id, field, source_value, corrected_at)"
        " VALUES (1, 'email', 'j@x.fr', '2026-11-01 00:00:00')",
    ],
)
def test_a_database_that_moved_on_refuses_the_plan(
    town: Town, run_sql: Callable[[str], None], move: str
) -> None:
    """Whatever moved: a date, a contact, a class, a link, a correction of the desk."""
    plan = kept(town, *AFTER)
    run_sql(move)
    before = everything(town)

    with pytest.raises(PlanOutdated):
        apply(town, plan)

    assert everything(town) == before


def test_a_newcomer_who_becomes_known_elsewhere_refuses_the_plan(town: Town) -> None:
    """A pupil whom the other school takes meanwhile would be made twice."""
    zoe = pupil("Zoé", "Roux", ine="123456789AB", class_label="CE1")
    plan = kept(town, file_of(pupil("Alice", "Martin", ine="0113014881M"), zoe))
    town.take(file_of(zoe), uai=OTHER_UAI)

    with pytest.raises(PlanOutdated):
        apply(town, plan)


def test_what_changes_nothing_to_a_plan_does_not_refuse_it(town: Town) -> None:
    """Another school's life, the days that pass."""
    plan = kept(town, *AFTER)
    town.take(file_of(pupil("Ali", "Ba")), uai=OTHER_UAI)

    apply(town, plan)

    assert town.count("pupils WHERE given_name = 'Zoé'") == 1


def test_dangers_stop_a_kept_plan_too(services: Services) -> None:
    """Mass departures must be confirmed when it is applied."""
    town = Town(services)
    town.take(file_of(*(pupil(f"Enfant{letter}", "Petit") for letter in "ABCDEFGH")))
    plan = kept(town, file_of(pupil("EnfantA", "Petit")))

    with pytest.raises(MassDeparture):
        apply(town, plan)
    apply(town, plan, Consent(departures=True))

    assert town.count("enrolments WHERE ended_on IS NULL") == 1


def test_a_plan_that_somebody_changed_is_refused(town: Town, tmp_path: Path) -> None:
    """In its body, its school, its basis, or with a digest made to fit."""
    author = town.services.author(NOW)
    plan = kept(town, *AFTER)
    whole = seal_plan(plan.plan, plan.school, plan.basis, author)
    head, _, body = whole.partition(b"\n")
    facts = json.loads(head)
    forged = seal_plan(replace(plan.plan, classes=()), plan.school, plan.basis, author)
    for content in (
        whole.replace(b"Zo", b"Za"),
        json.dumps({**facts, "school": OTHER_UAI}).encode() + b"\n" + body,
        json.dumps({**facts, "basis": "0" * 64}).encode() + b"\n" + body,
        head + b"\n" + forged.partition(b"\n")[2],
        json.dumps({**facts, "seal": None}).encode() + b"\n" + body,
        json.dumps({**facts, "basis": 3}).encode() + b"\n" + body,
    ):
        with pytest.raises(BadPlan) as caught:
            open_plan(tmp_path / "plan", content, author)
        assert caught.value.reason == "changed"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_plan"),
        (b"Nom;Pr\xe9nom\n", "not_a_plan"),
        (b"[1]\n", "not_a_plan"),
        (b"[" * 100_000, "not_a_plan"),
        (b'{"format": "educonnect-roster-plan", "version": 99}\n{}', "other_version"),
    ],
)
def test_what_is_no_plan_is_told(town: Town, tmp_path: Path, content: bytes, reason: str) -> None:
    """Another file, another version."""
    path = tmp_path / "plan"
    path.write_bytes(content)

    with pytest.raises(BadPlan) as caught:
        read_plan(path, town.services.author(NOW))

    assert caught.value.reason == reason


def test_a_plan_of_another_office_is_refused(town: Town, tmp_path: Path) -> None:
    """Its key is not here."""
    chance = SystemChance()
    stranger = TrailPen(create_keyring(tmp_path / "other.key", chance), chance)
    author = town.services.author(NOW)
    plan = kept(town, *AFTER)
    whole = seal_plan(plan.plan, plan.school, plan.basis, author._replace(pen=stranger))

    with pytest.raises(BadPlan) as caught:
        open_plan(tmp_path / "plan", whole, author)

    assert caught.value.reason in {"other_office", "changed"}


def test_the_same_plan_has_the_same_digest(town: Town) -> None:
    """Made twice, whoever asks; another file gives another one."""
    first, again = kept(town, *AFTER), kept(town, *AFTER)

    assert first.sha256 == again.sha256
    assert kept(town, *BEFORE).sha256 != first.sha256


def test_a_plan_writes_nothing_and_tells_the_trail_nothing(town: Town) -> None:
    """The count of its entries is the same before and after."""
    with town.services.reading() as session:
        before = session.scalar(text("SELECT count(*) FROM trail_entries"))

    kept(town, *AFTER)

    assert town.count("trail_entries") == before
