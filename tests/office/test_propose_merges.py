"""Proposals of merge: who is proposed, who never is, and what becomes of a proposal (R-7)."""

import json
from typing import Any

import pytest

from educonnect_admin.domain.civility import Civility
from educonnect_admin.edge import Services
from educonnect_admin.office.answering.answers import Answer, AnswerKind
from educonnect_admin.office.desk.correct_guardian import correct_guardian
from educonnect_admin.office.desk.regroup_accounts import regroup_accounts, undo_regrouping
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.propose_merges import propose_merges
from educonnect_admin.office.resolve_questions import resolve_questions
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.rosters.rows import GuardianRow, Reading
from tests.conftest import NOW
from tests.support.families import OTHER_UAI, UAI, Town, child, file_of, guardian, pupil

ALICE, BOB = child("Alice", "Martin"), child("Bob", "Martin")
HERE, THERE = file_of(pupil("Alice", "Martin")), file_of(pupil("Bob", "Martin"))
HOME = {"street": "1 rue A", "postcode": "14000", "city": "Caen"}
MOBILE, EMAIL = {"mobile": "+33612345678"}, {"email": "jeanne@x.fr"}
SIR = {"civility": Civility.SIR}


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools, on each database."""
    return Town(services)


@pytest.fixture
def village(sqlite_services: Services) -> Town:
    """Two schools on SQLite, for rules that no database can see."""
    return Town(sqlite_services)


def both(town: Town, here: GuardianRow, there: GuardianRow) -> None:
    """Let each school take in one guardian."""
    town.take(HERE, file_of(here))
    town.take(THERE, file_of(there), uai=OTHER_UAI)


def proposals(town: Town) -> list[tuple[str, str]]:
    """Return the pairs that wait, by given name and surname."""
    details = town.rows(
        "SELECT details FROM review_items WHERE kind = 'merge_proposal' AND resolved_at IS NULL"
        " ORDER BY id"
    )
    found = [json.loads(row[0]) for row in details]
    return [(_name(one["guardian"]), _name(one["other"])) for one in found]


def _name(person: dict[str, Any]) -> str:
    return f"{person['given_name']} {person['family_name']}"


def answered(town: Town, kind: AnswerKind) -> None:
    """Answer the one proposal there is."""
    ((number,),) = town.rows("SELECT id FROM review_items WHERE kind = 'merge_proposal'")
    with town.services.transaction() as session:
        author = town.services.author(NOW)
        resolve_questions(session, [number], Answer(kind), reason="vu", author=author)


def generate(town: Town, uai: str = UAI) -> None:
    """Open the accounts of a school."""
    with town.services.transaction() as session:
        generate_accounts(
            session,
            school_by_uai(session, uai, lock=True),
            stem_digest=town.services.keyring.stem_digest,
            author=town.services.author(NOW),
        )


def test_a_person_of_two_schools_is_proposed_once(town: Town) -> None:
    """Same names and mobile, the e-mail known to one school: a proposal, with its reasons."""
    both(
        town,
        guardian("Jeanne", "Martin", ALICE, **MOBILE, **EMAIL),
        guardian("JEANNE", "MARTIN", BOB, **MOBILE),
    )

    assert proposals(town) == [("Jeanne Martin", "JEANNE MARTIN")]
    ((details, uai),) = town.rows(
        "SELECT details, uai FROM review_items JOIN schools ON schools.id = school_id"
    )
    assert uai == OTHER_UAI
    assert json.loads(details)["score"] == 75
    assert json.loads(details)["evidence"] == [
        ["given_same", 25], ["family_same", 25], ["mobile_same", 25],
    ]  # fmt: skip


def test_the_same_files_again_write_nothing(town: Town) -> None:
    """A second import, of either school, leaves queue and trail as they are."""
    files = HERE, file_of(guardian("Jeanne", "Martin", ALICE, **MOBILE, **EMAIL))
    town.take(*files)
    town.take(THERE, file_of(guardian("Jeanne", "Martin", BOB, **MOBILE)), uai=OTHER_UAI)
    before = town.everything()

    assert not town.take(*files).changes_something
    assert town.everything() == before
    with town.services.transaction() as session:
        assert propose_merges(session, 1, [1, 2], NOW) == (0, 0)
    assert town.everything() == before


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"given": "Christelle"}, {"given": "Cristelle"}),
        ({"family": "Durand", "usage_name": "Martin"}, {"family": "Martin"}),
        ({"family": "Martin"}, {"family": "Durand", "usage_name": "Martin"}),
        ({"given": "Jean-Pierre", **SIR}, {"given": "Jean", **SIR}),
        ({"family": "Moreau"}, {"family": "Moraeu"}),
        ({"given": "Martin", "family": "Jeanne"}, {"given": "Jeanne", "family": "Martin"}),
    ],
)
def test_names_written_otherwise_still_meet(
    village: Town, here: dict[str, Any], there: dict[str, Any]
) -> None:
    """A slip, a marriage, a compound given name, names swapped: one mobile in common."""
    both(village, _of(here, ALICE), _of(there, BOB))

    assert len(proposals(village)) == 1


def _of(facts: dict[str, Any], *children: Any, **more: Any) -> GuardianRow:
    names = {"given": "Jeanne", "family": "Martin", **facts}
    given, family = names.pop("given"), names.pop("family")
    return guardian(given, family, *children, **MOBILE, **names, **more)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"given": "Christelle", "family": "Moreau"}, {"given": "Cristelle", "family": "Moreau"}),
        ({"given": "Christelle", "family": "Moreau"}, {"given": "Christelle", "family": "Moraeu"}),
        ({"given": "Christelle", "family": "Moreau"}, {"given": "Cristelle", "family": "Moraeu"}),
        ({"given": "Moreau", "family": "Cristelle"}, {"given": "Christelle", "family": "Moreau"}),
    ],
)
def test_a_slip_and_an_address_are_enough(
    village: Town, here: dict[str, str], there: dict[str, str]
) -> None:
    """No e-mail, no mobile: names near each other at one address are looked for too."""
    both(
        village,
        guardian(here["given"], here["family"], ALICE, **HOME),
        guardian(there["given"], there["family"], BOB, **HOME),
    )

    assert len(proposals(village)) == 1


def test_a_child_in_common_is_enough(town: Town) -> None:
    """Alice goes to the other school, which knows her mother by her name alone."""
    ine = "0113014881M"
    town.take(
        file_of(pupil("Alice", "Martin", ine=ine)), file_of(guardian("Jeanne", "Martin", ALICE))
    )
    town.take(
        file_of(pupil("Alice", "Martin", ine=ine)),
        file_of(guardian("Jeane", "Martin", ALICE)),
        uai=OTHER_UAI,
    )

    assert len(proposals(town)) == 1


def test_a_couple_is_not_proposed(town: Town) -> None:
    """One mobile, one e-mail, one address, two schools, no civility: two given names."""
    shared: dict[str, Any] = {**MOBILE, **EMAIL, **HOME, "civility": None}
    town.take(
        HERE,
        file_of(
            guardian("Julie", "Martin", ALICE, **shared),
            guardian("Julien", "Martin", ALICE, **shared),
        ),
    )
    town.take(THERE, file_of(guardian("Paul", "Martin", BOB, **shared)), uai=OTHER_UAI)

    assert proposals(town) == []


def test_two_civilities_are_two_people(village: Town) -> None:
    """M. and Mme Dominique Martin, each known to one school."""
    shared = {**MOBILE, **EMAIL, **HOME}
    both(
        village,
        guardian("Dominique", "Martin", ALICE, **shared),
        guardian("Dominique", "Martin", BOB, **shared, **SIR),
    )

    assert proposals(village) == []


def test_father_and_son_of_one_school_are_not_proposed(village: Town) -> None:
    """The file itself writes two of one name in one home, with other contacts."""
    pupils = file_of(pupil("Alice", "Martin"), pupil("Bob", "Martin", class_label="CE1"))
    father = guardian("Jean", "Martin", ALICE, **SIR, **HOME, email="pere@x.fr", **MOBILE)
    son = guardian("Jean", "Martin", BOB, **SIR, **HOME, email="fils@x.fr", mobile="+33698765432")

    village.take(pupils, file_of(father, son))

    assert village.count("guardians") == 2
    assert proposals(village) == []


def test_parents_of_twins_are_no_news(village: Town) -> None:
    """Two children of one day, one mother, one father: nothing to ask."""
    twins = child("Alice", "Martin"), child("Bob", "Martin")
    shared = {**MOBILE, **EMAIL, **HOME}

    village.take(
        file_of(pupil("Alice", "Martin"), pupil("Bob", "Martin")),
        file_of(
            guardian("Jeanne", "Martin", twins[0], **shared),
            guardian("Jeanne", "Martin", twins[1], **shared),
            guardian("Paul", "Martin", *twins, **shared, **SIR),
        ),
    )

    assert village.count("guardians") == 2
    assert proposals(village) == []


def test_homonyms_who_share_a_mobile_are_proposed_and_never_joined(town: Town) -> None:
    """Cousins of one name and one mobile: nobody but a person can tell them from one (R-31)."""
    both(
        town,
        guardian("Karim", "Benali", ALICE, **SIR, **MOBILE, email="un@x.fr"),
        guardian("Karim", "Benali", BOB, **SIR, **MOBILE, email="deux@x.fr"),
    )
    generate(town)
    generate(town, OTHER_UAI)

    assert len(proposals(town)) == 1
    assert town.count("accounts") == 2


def test_who_will_be_joined_anyway_is_not_proposed(town: Town) -> None:
    """Surname, given name, e-mail and mobile all the same: the rule joins them (R-7)."""
    both(
        town,
        guardian("Jeanne", "Martin", ALICE, **MOBILE, **EMAIL),
        guardian("Jeanne", "Martin", BOB, **MOBILE, **EMAIL),
    )

    assert proposals(town) == []
    generate(town)
    generate(town, OTHER_UAI)
    assert town.count("accounts") == 1


def test_who_has_two_accounts_already_is_proposed(village: Town) -> None:
    """The rule joins records, not accounts: contacts that have come to agree are a proposal."""
    here = guardian("Jeanne", "Martin", ALICE, **MOBILE, **EMAIL)
    both(village, here, guardian("Jeanne", "Martin", BOB, email="autre@x.fr"))
    generate(village)
    generate(village, OTHER_UAI)
    assert proposals(village) == []

    village.take(
        THERE, file_of(guardian("Jeanne", "Martin", BOB, **MOBILE, **EMAIL)), uai=OTHER_UAI
    )

    assert len(proposals(village)) == 1


def test_a_contact_of_many_proposes_nobody(village: Town) -> None:
    """The school's own mobile, typed for thirteen guardians: no evidence, no comparing all."""
    names = [chr(ord("a") + n) * 6 for n in range(13)]
    village.take(
        file_of(*(pupil("Alice", name) for name in names)),
        file_of(*(guardian("Jeanne", name, child("Alice", name), **MOBILE) for name in names)),
    )
    village.take(THERE, file_of(guardian("Jeanne", "aaaaab", BOB, **MOBILE)), uai=OTHER_UAI)

    assert proposals(village) == []


