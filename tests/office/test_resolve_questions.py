"""Answering the queue: what happens at once, what the next import does, what is refused."""

from typing import Any

import pytest
from sqlalchemy import select

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.desk_errors import (
    AccountEnded,
    AnswerDoesNotFit,
    ContradictsAnswers,
    KeepsNeither,
    NotAPupilHere,
    NotARecordHere,
    NothingToTakeBack,
    QuestionAnswered,
    UnknownPupil,
    UnknownQuestion,
)
from educonnect_admin.edge import Services
from educonnect_admin.office.answering.answers import Answer, AnswerKind, Resolved
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.importing.announce_children import Announcer
from educonnect_admin.office.resolve_questions import resolve_questions
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.trail_check import first_broken_entry
from educonnect_admin.rosters.rows import Reading
from tests.conftest import NOW
from tests.support.families import OTHER_UAI, UAI, Town, child, file_of, guardian, pupil

ALICE, BOB = child("Alice", "Martin"), child("Bob", "Martin")
TWO_ALICES = file_of(
    pupil("Alice", "Martin", class_label="CP A"),
    pupil("Alice", "Martin", class_label="CP B", ine="0113014881M"),
)
MOTHER = file_of(guardian("Jeanne", "Martin", ALICE, email="j@x.fr"))
HOME = {"street": "1 rue A", "postcode": "14000", "city": "Caen"}
MOBILE = {"mobile": "+33612345678"}


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools, on each database."""
    return Town(services)


@pytest.fixture
def village(sqlite_services: Services) -> Town:
    """Two schools on SQLite, for rules that no database can see."""
    return Town(sqlite_services)


def resolve(town: Town, *numbers: int, says: AnswerKind, value: str | None = None) -> Resolved:
    """Answer questions at the desk."""
    with town.services.transaction() as session:
        return resolve_questions(
            session,
            numbers,
            Answer(says, value),
            reason="vu avec la famille",
            author=town.services.author(NOW),
            announcer=Announcer(town.services.postbox, "https://portail.example.fr"),
        )


def generate(town: Town, *uais: str) -> None:
    """Open the accounts of some schools."""
    for uai in uais:
        with town.services.transaction() as session:
            generate_accounts(
                session,
                school_by_uai(session, uai, lock=True),
                stem_digest=town.services.keyring.stem_digest,
                author=town.services.author(NOW),
            )


def waiting(town: Town) -> list[int]:
    """Return the numbers of the questions that wait."""
    rows = town.rows("SELECT id FROM review_items WHERE resolved_at IS NULL ORDER BY id")
    return [row[0] for row in rows]


def trail(town: Town) -> list[Any]:
    """Return the kinds told of answers."""
    rows = town.rows("SELECT kind FROM trail_entries ORDER BY id")
    return [row[0] for row in rows if row[0] not in {"office.opened", "roster.imported"}]


def assert_sound(town: Town) -> None:
    """Every chain of the trail verifies, and holds no name."""
    pen = town.services.author(NOW).pen
    chains = [row[0] for row in town.rows("SELECT DISTINCT chain FROM trail_entries")]
    with town.services.reading() as session:
        assert [first_broken_entry(session, pen, chain) for chain in chains] == [None] * len(chains)
    told = " ".join(row[0] for row in town.rows("SELECT details FROM trail_entries"))
    assert "Martin" not in told


# ---------------------------------------------------------------- a child


def test_an_ambiguous_child_is_linked_at_once_and_stays_linked(town: Town) -> None:
    """The pupil of this INE; the same file again neither asks nor undoes it."""
    town.take(TWO_ALICES, MOTHER)

    done = resolve(town, *waiting(town), says=AnswerKind.PUPIL, value="0113014881m")

    effect = done.questions[0].effect
    assert (effect.linked, effect.answer_id, effect.pupil) == (True, 2, "Alice Martin")
    assert town.rows("SELECT guardian_id, pupil_id, legal FROM guardianships") == [(1, 2, True)]
    assert town.rows("SELECT resolution, answer_id FROM review_items") == [("linked", 2)]
    assert trail(town) == ["review.answered", "link.added"]
    assert_sound(town)
    before = town.everything()
    assert not town.take(TWO_ALICES, MOTHER).changes_something
    assert town.everything() == before


def test_a_file_that_names_the_other_child_adds_her(village: Town) -> None:
    """It speaks of the one in CP A alone: the child whom somebody chose stays too."""
    village.take(TWO_ALICES, MOTHER)
    resolve(village, *waiting(village), says=AnswerKind.PUPIL, value="2")

    exact = guardian("Jeanne", "Martin", child("Alice", "Martin", "CP A"), email="j@x.fr")
    village.take(TWO_ALICES, file_of(exact))

    assert village.rows("SELECT pupil_id FROM guardianships WHERE ended_on IS NULL ORDER BY 1") == [
        (1,), (2,),
    ]  # fmt: skip


def test_a_guardian_without_child_is_linked_whatever_the_name(town: Town) -> None:
    """The file writes «Alise»; the import goes on finding nobody, and leaves the link."""
    files = (
        file_of(pupil("Alice", "Martin")),
        file_of(guardian("Jeanne", "Martin", child("Alise", "Martin"), email="j@x.fr")),
    )
    town.take(*files)

    resolve(town, *waiting(town), says=AnswerKind.PUPIL, value="1")

    assert town.links() == {("Jeanne", "Alice")}
    assert not town.take(*files).changes_something
    generate(town, UAI)
    assert town.count("accounts") == 1


def test_nobody_is_an_answer_too(town: Town) -> None:
    """A child of another school: dismissed, and never asked again."""
    files = (
        file_of(pupil("Alice", "Martin")),
        file_of(guardian("Jeanne", "Martin", child("Zoé", "Petit"), email="j@x.fr")),
    )
    town.take(*files)

    resolve(town, *waiting(town), says=AnswerKind.NONE)

    assert town.links() == set()
    assert not town.take(*files).changes_something
    assert waiting(town) == []
    assert town.rows("SELECT resolution FROM review_items") == [("nobody",)]


def test_a_former_link_begins_again(village: Town) -> None:
    """The link was there once: it is opened, not doubled."""
    village.take(TWO_ALICES, MOTHER)
    village.do(
        "INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on, ended_on)"
        " VALUES (1, 2, true, '2026-01-01', '2026-02-01')"
    )

    done = resolve(village, *waiting(village), says=AnswerKind.PUPIL, value="2")

    assert done.questions[0].effect.linked
    assert village.rows("SELECT pupil_id, ended_on FROM guardianships") == [(2, None)]


def test_a_link_that_stands_is_left_as_it_is(village: Town) -> None:
    """The desk has linked them meanwhile: the question is answered, nothing else changes."""
    village.take(TWO_ALICES, MOTHER)
    village.do(
        "INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on)"
        " VALUES (1, 2, true, '2026-01-01')"
    )

    done = resolve(village, *waiting(village), says=AnswerKind.PUPIL, value="2")

    assert not done.questions[0].effect.linked
    assert trail(village) == ["review.answered"]


def test_the_holder_of_an_active_account_is_told(town: Town) -> None:
    """A mail to the confirmed address, as an import sends one (R-8)."""
    town.take(TWO_ALICES, MOTHER)
    town.do(
        "INSERT INTO accounts (id, identifier, state, created_at, email, email_confirmed_at)"
        " VALUES (1, 'jeanne.martin', 'active', '2026-09-01', 'j@x.fr', '2026-09-02')"
    )
    town.do("UPDATE guardians SET account_id = 1")

    resolve(town, *waiting(town), says=AnswerKind.PUPIL, value="1")

    assert town.rows("SELECT kind, account_id FROM messages") == [("child_added", 1)]
    assert trail(town) == ["review.answered", "link.added", "message.queued"]
    assert town.rows("SELECT account_id FROM trail_entries WHERE kind = 'link.added'") == [(1,)]


def test_a_pupil_of_another_school_is_refused(town: Town) -> None:
    """And so is one whom nobody knows; nothing is answered."""
    town.take(TWO_ALICES, MOTHER)
    town.take(file_of(pupil("Bob", "Petit")), uai=OTHER_UAI)

    with pytest.raises(NotAPupilHere):
        resolve(town, *waiting(town), says=AnswerKind.PUPIL, value="3")
    with pytest.raises(UnknownPupil):
        resolve(town, *waiting(town), says=AnswerKind.PUPIL, value="99")

    assert len(waiting(town)) == 1
    assert trail(town) == []


# ---------------------------------------------------------------- a guardian

PUPILS = file_of(*(pupil(name, "Martin") for name in ("Alice", "Bob", "Carla")))
FATHER_AND_SON = (
    guardian("Jean", "Martin", ALICE, email="pere@x.fr", **HOME),
    guardian("Jean", "Martin", BOB, email="fils@x.fr", **HOME),
)
BETWEEN = guardian("Jean", "Martin", child("Carla", "Martin"), **HOME)
THREE_ROWS = PUPILS, file_of(*FATHER_AND_SON, BETWEEN)


def test_the_record_chosen_is_met_by_the_next_import(town: Town) -> None:
    """Carla's father is the son: the same file links her to him, and then changes nothing."""
    town.take(*THREE_ROWS)
    assert town.count("guardianships") == 2

    done = resolve(town, *waiting(town), says=AnswerKind.RECORD, value="2")

    assert done.questions[0].effect.answer_id == 2
    assert town.count("guardianships") == 2
    town.take(*THREE_ROWS)
    assert town.count("guardians") == 2
    assert town.rows("SELECT pupil_id FROM guardianships WHERE guardian_id = 2 ORDER BY 1") == [
        (2,), (3,),
    ]  # fmt: skip
    assert waiting(town) == []
    again = town.take(*THREE_ROWS)
    assert not again.changes_something


