"""What the desk corrected, and the rosters that come after (R-7, R-61, must show 5)."""

from datetime import date
from threading import Thread

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.office.apply_plan import apply_plan
from educonnect_admin.office.desk.correct_birth_date import correct_birth_date
from educonnect_admin.office.desk.correct_guardian import correct_guardian, tidied_contacts
from educonnect_admin.office.import_roster import plan_import
from educonnect_admin.office.importing.plan_figures import Heads
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.rosters.problems import ProblemCode
from educonnect_admin.rosters.rows import GuardianRow
from tests.conftest import NOW
from tests.support.families import BORN, Town, child, file_of, guardian, pupil

RIGHT, THIRD = date(2018, 4, 13), date(2018, 5, 13)
EMAIL, MOBILE, ADDRESS = (
    ProblemCode.CORRECTED_EMAIL_KEPT,
    ProblemCode.CORRECTED_MOBILE_KEPT,
    ProblemCode.CORRECTED_ADDRESS_KEPT,
)
HOME = {"street": "1 rue du Puits", "postcode": "61000", "city": "Alençon"}
MOVED = {"street": "9 place Foch", "postcode": "14000", "city": "Caen"}
KNOWN = {"email": "jeanne@x.fr", "mobile": "+33612345678", **HOME}
NEW: dict[str, str | None] = {"email": "jeanne@y.fr", "mobile": "+33698765432", **MOVED}
PUPILS = file_of(
    pupil("Alice", "Martin", ine="0113014881M"), pupil("Bob", "Martin"), name="pupils.csv"
)


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools, on each database."""
    return Town(services)


def jeanne(**facts: str | None) -> GuardianRow:
    """Return the row of Jeanne, mother of the twins."""
    children = child("Alice", "Martin"), child("Bob", "Martin")
    return guardian("Jeanne", "Martin", *children, **{**KNOWN, **facts})


def taken(town: Town, **facts: str | None) -> RosterPlan:
    """Import the two files, with other contacts of Jeanne perhaps."""
    return town.take(PUPILS, file_of(jeanne(**facts), name="guardians.csv"))


def redate(town: Town, given_name: str, born: date) -> None:
    """Correct a birth date at the desk."""
    number = town.rows(f"SELECT id FROM pupils WHERE given_name = '{given_name}'")[0][0]
    with town.services.transaction() as session:
        correct_birth_date(
            session, str(number), born, reason="vu", author=town.services.author(NOW)
        )


def correct(town: Town, given_name: str = "Jeanne", /, **contacts: str | None) -> None:
    """Correct contacts at the desk."""
    number = town.rows(f"SELECT min(id) FROM guardians WHERE given_name = '{given_name}'")[0][0]
    tidied, _ = tidied_contacts(contacts)
    with town.services.transaction() as session:
        correct_guardian(session, number, tidied, reason="vu", author=town.services.author(NOW))


def remarks(plan: RosterPlan) -> list[ProblemCode]:
    """Return the remarks of an import."""
    return [placed.problem.code for placed in plan.problems]


def contacts(town: Town, *fields: str) -> tuple[str | None, ...]:
    """Return contacts of the only record."""
    (row,) = town.rows(f"SELECT {', '.join(fields)} FROM guardians")
    return tuple(row)


def sources(town: Town) -> dict[str, str | None]:
    """Return what is remembered of the file."""
    return dict(town.rows("SELECT field, source_value FROM guardian_corrections"))


def test_must_show_5_the_old_roster_undoes_no_correction(town: Town) -> None:
    """Date and mobile stand with a remark, the twin is untouched, the trail holds no date."""
    taken(town)
    redate(town, "Alice", RIGHT)
    correct(town, mobile="06 98 76 54 32")

    plans = [taken(town), taken(town)]

    for plan in plans:
        assert sorted(remarks(plan)) == [ProblemCode.CORRECTED_DATE_KEPT, MOBILE]
        assert not plan.changes_something
    assert [(name, str(born)) for name, born in town.rows(
        "SELECT given_name, birth_date FROM pupils ORDER BY given_name"
    )] == [("Alice", str(RIGHT)), ("Bob", str(BORN))]  # fmt: skip
    assert contacts(town, "mobile") == ("+33698765432",)
    everything = str(
        town.rows("SELECT operator, kind, details, reason_digest FROM trail_entries")
        + town.rows("SELECT text FROM trail_reasons")
    )
    for day in (RIGHT, BORN):
        assert day.isoformat() not in everything
        assert f"{day:%d/%m/%Y}" not in everything
    assert "98765432" not in everything
    kinds = town.rows("SELECT kind FROM trail_entries WHERE chain = 1 ORDER BY sequence")
    assert [kind for (kind,) in kinds] == [
        "roster.imported", "pupil.birth_date_corrected", "guardian.corrected",
    ]  # fmt: skip


def test_everything_corrected_at_once_is_still_the_same_person(town: Town) -> None:
    """E-mail, mobile and address all other than in the file: same record, nothing new."""
    taken(town)
    correct(town, **NEW)
    before = town.everything()

    plan = taken(town)

    assert remarks(plan) == [EMAIL, MOBILE, ADDRESS]
    assert plan.new == plan.changed == plan.departed == Heads(0, 0, 0)
    assert town.everything() == before


@pytest.mark.parametrize("facts", [KNOWN, NEW, {**KNOWN, "email": "jeanne@y.fr"}])
def test_without_a_child_either_contact_meets_the_record(
    town: Town, facts: dict[str, str | None]
) -> None:
    """Nobody's child in this school: the contacts alone, the file's or ours, are evidence."""
    stranger = guardian("Jeanne", "Martin", child("Zoé", "Ailleurs"), **KNOWN)
    town.take(PUPILS, file_of(stranger))
    # With an account the record is somebody's: it is not handed to a namesake.
    town.do(
        "INSERT INTO accounts (id, identifier, state, created_at)"
        " VALUES (7, 'j.martin', 'notified', '2026-09-01 00:00:00')"
    )
    town.do("UPDATE guardians SET account_id = 7")
    correct(town, **NEW)

    town.take(file_of(guardian("Jeanne", "Martin", child("Zoé", "Ailleurs"), **facts)))

    assert town.count("guardians") == 1


def test_the_contacts_of_the_file_still_tell_homonyms_apart(town: Town) -> None:
    """Two of one name for one child: the file's e-mails tell who is who, corrected or not."""

    def rows(*mobiles: str | None) -> list[GuardianRow]:
        return [
            guardian(
                "Dominique",
                "Martin",
                child("Alice", "Martin"),
                email=f"{who}@x.fr",
                mobile=mobile,
            )
            for who, mobile in zip(("mother", "aunt"), mobiles, strict=True)
        ]

    town.take(PUPILS, file_of(*rows(None, None)))
    for number, new in enumerate(("new@x.fr", "other@x.fr"), start=1):
        with town.services.transaction() as session:
            author = town.services.author(NOW)
            correct_guardian(session, number, {"email": new}, reason="vu", author=author)

    plan = town.take(PUPILS, file_of(*rows("+33612345678", "+33698765432")))

    assert remarks(plan) == [EMAIL, EMAIL]
    assert not plan.questions
    assert town.rows("SELECT email, mobile FROM guardians ORDER BY id") == [
        ("new@x.fr", "+33612345678"), ("other@x.fr", "+33698765432"),
    ]  # fmt: skip


