"""Imports as a whole: what goes in, twice, in part, undone, told (R-60)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from educonnect_admin.domain.errors import (
    InvalidUAI,
    MassDeparture,
    MassUnlinking,
    NothingAccepted,
    UnknownSchool,
)
from educonnect_admin.edge import Services
from educonnect_admin.office.importing.plan_figures import Heads
from educonnect_admin.queries.trail_check import first_broken_entry
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import PupilRow
from tests.conftest import NOW
from tests.support.families import (
    OTHER_UAI,
    UAI,
    Town,
    child,
    file_of,
    guardian,
    pupil,
)


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools, on each database."""
    return Town(services)


@pytest.fixture
def village(sqlite_services: Services) -> Town:
    """Two schools on SQLite, for rules that no database can see."""
    return Town(sqlite_services)


PUPILS = file_of(
    pupil("Alice", "Martin", ine="0113014881M"),
    pupil("Bob", "Martin", class_label="CE1", level="CE1"),
    pupil("Charlie", "N'Diaye"),
    name="pupils.csv",
)
GUARDIANS = file_of(
    guardian("Jeanne", "Martin", child("Alice", "Martin"), child("Bob", "Martin"), email="j@x.fr"),
    guardian("Awa", "N’Diaye", child("Charlie", "N’DIAYE"), mobile="+33612345678"),
    name="guardians.csv",
)


def test_two_files_go_in(town: Town) -> None:
    """Pupils, their classes, guardians and links are there, and counted."""
    plan = town.take(PUPILS, GUARDIANS)

    assert plan.new == Heads(3, 2, 3)
    assert plan.changed == plan.departed == plan.unchanged == Heads(0, 0, 0)
    assert town.links() == {("Jeanne", "Alice"), ("Jeanne", "Bob"), ("Awa", "Charlie")}
    assert town.rows("SELECT label FROM school_classes ORDER BY label") == [("CE1",), ("CP A",)]
    assert town.count("enrolments WHERE ended_on IS NULL AND level IS NOT NULL") == 3
    assert town.count("guardianships WHERE legal AND kinship IS NULL") == 3
    assert town.count("pupils WHERE family_key = 'ndiaye' AND given_key = 'charlie'") == 1


def test_importing_twice_changes_nothing(town: Town) -> None:
    """Pain 2: the second time nobody is new or changed, and the trail is silent."""
    town.take(PUPILS, GUARDIANS)
    before = town.everything()

    plan = town.take(PUPILS, GUARDIANS)

    assert plan.unchanged == Heads(3, 2, 3)
    assert plan.new == plan.changed == plan.departed == Heads(0, 0, 0)
    assert not plan.changes_something
    assert town.everything() == before


def test_the_order_of_the_files_does_not_matter(town: Town) -> None:
    """Guardians first on the command line find the pupils of the other file."""
    town.take(GUARDIANS, PUPILS)

    assert len(town.links()) == 3


def test_pupils_alone_then_guardians_alone(town: Town) -> None:
    """One file alone works, and the other may come later."""
    first = town.take(PUPILS)
    second = town.take(GUARDIANS)

    assert (first.new, second.new) == (Heads(3, 0, 0), Heads(0, 2, 3))
    assert second.departed == Heads(0, 0, 0)
    assert town.take(PUPILS).changes_something is False


def test_a_dry_run_writes_nothing_and_counts_the_same(town: Town) -> None:
    """The same code, rolled back."""
    before = town.everything()

    dry = town.take(PUPILS, GUARDIANS, dry_run=True)

    assert town.everything() == before
    assert town.take(PUPILS, GUARDIANS).new == dry.new


def test_an_unknown_school_is_refused(village: Town) -> None:
    """A number without a school, a number that is none."""
    with pytest.raises(UnknownSchool):
        village.take(PUPILS, uai="0951099D")
    with pytest.raises(InvalidUAI):
        village.take(PUPILS, uai="0140070B")