def test_a_new_record_is_made_once(town: Town) -> None:
    """Carla's father is a third Jean: made by the next import, met by those after it."""
    town.take(*THREE_ROWS)

    resolve(town, *waiting(town), says=AnswerKind.NEW)
    first = town.take(*THREE_ROWS)

    assert first.new.guardians == 1
    assert town.count("guardians") == 3
    assert town.rows("SELECT answer_id FROM review_items WHERE resolution = 'new_record'") == [(3,)]
    before = town.everything()
    assert not town.take(*THREE_ROWS).changes_something
    assert town.everything() == before
    assert waiting(town) == []


def test_two_rows_of_the_record_chosen_may_name_one_child(village: Town) -> None:
    """Both rows have come to name Dan: one link."""
    village.take(*THREE_ROWS)
    resolve(village, *waiting(village), says=AnswerKind.RECORD, value="2")
    carla, dan = child("Carla", "Martin"), child("Dan", "Martin")
    pupils = file_of(*(pupil(name, "Martin") for name in ("Alice", "Bob", "Carla", "Dan")))
    son = guardian("Jean", "Martin", BOB, dan, email="fils@x.fr", **HOME)
    between = guardian("Jean", "Martin", carla, **HOME), guardian("Jean", "Martin", dan, **HOME)
    village.take(pupils, file_of(*FATHER_AND_SON, *between))
    (number,) = waiting(village)

    resolve(village, number, says=AnswerKind.RECORD, value="2")
    village.take(pupils, file_of(FATHER_AND_SON[0], son, *between))

    assert village.rows("SELECT pupil_id FROM guardianships WHERE guardian_id = 2 ORDER BY 1") == [
        (2,), (3,), (4,),
    ]  # fmt: skip