def test_a_no_is_remembered(town: Town) -> None:
    """Whatever changes afterwards, two people are never proposed again, nor joined by the rule."""
    here = guardian("Karim", "Benali", ALICE, **SIR, **MOBILE, email="un@x.fr")
    both(town, here, guardian("Karim", "Benali", BOB, **SIR, **MOBILE, email="deux@x.fr"))
    answered(town, AnswerKind.DIFFERENT)

    town.take(HERE, file_of(guardian("Karim", "Benali", ALICE, **SIR, **MOBILE, **HOME)))
    twin = guardian("Karim", "Benali", BOB, **SIR, **MOBILE, email="un@x.fr")
    town.take(THERE, file_of(twin), uai=OTHER_UAI)
    generate(town)
    generate(town, OTHER_UAI)

    assert proposals(town) == []
    assert town.count("review_items") == 1
    assert town.count("accounts") == 2


def test_a_proposal_ends_and_returns_with_its_reasons(town: Town) -> None:
    """Another mobile: nothing speaks for one person any more; the same again: it does."""
    there = guardian("Jeanne", "Martin", BOB, **MOBILE)
    both(town, guardian("Jeanne", "Martin", ALICE, **MOBILE), there)
    assert len(proposals(town)) == 1

    other = guardian("Jeanne", "Martin", BOB, mobile="+33698765432")
    town.take(THERE, file_of(other), uai=OTHER_UAI)

    assert proposals(town) == []
    assert town.rows("SELECT resolution FROM review_items") == [("answered",)]
    town.take(THERE, file_of(there), uai=OTHER_UAI)
    assert len(proposals(town)) == 1
    assert town.count("review_items") == 1


