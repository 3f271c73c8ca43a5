"""Correcting a birth date or a contact at the desk (R-61, R-63)."""

from datetime import date

import pytest

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.desk_errors import BadBirthDate, BadContact, UnknownGuardian
from educonnect_admin.domain.people import Enrolment, Pupil
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.edge import Services
from educonnect_admin.office.desk.correct_birth_date import (
    Redated,
    correct_birth_date,
    typed_birth_date,
)
from educonnect_admin.office.desk.correct_guardian import (
    Corrected,
    correct_guardian,
    tidied_contacts,
)
from tests.conftest import NOW
from tests.office.desk.desk import Office

WRONG, RIGHT, OTHER = date(2020, 3, 4), date(2020, 4, 3), date(2020, 5, 3)


@pytest.fixture
def office(services: Services) -> Office:
    """The three families, on each database."""
    return Office(services)


def redate(office: Office, given_name: str, born: date) -> Redated:
    """Correct the birth date of somebody."""
    with office.services.transaction() as session:
        return correct_birth_date(
            session,
            str(office.pupil(given_name)),
            born,
            reason="livret de famille",
            author=office.services.author(NOW),
        )


def correct(office: Office, record: int, **contacts: str | None) -> Corrected:
    """Correct contacts of a record, as typed."""
    tidied, _ = tidied_contacts(contacts)
    with office.services.transaction() as session:
        return correct_guardian(
            session, record, tidied, reason="appel", author=office.services.author(NOW)
        )


def dates(office: Office, given_name: str) -> tuple[str, str | None]:
    """Return the date in force and the source's."""
    ((born, source),) = office.rows(
        f"SELECT birth_date, source_birth_date FROM pupils WHERE given_name = '{given_name}'"
    )
    return str(born), source and str(source)


def corrections(office: Office) -> dict[str, str | None]:
    """Return what the file said of what was corrected."""
    return dict(office.rows("SELECT field, source_value FROM guardian_corrections"))


@pytest.mark.parametrize("text", ["2020-04-03", "03/04/2020", " 3/4/2020 ", "03.04.2020"])
def test_a_birth_date_is_typed_in_two_orders(sqlite_services: Services, text: str) -> None:
    """ISO, or day first as everybody writes it here."""
    assert typed_birth_date(text, sqlite_services.author(NOW)) == RIGHT


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2020-02-30", "impossible_birth_date"),
        ("13/13/2020", "impossible_birth_date"),
        ("43900", "impossible_birth_date"),
        ("hier", "impossible_birth_date"),
        ("03/04/20", "two_digit_year"),
        ("24/11/2026", "future_birth_date"),
    ],
)
def test_what_is_no_birth_date_is_refused(sqlite_services: Services, text: str, why: str) -> None:
    """No such day, no century, a day to come."""
    with pytest.raises(BadBirthDate) as refusal:
        typed_birth_date(text, sqlite_services.author(NOW))

    assert refusal.value.why == why


def test_the_source_keeps_its_value_however_often_one_corrects(office: Office) -> None:
    """Twice corrected, the file's value stands; corrected back to it, nothing is left."""
    redate(office, "Enzo", OTHER)
    redate(office, "Enzo", RIGHT)
    assert dates(office, "Enzo") == (str(RIGHT), str(WRONG))

    done = redate(office, "Enzo", WRONG)

    assert done.agrees
    assert dates(office, "Enzo") == (str(WRONG), None)
    assert not redate(office, "Enzo", WRONG).changed


def test_nobody_but_the_pupil_is_touched(office: Office) -> None:
    """A twin of the same day, surname and class keeps the date, and no school hears of it."""
    with office.services.transaction() as session:
        enzo = session.get_one(Pupil, office.pupil("Enzo"))
        twin = Pupil(
            family_name=enzo.family_name,
            usage_name=None,
            given_name="Enza",
            birth_date=enzo.birth_date,
            ine=None,
        )
        session.add(twin)

    redate(office, "Enzo", RIGHT)

    assert dates(office, "Enza") == (str(WRONG), None)
    assert [(kind, pupil) for kind, pupil in office.rows(
        "SELECT kind, pupil_id FROM trail_entries WHERE pupil_id IS NOT NULL"
    )] == [("pupil.birth_date_corrected", office.pupil("Enzo"))]  # fmt: skip


def test_every_school_that_has_the_pupil_is_told_and_no_date(office: Office) -> None:
    """A pupil of two schools is one pupil, and two chains hear of it without the date."""
    with office.services.transaction() as session:
        session.add(
            Enrolment(
                pupil_id=office.pupil("Enzo"),
                school_id=office.other_school,
                class_id=None,
                level=None,
                started_on=date(2026, 11, 1),
            )
        )

    redate(office, "Enzo", RIGHT)

    assert office.trail("pupil.birth_date_corrected") == [
        (office.school, None, "{}"), (office.other_school, None, "{}"),
    ]  # fmt: skip
    assert office.rows("SELECT DISTINCT text FROM trail_reasons") == [("livret de famille",)]