def test_a_record_that_is_gone_is_asked_again(village: Town) -> None:
    """Somebody chose a record that no longer exists: the question opens again, once."""
    village.take(*THREE_ROWS)
    resolve(village, *waiting(village), says=AnswerKind.RECORD, value="2")
    village.do("UPDATE review_items SET answer_id = 99")

    first, second = village.take(*THREE_ROWS), village.take(*THREE_ROWS)

    assert [q.kind for q in first.open_questions] == ["ambiguous_guardian"]
    assert len(waiting(village)) == 1
    assert not second.changes_something


def test_the_record_chosen_takes_the_facts_where_nobody_else_does(town: Town) -> None:
    """Two rows contest two records; what somebody answers settles both."""
    old = [
        guardian("Jean", "Martin", ALICE, email="pere@x.fr", **HOME),
        guardian("Jean", "Martin", BOB, email="fils@x.fr", **HOME),
    ]
    town.take(PUPILS, file_of(*old))
    new = guardian("Jean", "Martin", child("Carla", "Martin"), street="1 rue A", **MOBILE)
    files = PUPILS, file_of(new)
    town.take(*files)
    (number,) = waiting(town)

    resolve(town, number, says=AnswerKind.RECORD, value="2")
    town.take(*files)

    assert town.rows("SELECT id FROM guardians WHERE mobile IS NOT NULL") == [(2,)]
    assert waiting(town) == []
    assert not town.take(*files).changes_something