def test_all_rows_refused_writes_nothing(town: Town) -> None:
    """Nothing goes in, nobody leaves, and it is said so."""
    town.take(PUPILS)
    before = town.everything()
    bad = Problem(code=ProblemCode.NO_BIRTH_DATE, line=2)

    with pytest.raises(NothingAccepted) as refusal:
        town.take(file_of(problems=(bad,), rows=1), whole_school=True)

    assert refusal.value.refused == 1
    assert town.everything() == before


def test_an_empty_cell_never_erases(town: Town) -> None:
    """Pain 11: number, class, level, usage name and contacts stay where the file is silent."""
    full = pupil("Alice", "Martin", ine="0113014881M", usage_name="Petit")
    mother = guardian(
        "Jeanne", "Martin", child("Alice", "Martin"), usage_name="Petit", email="j@x.fr",
        mobile="+33612345678", street="1 rue A", postcode="14000", city="Caen", country="FRANCE",
    )  # fmt: skip
    town.take(file_of(full), file_of(mother))
    before = town.everything()

    plan = town.take(
        file_of(pupil("Alice", "Martin", class_label=None, level=None)),
        file_of(guardian("Jeanne", "Martin", child("Alice", "Martin"), civility=None)),
    )

    assert plan.unchanged == Heads(1, 1, 1)
    assert town.everything() == before


def test_a_changed_guardian_stays_the_same_person(town: Town) -> None:
    """Pain 4: another e-mail, mobile and address at once change the record, known by the child."""
    mother = guardian(
        "Jeanne", "Martin", child("Alice", "Martin"), email="a@x.fr", street="1 rue A"
    )
    town.take(file_of(pupil("Alice", "Martin")), file_of(mother))
    moved = guardian("Jeanne", "MARTIN", child("Alice", "Martin"), email="b@x.fr", street="2 rue B")

    plan = town.take(file_of(moved))

    assert plan.changed == Heads(0, 1, 0)
    assert {change.field for change in plan.guardians[0].changes} == {
        "family_name", "email", "street",
    }  # fmt: skip
    assert town.rows("SELECT email, street FROM guardians") == [("b@x.fr", "2 rue B")]
    kinds = "kind, guardian_id, details"
    assert town.rows(f"SELECT {kinds} FROM trail_entries ORDER BY id")[-1] == (
        "guardian.changed", 1, '{"fields":"family_name,email,street"}',
    )  # fmt: skip


def test_a_change_of_class_keeps_one_open_enrolment(town: Town) -> None:
    """The class moves inside the enrolment, and is told with its field only."""
    town.take(file_of(pupil("Alice", "Martin")))

    plan = town.take(file_of(pupil("Alice", "Martin", class_label="CE1", level="CE1")))

    assert plan.changed == Heads(1, 0, 0)
    assert town.rows(
        "SELECT label, level FROM enrolments e JOIN school_classes c ON c.id = e.class_id"
    ) == [("CE1", "CE1")]


def test_a_class_is_known_by_its_folded_label(town: Town) -> None:
    """`CP a` is `CP A`: no second class, nobody moved."""
    town.take(file_of(pupil("Alice", "Martin")))

    plan = town.take(file_of(pupil("Alice", "Martin", class_label="Cp  a")))

    assert not plan.changes_something
    assert town.count("school_classes") == 1


def class_of(size: int, label: str = "CP A") -> list[PupilRow]:
    """Return a class of so many pupils."""
    return [pupil(f"Enfant{chr(65 + n)}", "Petit", class_label=label) for n in range(size)]


def test_pupils_missing_from_their_class_have_left(town: Town) -> None:
    """A file speaks of its own classes only; who is missing there has left today."""
    town.take(file_of(*class_of(4), *class_of(4, "CM2")))

    plan = town.take(file_of(*class_of(3)))

    assert plan.departed == Heads(1, 0, 0)
    assert town.rows("SELECT ended_on FROM enrolments WHERE ended_on IS NOT NULL")[0][0] is not None
    assert town.count("enrolments WHERE ended_on IS NULL") == 7
    assert town.count("trail_entries WHERE kind = 'pupil.left'") == 1