def test_a_file_that_agrees_ends_the_correction(town: Town) -> None:
    """Silently, however it is written; from then on the file is believed again."""
    taken(town)
    correct(town, **NEW)

    plan = taken(town, **{**NEW, "email": "Jeanne@Y.fr", "city": "CAEN"})

    assert remarks(plan) == []
    assert sources(town) == {}
    assert contacts(town, "email", "city") == ("Jeanne@Y.fr", "CAEN")
    assert not taken(town, **{**NEW, "email": "Jeanne@Y.fr", "city": "CAEN"}).changes_something
    assert remarks(taken(town)) == []
    assert contacts(town, "email", "mobile") == ("jeanne@x.fr", "+33612345678")


def test_a_third_value_is_remembered_and_the_correction_stays(town: Town) -> None:
    """As for a birth date: the remark says that the file has another one; it still meets."""
    taken(town)
    redate(town, "Alice", RIGHT)
    correct(town, email="jeanne@y.fr")
    third = file_of(pupil("Alice", "Martin", THIRD, ine="0113014881M"), pupil("Bob", "Martin"))

    plan = town.take(third, file_of(jeanne(email="third@x.fr")))

    assert sorted(remarks(plan)) == [ProblemCode.CORRECTED_DATE_KEPT, EMAIL]
    assert sources(town) == {"email": "third@x.fr"}
    assert contacts(town, "email") == ("jeanne@y.fr",)
    again = town.take(third, file_of(jeanne(email="third@x.fr")))
    assert (len(remarks(again)), again.changes_something) == (2, False)