def test_those_who_typed_the_right_date_in_vain_may_try_again(office: Office) -> None:
    """The counts of that child fall, whoever tried; those of log-in and of others stay."""
    celine = office.account("c.dupont", office.record("Céline"), state=AccountState.ACTIVE)
    jean = office.account("j.dupont", office.record("Jean"))
    enzo, lea = office.pupil("Enzo"), office.pupil("Léa")
    for account in (celine, jean):
        office.tries(account, TryKind.BIRTH_DATE, pupil_id=enzo)
    office.tries(celine, TryKind.BIRTH_DATE, pupil_id=lea)
    office.tries(celine)

    done = redate(office, "Enzo", RIGHT)

    assert done.may_retry == ("c.dupont", "j.dupont")
    assert office.rows("SELECT kind, pupil_id FROM try_counts ORDER BY id") == [
        ("birth_date", lea), ("log_in", None),
    ]  # fmt: skip


def test_an_unlikely_age_is_told_and_taken(office: Office) -> None:
    """Somebody of forty in a primary school: perhaps a typing error, perhaps not."""
    done = redate(office, "Enzo", date(1986, 4, 3))

    assert (done.changed, done.unlikely) == (True, True)


def test_contacts_are_kept_in_the_form_of_an_import(office: Office) -> None:
    """The mobile in E.164, the domain folded; the file's values stand beside them."""
    done = correct(
        office, office.record("Céline"), email="Celine@Example.FR", mobile="06 98 76 54 32"
    )

    assert done.fields == ("email", "mobile")
    assert office.rows("SELECT email, mobile FROM guardians WHERE given_name = 'Céline'") == [
        ("Celine@example.fr", "+33698765432")
    ]
    assert corrections(office) == {"email": "dupont@example.fr", "mobile": "+33612345678"}
    assert office.rows("SELECT email, mobile FROM guardians WHERE given_name = 'Jean'") == [
        ("dupont@example.fr", "+33612345678")
    ]


def test_an_address_is_corrected_as_one(office: Office) -> None:
    """The parts that stay are remembered with those that change."""
    done = correct(office, office.record("Céline"), street="9 place Foch")

    assert done.fields == ("street",)
    assert corrections(office) == {
        "street": "40 avenue Beaucour", "postcode": "61000", "city": "Alençon", "country": None,
    }  # fmt: skip


def test_correcting_back_to_the_file_forgets_the_correction(office: Office) -> None:
    """The file's value stays known however often one corrects."""
    celine = office.record("Céline")
    correct(office, celine, email="a@x.fr", city="Caen")
    correct(office, celine, email="b@x.fr")
    assert corrections(office)["email"] == "dupont@example.fr"

    done = correct(office, celine, email="dupont@example.fr", city="Alençon")

    assert done.agrees == ("email", "city")
    assert corrections(office) == {}
    assert not correct(office, celine, email="dupont@example.fr").changed


def test_a_wrong_mobile_can_be_taken_away(office: Office) -> None:
    """It belongs to somebody else now; what waits to leave to it does not leave."""
    celine = office.record("Céline")
    mine = office.account("c.dupont", celine)
    office.message(mine, celine)
    office.message(mine, celine, channel="sms")

    done = correct(office, celine, mobile=None)

    assert (done.fields, done.cancelled) == (("mobile",), 1)
    assert corrections(office) == {"mobile": "+33612345678"}
    assert office.rows("SELECT channel, state, sealed IS NULL FROM messages ORDER BY id") == [
        ("mail", "waiting", False), ("sms", "cancelled", True),
    ]  # fmt: skip


def test_the_trail_names_fields_never_values(office: Office) -> None:
    """Under the account too, so that its timeline shows it."""
    celine = office.record("Céline")
    mine = office.account("c.dupont", celine)

    correct(office, celine, email="a@x.fr", street="9 place Foch", postcode="14000", city="Caen")

    assert office.trail("guardian.corrected") == [
        (office.school, mine, '{"fields":"email,street,postcode,city"}')
    ]
    assert office.is_sound([office.school])


@pytest.mark.parametrize(
    "contacts",
    [
        {"email": "dupont"},
        {"mobile": "02 31 00 00 00"},
        {"mobile": "bonjour"},
        {"street": "x" * 401},
        {"postcode": "1" * 21},
        {"city": "x" * 101},
        {"city": "\u200e"},
    ],
)
def test_what_can_be_no_contact_is_refused(contacts: dict[str, str]) -> None:
    """A fixed line, too long a text, signs that nobody sees."""
    with pytest.raises(BadContact) as refusal:
        tidied_contacts(contacts)

    assert refusal.value.field in contacts


def test_a_postcode_is_judged_in_its_country(office: Office) -> None:
    """A zero that is missing in France is put back; in Belgium four digits are right."""
    celine = office.record("Céline")

    assert correct(office, celine, postcode="1000").remarks == ()
    assert office.one("SELECT postcode FROM guardians WHERE given_name = 'Céline'") == "01000"
    assert correct(office, celine, postcode="1000", country="Belgique").remarks == ()
    assert office.one("SELECT postcode FROM guardians WHERE given_name = 'Céline'") == "1000"
    assert correct(office, celine, postcode="ABC", country="France").remarks == ("bad_postcode",)


def test_an_unknown_record_is_refused(office: Office) -> None:
    """Nothing is written for a number that nobody bears."""
    with pytest.raises(UnknownGuardian):
        correct(office, 999_999, email="a@x.fr")