def test_the_same_name_in_two_classes_of_the_file(town: Town) -> None:
    """Homonyms born on one day, in two classes, stay two through every import."""
    file = file_of(
        pupil("Alice", "Martin", ine="0113014881M"),
        pupil("Alice", "Martin", class_label="CM2", ine="123456789AB"),
    )
    town.take(file)

    assert town.take(file).unchanged == Heads(2, 0, 0)


def test_the_whole_school_means_the_other_classes_left(town: Town) -> None:
    """Only when it is said are the absent classes gone."""
    town.take(file_of(*class_of(4), *class_of(3, "CM2")))

    plan = town.take(file_of(*class_of(4)), whole_school=True)

    assert plan.departed.pupils == 3


def test_a_mass_departure_stops_the_import(town: Town) -> None:
    """Pain 20: more than three and more than one in ten, until somebody confirms it."""
    town.take(file_of(*class_of(8)))
    before = town.everything()

    with pytest.raises(MassDeparture) as refusal:
        town.take(file_of(*class_of(4), pupil("Zoé", "Neuve")))

    assert (refusal.value.departed, refusal.value.enrolled) == (4, 8)
    assert town.everything() == before
    accepted = town.take(file_of(*class_of(4)), accept_departures=True)
    assert accepted.departed.pupils == 4


def test_three_departures_need_no_confirmation(village: Town) -> None:
    """In a small school three leavers are just that."""
    village.take(file_of(*class_of(4)))

    assert village.take(file_of(*class_of(1))).departed.pupils == 3


def test_who_comes_back_is_the_same_pupil(town: Town) -> None:
    """A second enrolment begins; pupil, guardian and link are those of before."""
    town.take(PUPILS, GUARDIANS)
    left = town.take(file_of(pupil("Alice", "Martin", ine="0113014881M")))
    assert left.departed == Heads(1, 1, 0)

    plan = town.take(PUPILS, GUARDIANS)

    assert plan.changed == Heads(1, 0, 0)
    assert plan.unchanged == Heads(2, 2, 3)
    assert town.count("pupils") == 3
    assert town.count("enrolments") == 4
    assert town.count("trail_entries WHERE kind = 'pupil.returned'") == 1


def test_a_link_that_the_files_no_longer_state_ends(town: Town) -> None:
    """And begins again when they state it again, as the same link."""
    town.take(PUPILS, GUARDIANS)
    without_bob = file_of(
        guardian("Jeanne", "Martin", child("Alice", "Martin"), email="j@x.fr"),
        guardian("Awa", "N’Diaye", child("Charlie", "N’DIAYE"), mobile="+33612345678"),
        guardian("Paul", "Roux", child("Bob", "Martin"), email="p@x.fr"),
    )

    ended = town.take(PUPILS, without_bob)

    assert ended.departed == Heads(0, 0, 1)
    assert ("Jeanne", "Bob") not in town.links()
    assert town.count("trail_entries WHERE kind = 'link.ended' AND pupil_id IS NOT NULL") == 1
    again = town.take(PUPILS, GUARDIANS)
    assert again.new == Heads(0, 0, 1)
    assert town.count("guardianships WHERE ended_on IS NULL") == 3
    assert town.count("guardianships") == 4


def test_guardians_alone_end_no_link(village: Town) -> None:
    """Without the pupils' file nobody knows whom the file of guardians covers."""
    village.take(PUPILS, GUARDIANS)

    plan = village.take(file_of(guardian("Awa", "N'Diaye", child("Charlie", "N'Diaye"))))

    assert plan.departed == Heads(0, 0, 0)
    assert len(village.links()) == 3