def test_a_record_of_another_school_is_refused(town: Town) -> None:
    """It would be nobody's."""
    town.take(*THREE_ROWS)
    town.take(
        file_of(pupil("Bob", "Petit")),
        file_of(guardian("Anne", "Petit", child("Bob", "Petit"))),
        uai=OTHER_UAI,
    )

    with pytest.raises(NotARecordHere):
        resolve(town, waiting(town)[0], says=AnswerKind.RECORD, value="3")
    with pytest.raises(NotARecordHere):
        resolve(town, waiting(town)[0], says=AnswerKind.RECORD, value="99")


# ---------------------------------------------------------------- two records


def two_records(town: Town, **there: Any) -> int:
    """Let two schools write one person down; return the number of the proposal."""
    here: Reading = file_of(guardian("Jeanne", "Martin", ALICE, **MOBILE))
    town.take(file_of(pupil("Alice", "Martin")), here)
    town.take(
        file_of(pupil("Bob", "Martin")),
        file_of(guardian("Jeanne", "Martin", BOB, **MOBILE, **there)),
        uai=OTHER_UAI,
    )
    (number,) = waiting(town)
    return number


def accounts(town: Town) -> list[Any]:
    """Return (identifier, state, records) of every account."""
    return town.rows(
        "SELECT identifier, state, count(guardians.id) FROM accounts"
        " LEFT JOIN guardians ON guardians.account_id = accounts.id"
        " GROUP BY identifier, state ORDER BY identifier"
    )


def test_two_accounts_of_one_person_are_regrouped(town: Town) -> None:
    """The one that was opened first stays; both schools are told why."""
    number = two_records(town)
    generate(town, UAI, OTHER_UAI)

    done = resolve(town, number, says=AnswerKind.SAME)

    effect = done.questions[0].effect
    assert (effect.identifier, effect.other) == ("jeanne.martin", "jeanne.martin1")
    assert accounts(town) == [
        ("jeanne.martin", "not_notified", 2), ("jeanne.martin1", "regrouped", 0),
    ]  # fmt: skip
    answered = town.rows("SELECT chain FROM trail_entries WHERE kind = 'review.answered'")
    assert sorted(row[0] for row in answered) == [1, 2]
    assert_sound(town)


@pytest.mark.parametrize(
    ("here", "there", "kept"),
    [
        ("notified", "active", "jeanne.martin1"),
        ("active", "notified", "jeanne.martin"),
        ("not_notified", "notified", "jeanne.martin1"),
        ("email_pending", "notified", "jeanne.martin"),
        ("active", "active", "jeanne.martin"),
    ],
)
def test_the_account_in_use_stays(village: Town, here: str, there: str, kept: str) -> None:
    """Active before pending, pending before notified, notified before never notified."""
    number = two_records(village)
    generate(village, UAI, OTHER_UAI)
    village.do(f"UPDATE accounts SET state = '{here}' WHERE identifier = 'jeanne.martin'")
    village.do(f"UPDATE accounts SET state = '{there}' WHERE identifier = 'jeanne.martin1'")

    assert resolve(village, number, says=AnswerKind.SAME).questions[0].effect.identifier == kept


