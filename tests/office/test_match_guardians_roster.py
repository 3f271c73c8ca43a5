"""Who among the guardians is one person, and whose children are whose (R-7, R-60)."""

import pytest

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import ReviewKind
from educonnect_admin.edge import Services
from educonnect_admin.office.importing.plan_figures import Heads
from educonnect_admin.office.importing.roster_plan import RosterPlan, Verdict
from educonnect_admin.rosters.problems import ProblemCode
from tests.support.families import Town, child, file_of, guardian, pupil

HOME = {"street": "1 rue A", "postcode": "14000", "city": "Caen"}


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools, on each database."""
    return Town(services)


@pytest.fixture
def village(sqlite_services: Services) -> Town:
    """Two schools on SQLite, for rules that no database can see."""
    return Town(sqlite_services)


ALICE, BOB = child("Alice", "Martin"), child("Bob", "Martin")
SIBLINGS = file_of(pupil("Alice", "Martin"), pupil("Bob", "Martin", class_label="CE1"))


def asked(plan: RosterPlan) -> list[ReviewKind]:
    """Return what a plan asks, in order."""
    return [question.kind for question in plan.open_questions]


def open_items(town: Town) -> int:
    """Return how many questions wait in the queue."""
    return town.count("review_items WHERE resolved_at IS NULL")


@pytest.mark.parametrize("contact", [{"email": "j@x.fr"}, {"mobile": "+33612345678"}, HOME])
def test_rows_that_share_a_contact_are_one_person(village: Town, contact: dict[str, str]) -> None:
    """One row a child is one guardian of two (pain 23: siblings with one e-mail)."""
    plan = village.take(
        SIBLINGS,
        file_of(
            guardian("Jeanne", "Martin", ALICE, **contact),
            guardian("JEANNE", "MARTIN", BOB, **contact),
        ),
    )

    assert plan.new == Heads(2, 1, 2)


def test_the_rows_of_one_person_complete_each_other(village: Town) -> None:
    """What one row lacks the other gives; an address is taken in one piece."""
    village.take(
        SIBLINGS,
        file_of(
            guardian("Jeanne", "Martin", ALICE, email="j@x.fr"),
            guardian("Jeanne", "Martin", BOB, email="J@x.fr", usage_name="Petit", **HOME),
        ),
    )

    assert village.rows("SELECT usage_name, street, city FROM guardians") == [
        ("Petit", "1 rue A", "Caen")
    ]


def test_rows_without_a_common_contact_are_two_people(village: Town) -> None:
    """Same names prove nothing (pain 10)."""
    plan = village.take(
        SIBLINGS,
        file_of(
            guardian("Jeanne", "Martin", ALICE, email="j@x.fr"),
            guardian("Jeanne", "Martin", BOB, mobile="+33612345678"),
        ),
    )

    assert plan.new == Heads(2, 2, 2)


def test_father_and_son_of_one_name_are_two(town: Town) -> None:
    """One address, two e-mails: two people, through every import, each with his child."""
    father = guardian("Jean", "Martin", ALICE, civility=Civility.SIR, email="pere@x.fr", **HOME)
    son = guardian("Jean", "Martin", BOB, civility=Civility.SIR, email="fils@x.fr", **HOME)
    files = SIBLINGS, file_of(father, son)
    town.take(*files)
    before = town.rows("SELECT guardian_id, pupil_id FROM guardianships ORDER BY 1, 2")

    assert town.take(*files).unchanged == Heads(2, 2, 2)
    moved = guardian(
        "Jean", "Martin", BOB, civility=Civility.SIR, email="neuf@x.fr", street="2 rue B"
    )
    plan = town.take(SIBLINGS, file_of(father, moved))

    assert plan.changed == Heads(0, 1, 0)
    assert town.rows("SELECT guardian_id, pupil_id FROM guardianships ORDER BY 1, 2") == before


def test_a_row_between_father_and_son_is_asked(town: Town) -> None:
    """Only the address, which both share: nobody can tell whose row it is."""
    carla = child("Carla", "Martin")
    files = (
        file_of(*(pupil(name, "Martin") for name in ("Alice", "Bob", "Carla"))),
        file_of(
            guardian("Jean", "Martin", ALICE, email="pere@x.fr", **HOME),
            guardian("Jean", "Martin", BOB, email="fils@x.fr", **HOME),
            guardian("Jean", "Martin", carla, **HOME),
        ),
    )

    plan = town.take(*files)

    assert plan.new == Heads(3, 2, 2)
    assert asked(plan) == [ReviewKind.AMBIGUOUS_GUARDIAN]
    assert not town.take(*files).changes_something


def test_a_couple_that_shares_a_mobile_and_an_e_mail_is_two(town: Town) -> None:
    """Contacts never make one person of two given names."""
    shared = {"email": "famille@x.fr", "mobile": "+33612345678", **HOME}
    plan = town.take(
        SIBLINGS,
        file_of(
            guardian("Jeanne", "Martin", ALICE, BOB, **shared),
            guardian("Paul", "Martin", ALICE, BOB, civility=Civility.SIR, **shared),
        ),
    )

    assert plan.new == Heads(2, 2, 4)


def test_dominique_may_be_two(town: Town) -> None:
    """M. and Mme Dominique Martin, one address: the civility contradicts."""
    files = (
        SIBLINGS,
        file_of(
            guardian("Dominique", "Martin", ALICE, **HOME),
            guardian("Dominique", "Martin", ALICE, civility=Civility.SIR, **HOME),
        ),
    )

    assert town.take(*files).new == Heads(2, 2, 2)
    assert town.take(*files).unchanged == Heads(2, 2, 2)


def test_separated_parents_keep_two_records_and_two_addresses(town: Town) -> None:
    """Pain 19: two households, two letters."""
    town.take(
        SIBLINGS,
        file_of(
            guardian("Jeanne", "Roux", ALICE, BOB, **HOME),
            guardian("Paul", "Martin", ALICE, BOB, civility=Civility.SIR, street="9 rue Z"),
        ),
    )

    assert town.rows("SELECT street FROM guardians ORDER BY id") == [("1 rue A",), ("9 rue Z",)]


def test_a_known_guardian_is_met_by_contact_for_a_new_child(town: Town) -> None:
    """The little brother arrives: same names, same e-mail, no second record."""
    town.take(
        file_of(pupil("Alice", "Martin")),
        file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr")),
    )

    plan = town.take(
        file_of(pupil("Bob", "Martin", class_label="CE1")),
        file_of(guardian("Jeanne", "Martin", BOB, email="j@x.fr")),
    )

    assert plan.new == Heads(1, 0, 1)
    assert town.links() == {("Jeanne", "Alice"), ("Jeanne", "Bob")}


def test_a_homonym_with_other_contacts_and_children_is_new(village: Town) -> None:
    """Two Jeanne Martin of two families."""
    village.take(SIBLINGS, file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr")))

    plan = village.take(file_of(guardian("Jeanne", "Martin", BOB, email="other@x.fr")))

    assert plan.new == Heads(0, 1, 1)


def test_contacts_that_point_elsewhere_than_the_child_are_asked(town: Town) -> None:
    """The e-mail is one Jeanne's, the child another Jeanne's: neither is touched."""
    town.take(
        SIBLINGS,
        file_of(
            guardian("Jeanne", "Martin", ALICE, email="a@x.fr"),
            guardian("Jeanne", "Martin", BOB, email="b@x.fr"),
        ),
    )

    plan = town.take(SIBLINGS, file_of(guardian("Jeanne", "Martin", ALICE, email="b@x.fr")))

    assert asked(plan) == [ReviewKind.AMBIGUOUS_GUARDIAN]
    assert plan.unchanged == Heads(2, 0, 0)
    assert len(town.links()) == 2


def test_a_guardian_who_married_is_met(village: Town) -> None:
    """Another surname, known as the usage name before: contact and child say who it is."""
    village.take(
        SIBLINGS,
        file_of(guardian("Jeanne", "Martin", ALICE, usage_name="Roux", email="j@x.fr")),
    )

    plan = village.take(file_of(guardian("Jeanne", "Roux", ALICE, email="j@x.fr")))

    assert [decision.verdict for decision in plan.guardians] == [Verdict.CHANGED]


def test_homonymous_children_are_told_apart_by_class(town: Town) -> None:
    """Pain 8: the child of the class named, and no other."""
    pupils = file_of(
        pupil("Alice", "Martin", class_label="CP A", level="CP"),
        pupil("Alice", "Martin", class_label="Classe de M. Roux", level="CE2", ine="123456789AB"),
    )
    town.take(
        pupils,
        file_of(
            guardian("Jeanne", "Martin", child("Alice", "Martin", "CP A"), email="j@x.fr"),
            guardian("Zoé", "Martin", child("Alice", "Martin", "CLASSE  CE2"), email="z@x.fr"),
        ),
    )

    found = town.rows(
        "SELECT g.given_name, e.level FROM guardianships l"
        " JOIN guardians g ON g.id = l.guardian_id JOIN enrolments e ON e.pupil_id = l.pupil_id"
        " ORDER BY g.id"
    )
    assert found == [("Jeanne", "CP"), ("Zoé", "CE2")]


TWO_ALICES = file_of(
    pupil("Alice", "Martin", ine="0113014881M"),
    pupil("Alice", "Martin", ine="123456789AB"),
)


def test_homonymous_children_of_one_class_are_asked_once(town: Town) -> None:
    """Never guessed: the record goes in, the link waits, the same file asks nothing more."""
    files = TWO_ALICES, file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr"))
    first = town.take(*files)
    before = town.everything()

    second = town.take(*files)

    assert asked(first) == asked(second) == [ReviewKind.AMBIGUOUS_LINK]
    assert town.links() == set()
    assert (town.count("guardians"), open_items(town)) == (1, 1)
    assert town.everything() == before


def test_a_question_that_the_next_file_answers_is_closed(town: Town) -> None:
    """The second Alice changes class: now the class tells, the link is made."""
    mother = guardian("Jeanne", "Martin", child("Alice", "Martin", "CP A"), email="j@x.fr")
    town.take(TWO_ALICES, file_of(mother))

    plan = town.take(
        file_of(
            pupil("Alice", "Martin", ine="0113014881M"),
            pupil("Alice", "Martin", ine="123456789AB", class_label="CE1"),
        ),
        file_of(mother),
    )

    assert (len(plan.answered), open_items(town)) == (1, 0)
    assert town.links() == {("Jeanne", "Alice")}
    town.do("UPDATE guardianships SET ended_on = started_on")
    again = town.take(TWO_ALICES, file_of(mother))
    assert asked(again) == [ReviewKind.AMBIGUOUS_LINK]
    assert (town.count("review_items"), open_items(town)) == (1, 1)


def test_a_question_settled_at_the_desk_is_not_asked_again(village: Town) -> None:
    """Somebody said no: the queue stays empty."""
    files = TWO_ALICES, file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr"))
    village.take(*files)
    village.do("UPDATE review_items SET resolved_at = asked_at")

    plan = village.take(*files)

    assert (asked(plan), open_items(village)) == ([], 0)


def test_a_link_made_at_the_desk_settles_the_name(village: Town) -> None:
    """The record answers for one of the two already: nothing is asked, nothing ends."""
    files = TWO_ALICES, file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr"))
    village.take(*files)
    village.do(
        "INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on)"
        " VALUES (1, 2, true, '2026-11-23')"
    )

    plan = village.take(*files)

    assert (asked(plan), plan.unchanged.links, plan.departed.links) == ([], 1, 0)
    assert open_items(village) == 0


def test_a_refused_homonym_is_a_possible_child(town: Town) -> None:
    """One Alice went in, one was refused: her parents are not given the other's child."""
    pupils = file_of(
        pupil("Alice", "Martin"), rows=2, refused_pupils=(child("Alice", "MARTIN", "CP A"),)
    )

    plan = town.take(pupils, file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr")))

    assert asked(plan) == [ReviewKind.AMBIGUOUS_LINK]
    assert plan.open_questions[0].refused_row
    assert town.links() == set()


def test_a_refused_homonym_of_another_class_is_told_apart(village: Town) -> None:
    """The class named is the other's: the link is certain."""
    pupils = file_of(
        pupil("Alice", "Martin"), rows=2, refused_pupils=(child("Alice", "Martin", "CM2"),)
    )
    mother = guardian("Jeanne", "Martin", child("Alice", "Martin", "CP A"), email="j@x.fr")

    assert village.take(pupils, file_of(mother)).new.links == 1


def test_the_same_child_said_twice_is_no_homonym(village: Town) -> None:
    """A repeated row is refused, and its names and date are those of the row that went in."""
    twice = child("Alice", "Martin", "CP A", birth_date=pupil("Alice", "Martin").birth_date)
    pupils = file_of(pupil("Alice", "Martin"), rows=2, refused_pupils=(twice,))

    plan = village.take(pupils, file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr")))

    assert (asked(plan), plan.new.links) == ([], 1)


def test_a_homonym_who_left_is_a_possible_child_too(village: Town) -> None:
    """Struck off, and the parents still listed: they are not given the other child."""
    pupils = file_of(pupil("Alice", "Martin"), rows=2, left_out_pupils=(ALICE,))

    plan = village.take(pupils, file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr")))

    assert asked(plan) == [ReviewKind.AMBIGUOUS_LINK]
    alone = village.take(
        file_of(pupil("Bob", "Petit"), rows=2, left_out_pupils=(child("Zoé", "Roux"),)),
        file_of(guardian("Awa", "Roux", child("Zoé", "Roux"), email="a@x.fr")),
    )
    assert asked(alone) == [ReviewKind.NO_CHILD]


def test_a_guardian_without_a_child_here_waits_in_the_queue(town: Town) -> None:
    """The record is kept, once; a child who arrives later closes the question."""
    mother = guardian("Jeanne", "Martin", ALICE)
    first = town.take(file_of(mother))
    again = town.take(file_of(mother))

    assert asked(first) == asked(again) == [ReviewKind.NO_CHILD]
    assert [placed.problem.code for placed in first.problems] == [ProblemCode.CHILD_NOT_FOUND]
    assert not again.changes_something
    assert town.count("guardians") == 1
    plan = town.take(SIBLINGS, file_of(mother))
    assert (plan.new.guardians, town.links()) == (0, {("Jeanne", "Alice")})
    assert open_items(town) == 0


def test_a_guardian_who_names_nobody_waits_in_the_queue(village: Town) -> None:
    """No child at all in the row."""
    plan = village.take(file_of(guardian("Jeanne", "Martin", email="j@x.fr")))

    assert asked(plan) == [ReviewKind.NO_CHILD]


def test_a_birth_date_beside_the_child_tells_homonyms_apart(village: Town) -> None:
    """Nursery exports carry one; it decides even where the class does not."""
    later = pupil("Alice", "Martin").birth_date.replace(day=28)
    village.take(file_of(pupil("Alice", "Martin"), pupil("Alice", "Martin", later)))

    plan = village.take(
        file_of(
            guardian("Jeanne", "Martin", child("Alice", "Martin", birth_date=later), email="j@x.fr")
        )
    )

    assert (plan.new.links, asked(plan)) == (1, [])


def test_a_misspelt_child_ends_no_link(village: Town) -> None:
    """The row names somebody unknown: perhaps the very child, so nothing is taken away."""
    village.take(SIBLINGS, file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr")))

    plan = village.take(
        SIBLINGS, file_of(guardian("Jeanne", "Martin", child("Alise", "Martin"), email="j@x.fr"))
    )

    assert plan.departed.links == 0
    assert [placed.problem.code for placed in plan.problems] == [ProblemCode.CHILD_NOT_FOUND]


def test_a_refused_guardian_row_ends_no_link_of_its_child(village: Town) -> None:
    """The row lost its given name; the link to the child it names stays."""
    village.take(SIBLINGS, file_of(guardian("Jeanne", "Martin", ALICE, BOB, email="j@x.fr")))

    plan = village.take(
        SIBLINGS,
        file_of(guardian("Paul", "Martin", BOB, email="p@x.fr"), refused_children=(ALICE,)),
    )

    assert plan.departed == Heads(0, 0, 1)
    assert ("Jeanne", "Alice") in village.links()


def test_a_guardian_of_a_leaver_is_no_question(village: Town) -> None:
    """Bob has left; his mother is still listed with him, and is known."""
    files = SIBLINGS, file_of(guardian("Jeanne", "Martin", ALICE, BOB, email="j@x.fr"))
    village.take(*files)

    plan = village.take(file_of(pupil("Alice", "Martin")), files[1], whole_school=True)

    assert (plan.departed, asked(plan)) == (Heads(1, 0, 0), [])


def test_homonyms_without_contacts_are_met_by_their_children(village: Town) -> None:
    """Two rows that differ by their children only: two people, the same two the second time."""
    files = (
        SIBLINGS,
        file_of(guardian("Jeanne", "Martin", ALICE), guardian("Jeanne", "Martin", ALICE, BOB)),
    )

    assert village.take(*files).new == Heads(2, 2, 3)
    assert not village.take(*files).changes_something


def test_a_child_named_twice_in_a_row_is_linked_once(village: Town) -> None:
    """With and without the class, the same pupil."""
    mother = guardian("Jeanne", "Martin", ALICE, child("Alice", "MARTIN", "CP A"), email="j@x.fr")

    assert village.take(SIBLINGS, file_of(mother)).new.links == 1