def test_a_mass_end_of_links_stops_the_import(village: Town) -> None:
    """The guardians' file of another school would strip a whole school of its parents."""
    pupils = file_of(*class_of(6))
    parents = file_of(
        *(guardian(f"Mère{chr(65 + n)}", "Petit", child(f"Enfant{chr(65 + n)}", "Petit"),
                   email=f"m{n}@x.fr") for n in range(6))
    )  # fmt: skip
    village.take(pupils, parents)
    everybody = (child(f"Enfant{chr(65 + n)}", "Petit") for n in range(6))

    with pytest.raises(MassUnlinking) as refusal:
        village.take(pupils, file_of(guardian("Autre", "Petit", *everybody)))

    assert (refusal.value.ended, refusal.value.links) == (6, 6)


def test_a_child_of_an_active_account_is_told_in_the_trail(town: Town) -> None:
    """R-8: the school vouches, the child appears at once, the trail says to whom."""
    town.take(PUPILS, GUARDIANS)
    town.do(
        "INSERT INTO accounts (id, identifier, state, created_at)"
        " VALUES (7, 'jeanne.martin', 'active', '2026-09-01 00:00:00')"
    )
    town.do("UPDATE guardians SET account_id = 7 WHERE given_name = 'Jeanne'")
    baby = pupil("Zoé", "Martin", class_label="PS", level="PS")

    town.take(
        file_of(baby),
        file_of(guardian("Jeanne", "Martin", child("Zoé", "Martin"), email="j@x.fr")),
    )

    assert town.rows("SELECT account_id FROM trail_entries WHERE kind = 'link.added'") == [(7,)]
    assert ("Jeanne", "Zoé") in town.links()


def test_the_trail_of_an_import_verifies_and_names_nobody(town: Town) -> None:
    """One entry with counts and digests of the files, in the chain of the school."""
    town.take(PUPILS, GUARDIANS)

    told = town.rows("SELECT chain, kind, details FROM trail_entries WHERE chain <> 0")

    assert [(row.chain, row.kind) for row in told] == [(1, "roster.imported")]
    assert '"new_pupils":3' in told[0].details
    assert "artin" not in told[0].details
    with town.services.reading() as session:
        assert first_broken_entry(session, town.services.author(NOW).pen, 1) is None


def test_two_schools_keep_their_own_records(town: Town) -> None:
    """The same mother in two schools is two records (R-8), each with its own child."""
    town.take(PUPILS, GUARDIANS)

    plan = town.take(
        file_of(pupil("David", "Martin")),
        file_of(guardian("Jeanne", "Martin", child("David", "Martin"), email="j@x.fr")),
        uai=OTHER_UAI,
    )

    assert plan.new == Heads(1, 1, 1)
    assert town.count("guardians WHERE given_name = 'Jeanne'") == 2
    assert town.take(PUPILS, GUARDIANS, uai=UAI).changes_something is False


def test_four_imports_at_once_are_one_after_the_other(town: Town) -> None:
    """The school's row is locked: one import brings everybody in, the others find them there."""
    with ThreadPoolExecutor(4) as threads:
        plans = list(threads.map(lambda _: town.take(PUPILS, GUARDIANS), range(4)))

    assert sorted(plan.new.pupils for plan in plans) == [0, 0, 0, 3]
    assert (town.count("pupils"), town.count("guardians")) == (3, 2)


def test_two_schools_at_once_share_a_pupil(town: Town) -> None:
    """Each renames the pupil they share, again and again; neither waits for ever."""

    def rename(turn: int) -> None:
        uai = (UAI, OTHER_UAI)[turn % 2]
        rows = [
            pupil(f"Enfant{letter}", "Petit", ine=f"12345678{at}AB", usage_name=f"Nom{turn}")
            for at, letter in list(enumerate("ABCDEF"))[:: 1 if turn % 2 else -1]
        ]
        town.take(file_of(*rows), uai=uai, accept_moves=True)

    rename(0)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(rename, range(1, 7)))

    assert town.count("enrolments WHERE ended_on IS NULL") == 12