def test_a_correction_at_the_desk_is_weighed_too(village: Town) -> None:
    """The right mobile makes two records meet at once."""
    both(
        village,
        guardian("Jeanne", "Martin", ALICE, **MOBILE),
        guardian("Jeanne", "Martin", BOB, mobile="+33698765432"),
    )
    assert proposals(village) == []

    with village.services.transaction() as session:
        author = village.services.author(NOW)
        correct_guardian(session, 2, {"mobile": "+33612345678"}, reason="vu", author=author)

    assert len(proposals(village)) == 1


def test_regrouping_at_the_desk_answers_and_undoing_it_asks_again(town: Town) -> None:
    """Two accounts that became one in another way are no question; two again, they are."""
    both(
        town,
        guardian("Jeanne", "Martin", ALICE, **MOBILE),
        guardian("Jeanne", "Martin", BOB, **MOBILE),
    )
    generate(town)
    generate(town, OTHER_UAI)
    author = town.services.author(NOW)

    with town.services.transaction() as session:
        done = regroup_accounts(
            session, "jeanne.martin", "jeanne.martin1", reason="vu", author=author, looked=True
        )
    assert proposals(town) == []
    with town.services.transaction() as session:
        undo_regrouping(session, done.other, reason="vu", author=author)

    assert len(proposals(town)) == 1