def test_half_an_address_is_never_mixed_with_another(town: Town) -> None:
    """Only the street was corrected; a file that moves the family does not touch the town."""
    taken(town)
    correct(town, street="3 rue du Puits")

    plan = taken(town, **MOVED)

    assert remarks(plan) == [ADDRESS]
    assert contacts(town, "street", "postcode", "city") == ("3 rue du Puits", "61000", "Alençon")
    assert sources(town) == {**MOVED, "country": None}


def test_what_was_taken_away_stays_away(town: Town) -> None:
    """The mobile of a former partner does not come back; an empty cell settles nothing."""
    taken(town)
    correct(town, mobile=None)

    assert remarks(taken(town)) == [MOBILE]
    assert remarks(taken(town, mobile=None)) == []
    assert remarks(taken(town)) == [MOBILE]
    assert contacts(town, "mobile") == (None,)


def test_an_empty_cell_changes_no_correction(town: Town) -> None:
    """Nor does it end one."""
    taken(town)
    correct(town, **NEW)

    plan = taken(town, **dict.fromkeys(NEW))

    assert remarks(plan) == []
    assert not plan.changes_something
    assert len(sources(town)) == 6


def test_what_was_not_corrected_still_follows_the_file(town: Town) -> None:
    """A correction of the e-mail leaves the mobile to the school."""
    taken(town)
    correct(town, email="jeanne@y.fr")

    plan = taken(town, mobile="+33611111111")

    assert remarks(plan) == [EMAIL]
    assert contacts(town, "email", "mobile") == ("jeanne@y.fr", "+33611111111")


def test_the_husband_of_the_same_mobile_is_not_touched(town: Town) -> None:
    """A couple shares its contacts: the correction is of one record."""
    rows = [
        guardian(name, "Martin", child("Alice", "Martin"), **KNOWN) for name in ("Jeanne", "Paul")
    ]
    town.take(PUPILS, file_of(*rows))
    correct(town, mobile="0698765432")

    town.take(PUPILS, file_of(*rows))

    assert town.rows("SELECT given_name, mobile FROM guardians ORDER BY given_name") == [
        ("Jeanne", "+33698765432"), ("Paul", "+33612345678"),
    ]  # fmt: skip


def test_a_correction_during_an_import_is_not_lost(services: Services) -> None:
    """The desk waits for the import of that school, which would write what it read before."""
    town = Town(services)
    taken(town)
    done: list[str] = []
    with services.transaction() as session:
        files = PUPILS, file_of(jeanne(email="other@x.fr"), name="guardians.csv")
        plan = plan_import(session, "0140070A", files, services.author(NOW))
        # Nothing is written yet: only the school is held.
        desks = [Thread(target=one, args=(town, done)) for one in (_corrected, _redated)]
        for desk in desks:
            desk.start()
        desks[0].join(0.5)
        assert done == []
        apply_plan(session, plan, services.author(NOW))
    for desk in desks:
        desk.join()

    assert contacts(town, "email") == ("jeanne@y.fr",)
    assert sources(town) == {"email": "other@x.fr"}


def _corrected(town: Town, done: list[str]) -> None:
    correct(town, email="jeanne@y.fr")
    done.append("corrected")


def _redated(town: Town, done: list[str]) -> None:
    redate(town, "Bob", RIGHT)
    done.append("redated")