def test_somebody_may_say_which_account_stays(village: Town) -> None:
    """One of the two; any other is refused."""
    number = two_records(village)
    with pytest.raises(KeepsNeither):
        resolve(village, number, says=AnswerKind.SAME, value="jeanne.martin")
    generate(village, UAI, OTHER_UAI)

    with pytest.raises(KeepsNeither):
        resolve(village, number, says=AnswerKind.SAME, value="paul.petit")
    done = resolve(village, number, says=AnswerKind.SAME, value=" Jeanne.Martin1 ")

    assert done.questions[0].effect.other == "jeanne.martin"


def test_a_record_without_account_joins_the_other_s(town: Town) -> None:
    """The trail tells it in the record's own school; its children are on the account."""
    number = two_records(town)
    generate(town, UAI)

    done = resolve(town, number, says=AnswerKind.SAME)
    generate(town, OTHER_UAI)

    assert done.questions[0].effect.other is None
    assert accounts(town) == [("jeanne.martin", "not_notified", 2)]
    joined = town.rows(
        "SELECT chain, guardian_id FROM trail_entries WHERE kind = 'account.record_joined'"
    )
    assert joined == [(2, 2)]


def test_the_holder_is_told_of_the_children_who_join(town: Town) -> None:
    """An active account gains Bob: a mail to its confirmed address."""
    number = two_records(town)
    generate(town, UAI)
    town.do(
        "UPDATE accounts SET state = 'active', email = 'j@x.fr', email_confirmed_at = '2026-09-02'"
    )

    resolve(town, number, says=AnswerKind.SAME)

    assert town.rows("SELECT kind FROM messages") == [("child_added",)]


@pytest.mark.parametrize("order", [(UAI, OTHER_UAI), (OTHER_UAI, UAI)])
def test_without_accounts_one_is_opened_for_both(town: Town, order: tuple[str, str]) -> None:
    """It is remembered, whichever school opens its accounts first."""
    number = two_records(town)

    done = resolve(town, number, says=AnswerKind.SAME)
    assert done.questions[0].effect.identifier is None
    generate(town, *order)

    assert accounts(town) == [("jeanne.martin", "not_notified", 2)]


def test_two_records_of_one_school_get_one_account(town: Town) -> None:
    """Entered twice, with two e-mails and one mobile: one account for the family."""
    files = (
        file_of(pupil("Alice", "Martin"), pupil("Bob", "Martin")),
        file_of(
            guardian("Jeanne", "Martin", ALICE, **MOBILE, email="un@x.fr"),
            guardian("Jeanne", "Martin", BOB, **MOBILE, email="deux@x.fr"),
        ),
    )
    town.take(*files)
    (number,) = waiting(town)

    resolve(town, number, says=AnswerKind.SAME)
    generate(town, UAI)

    assert accounts(town) == [("jeanne.martin", "not_notified", 2)]
    assert not town.take(*files).changes_something


def test_an_account_that_is_over_is_refused(town: Town) -> None:
    """Closed at the desk: it must be opened again first; the question waits."""
    number = two_records(town)
    generate(town, UAI, OTHER_UAI)
    town.do(f"UPDATE accounts SET state = '{AccountState.CLOSED}' WHERE id = 2")

    with pytest.raises(AccountEnded):
        resolve(town, number, says=AnswerKind.SAME)

    assert waiting(town) == [number]