def test_an_undone_yes_is_asked_again(town: Town) -> None:
    """Who undoes what was said to be one person takes the answer back."""
    both(
        town,
        guardian("Jeanne", "Martin", ALICE, **MOBILE),
        guardian("Jeanne", "Martin", BOB, **MOBILE),
    )
    generate(town)
    generate(town, OTHER_UAI)
    answered(town, AnswerKind.SAME)
    assert town.rows("SELECT resolution FROM review_items") == [("same_person",)]

    with town.services.transaction() as session:
        author = town.services.author(NOW)
        undo_regrouping(session, "jeanne.martin1", reason="vu", author=author)

    assert len(proposals(town)) == 1


def test_the_rule_that_joins_closes_what_it_answers(village: Town) -> None:
    """Proposed without an e-mail, joined once the e-mail came: the question is over."""
    both(
        village,
        guardian("Jeanne", "Martin", ALICE, **MOBILE, **EMAIL),
        guardian("Jeanne", "Martin", BOB, **MOBILE),
    )
    generate(village)
    there: Reading = file_of(guardian("Jeanne", "Martin", BOB, **MOBILE, **EMAIL))
    village.take(THERE, there, uai=OTHER_UAI)
    generate(village, OTHER_UAI)

    assert village.count("accounts") == 1
    assert proposals(village) == []


def test_nothing_written_tells_who_they_are(town: Town) -> None:
    """The digest of a pair is its numbers', and the trail says nothing of a proposal."""
    both(
        town,
        guardian("Jeanne", "Martin", ALICE, **MOBILE),
        guardian("Jeanne", "Martin", BOB, **MOBILE),
    )

    details = " ".join(row[0] for row in town.rows("SELECT details FROM trail_entries"))
    assert "Martin" not in details
    ((stored,),) = town.rows("SELECT details FROM review_items")
    assert "+33612345678" not in stored