def test_three_records_in_one_answer(village: Town) -> None:
    """Three schools' worth of one person, each pair proposed: all in one account."""
    pupils = [file_of(pupil(name, "Martin")) for name in ("Alice", "Bob")]
    village.take(
        file_of(pupil("Alice", "Martin"), pupil("Carla", "Martin")),
        file_of(
            guardian("Jeanne", "Martin", ALICE, **MOBILE, email="un@x.fr"),
            guardian("Jeanne", "Martin", child("Carla", "Martin"), **MOBILE, email="deux@x.fr"),
        ),
    )
    village.take(pupils[1], file_of(guardian("Jeanne", "Martin", BOB, **MOBILE)), uai=OTHER_UAI)
    generate(village, UAI, OTHER_UAI)
    assert len(waiting(village)) == 3

    done = resolve(village, *waiting(village), says=AnswerKind.SAME)

    assert len(done.questions) == 3
    assert [row[2] for row in accounts(village)] == [3, 0, 0]
    assert village.rows("SELECT DISTINCT resolution FROM review_items") == [("same_person",)]


def test_what_follows_from_two_answers_is_not_asked_further(village: Town) -> None:
    """One person of three records, two pairs answered: the account opened closes the third."""
    village.take(
        file_of(pupil("Alice", "Martin"), pupil("Carla", "Martin")),
        file_of(
            guardian("Jeanne", "Martin", ALICE, **MOBILE, email="un@x.fr"),
            guardian("Jeanne", "Martin", child("Carla", "Martin"), **MOBILE, email="deux@x.fr"),
        ),
    )
    village.take(
        file_of(pupil("Bob", "Martin")),
        file_of(guardian("Jeanne", "Martin", BOB, **MOBILE)),
        uai=OTHER_UAI,
    )
    first, second, third = waiting(village)

    resolve(village, first, second, says=AnswerKind.SAME)
    assert waiting(village) == [third]
    generate(village, UAI, OTHER_UAI)

    assert [row[2] for row in accounts(village)] == [3]
    assert waiting(village) == []


# ---------------------------------------------------------------- refusals


def three_records(town: Town) -> list[int]:
    """Let one name and mobile stand in three records of three e-mails; return the questions."""
    rows = [
        guardian("Karim", "Benali", child(name, "Benali"), **MOBILE, email=f"{name}@x.fr".lower())
        for name in ("Alice", "Bob", "Carla")
    ]
    pupils = [pupil(name, "Benali") for name in ("Alice", "Bob", "Carla")]
    town.take(file_of(*pupils[:2]), file_of(*rows[:2]))
    town.take(file_of(pupils[2]), file_of(rows[2]), uai=OTHER_UAI)
    return waiting(town)


def test_a_yes_can_not_undo_a_no_through_a_third_record(village: Town) -> None:
    """A and B two people, A and C one: then B and C can't be one as well."""
    first, second, third = three_records(village)
    resolve(village, first, says=AnswerKind.DIFFERENT)
    resolve(village, second, says=AnswerKind.SAME)

    with pytest.raises(ContradictsAnswers) as refused:
        resolve(village, third, says=AnswerKind.SAME)

    assert (refused.value.number, refused.value.earlier) == (third, first)
    assert waiting(village) == [third]
    generate(village, UAI, OTHER_UAI)
    assert sorted(row[2] for row in accounts(village)) == [1, 2]
    with pytest.raises(ContradictsAnswers):
        resolve(village, third, says=AnswerKind.SAME)


def test_a_no_can_not_undo_two_yeses(village: Town) -> None:
    """A and B one person, B and C one: then A and C are not two."""
    first, second, third = three_records(village)
    resolve(village, first, second, says=AnswerKind.SAME)

    with pytest.raises(ContradictsAnswers) as refused:
        resolve(village, third, says=AnswerKind.DIFFERENT)

    assert refused.value.earlier is None


@pytest.mark.parametrize("said", [AnswerKind.SAME, AnswerKind.DIFFERENT])
def test_an_answer_about_two_records_can_be_taken_back(town: Town, said: AnswerKind) -> None:
    """As long as it has done nothing: the question waits again, the trail tells of both."""
    number = two_records(town)
    resolve(town, number, says=said)

    done = resolve(town, number, says=AnswerKind.REOPEN)

    assert done.questions[0].resolution is None
    assert waiting(town) == [number]
    assert trail(town).count("review.answered") == 4
    assert_sound(town)
    with pytest.raises(NothingToTakeBack):
        resolve(town, number, says=AnswerKind.REOPEN)


def test_an_answer_about_a_child_can_be_taken_back_but_a_link_stays(village: Town) -> None:
    """«None of them» may be reconsidered; a child that was linked is the file's to take away."""
    village.take(TWO_ALICES, MOTHER)
    (number,) = waiting(village)
    resolve(village, number, says=AnswerKind.NONE)
    resolve(village, number, says=AnswerKind.REOPEN)
    assert waiting(village) == [number]
    assert not village.take(TWO_ALICES, MOTHER).changes_something
    resolve(village, number, says=AnswerKind.PUPIL, value="1")

    with pytest.raises(NothingToTakeBack):
        resolve(village, number, says=AnswerKind.REOPEN)


def test_one_account_for_two_is_not_taken_back_here(village: Town) -> None:
    """The way back is `accounts undo-regroup`."""
    number = two_records(village)
    generate(village, UAI, OTHER_UAI)
    resolve(village, number, says=AnswerKind.SAME)

    with pytest.raises(NothingToTakeBack):
        resolve(village, number, says=AnswerKind.REOPEN)


def test_a_pointless_question_does_not_wait_again(village: Town) -> None:
    """The mobile has changed since the «no»: taken back, the facts answer it."""
    number = two_records(village)
    resolve(village, number, says=AnswerKind.DIFFERENT)
    other = guardian("Jeanne", "Martin", BOB, mobile="+33698765432")
    village.take(file_of(pupil("Bob", "Martin")), file_of(other), uai=OTHER_UAI)

    resolve(village, number, says=AnswerKind.REOPEN)

    assert waiting(village) == []
    assert village.rows("SELECT resolution FROM review_items") == [("answered",)]


def test_all_or_nothing(town: Town) -> None:
    """One number that can't be answered so, and none is."""
    town.take(TWO_ALICES, MOTHER)
    (number,) = waiting(town)

    with pytest.raises(UnknownQuestion):
        resolve(town, number, 99, says=AnswerKind.NONE)
    with pytest.raises(AnswerDoesNotFit):
        resolve(town, number, says=AnswerKind.SAME)
    with pytest.raises(AnswerDoesNotFit):
        resolve(town, number, says=AnswerKind.NEW)

    assert waiting(town) == [number]


def test_what_has_its_answer_is_not_answered_again(town: Town) -> None:
    """Twice in one command is once; in two commands it is refused."""
    town.take(TWO_ALICES, MOTHER)
    (number,) = waiting(town)

    resolve(town, number, number, says=AnswerKind.NONE)

    with pytest.raises(QuestionAnswered) as refused:
        resolve(town, number, says=AnswerKind.PUPIL, value="1")
    assert refused.value.resolution == "nobody"
    assert trail(town) == ["review.answered"]


def test_a_child_found_opens_an_account_that_was_closed_for_want_of_one(town: Town) -> None:
    """R-62: the same identifier, as it was; the holder is told once."""
    mother = guardian("Jeanne", "Martin", BOB, email="j@x.fr")
    town.take(file_of(pupil("Bob", "Martin")), file_of(mother))
    generate(town, UAI)
    town.take(TWO_ALICES, MOTHER, accept_departures=True)
    with town.services.transaction() as session:
        account = session.scalars(select(Account)).one()
        account.email, account.email_confirmed_at = "j@x.fr", NOW
        account.state = AccountState.ACTIVE
        account.finish(AccountState.CLOSED, NOW)
        account.closed_without_child = True
    (question,) = [row[0] for row in town.rows("SELECT id FROM review_items WHERE guardian_id = 1")]

    resolve(town, question, says=AnswerKind.PUPIL, value="0113014881M")

    assert town.rows("SELECT state, closed_without_child FROM accounts") == [("active", False)]
    assert town.count("messages WHERE kind = 'child_added'") == 1
    assert_sound(town)
