"""Who is purged, when, what goes with them, and what stays (R-2, R-62, R-63)."""

from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.databases import empty_journal
from educonnect_admin.domain.delays import (
    IMPORT_REPORTS_KEPT,
    MESSAGES_KEPT,
    QUESTIONS_KEPT,
)
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.edge import Services
from educonnect_admin.office.desk.close_account import close_account
from educonnect_admin.office.desk.correct_guardian import correct_guardian
from educonnect_admin.office.desk.regroup_accounts import regroup_accounts
from educonnect_admin.office.purge_people import Purged, purge_people
from educonnect_admin.parents.log_in import log_in
from tests.office.leaving import CLOSING, JEANNE, JULY, SEPTEMBER, Years, mother, noon
from tests.office.printing import fill, issue
from tests.parents.portal_office import HOME
from tests.support.families import OTHER_UAI, child, guardian, pupil
from tests.support.pdf import letters_under

DAY = timedelta(days=1)
KEPT = {"offices", "schools", "school_classes", "trail_entries", "trail_heads", "used_numbers",
        "identifier_series", "last_imports", "batches", "batch_files", "services"}  # fmt: skip
"""What may hold rows when nobody is left: nothing of it is about a person."""
OF_NOBODY = {"last_imports", "services", "operators", "operator_schools"}
"""Tables in which none of it is, and which the test leaves empty."""


@pytest.fixture
def years(services: Services) -> Years:
    """Two schools, on each database."""
    return Years(services)


def purge(years: Years, at: date | datetime) -> Purged:
    """Purge as cron does."""
    now = at if isinstance(at, datetime) else noon(at)
    return purge_people(years.services.transaction, years.services.author(now))


def full_tables(years: Years) -> set[str]:
    """Return the tables that hold rows."""
    return {name for name in METADATA.tables if years.count(name)}


def test_after_ninety_days_nothing_of_a_family_is_left(years: Years) -> None:
    """On the 89th day everything stays; on the 90th account, record, child and words go."""
    years.begin("Alice")
    years.take_rows(JULY, [pupil("Zoé", "Personne")], [])
    before = full_tables(years)

    assert purge(years, CLOSING - DAY).people == 0
    assert full_tables(years) == before
    done = purge(years, CLOSING)

    assert (done.people, done.accounts, done.records, done.pupils) == (2, 1, 1, 1)
    assert years.rows("SELECT given_name FROM pupils") == [("Zoé",)]
    assert years.count("guardians") == years.count("accounts") == years.count("guardianships") == 0
    assert {word for (word,) in years.rows("SELECT word FROM name_words")} == {"zoe", "personne"}
    assert years.is_sound()


def test_purging_twice_changes_nothing(years: Years) -> None:
    """The second run finds nobody, and the trail tells of nothing more."""
    years.begin("Alice")
    years.take_in(JULY)
    purge(years, CLOSING)
    told = years.count("trail_entries")

    assert purge(years, CLOSING) == Purged()
    assert years.count("trail_entries") == told


def test_a_dry_run_is_the_same_and_writes_nothing(years: Years) -> None:
    """The same figures, though what hangs on what would go first is still there."""
    years.begin("Alice", "Tom")
    years.take_in(JULY)
    everything = years.everything()

    with years.services.transaction(dry_run=True) as session:
        foreseen = purge_people(lambda: nullcontext(session), years.services.author(noon(CLOSING)))

    assert years.everything() == everything
    assert foreseen == purge(years, CLOSING)
    assert foreseen.people == 3


def test_whoever_has_a_child_left_stays(years: Years) -> None:
    """The child that left goes, with the link to it; account, record and sibling stay."""
    years.begin("Alice", "Tom")
    years.take_in(JULY, "Tom")

    done = purge(years, CLOSING)

    assert (done.people, done.pupils, done.accounts) == (1, 1, 0)
    assert years.accounts() == {JEANNE: "not_notified"}
    assert years.links() == {("Jeanne", "Tom")}
    assert purge(years, CLOSING + timedelta(days=400)).people == 0


def test_a_child_in_another_school_keeps_the_family(years: Years) -> None:
    """The account gathers two schools: one child is enough for both records."""
    years.begin("Alice")
    years.take_in(SEPTEMBER, "Alice", uai=OTHER_UAI)
    years.generate(SEPTEMBER, OTHER_UAI)
    years.take_in(JULY)

    done = purge(years, CLOSING)

    assert (done.accounts, done.records, years.count("guardians")) == (0, 0, 2)


def test_all_that_is_theirs_goes_with_them(services: Services, tmp_path: Path) -> None:
    """Letters, visits, links, messages, counts, corrections, reasons: no row speaks of them."""
    years = Years(services)
    years.do("DELETE FROM schools")
    fill(services)
    issue(services, tmp_path / "out")
    for page in letters_under(tmp_path / "out"):
        log_in(services.means(noon(SEPTEMBER)), HOME, None,
               identifier=page.identifier, password=page.password)  # fmt: skip
    with services.transaction() as session:
        author = services.author(noon(SEPTEMBER))
        correct_guardian(session, 1, {"mobile": "+33698765432"}, reason="Vu avec Céline",
                         author=author)  # fmt: skip
        plant(session)
    years.do("UPDATE enrolments SET ended_on = '2026-11-30'")
    assert full_tables(years) >= set(METADATA.tables) - KEPT - OF_NOBODY

    done = purge(years, date(2027, 3, 1))

    assert (done.people, done.accounts, done.pupils) == (12, 5, 7)
    assert full_tables(years) <= KEPT
    assert done.reasons == 1
    assert years.is_sound()


def plant(session: object) -> None:
    """Leave a row in each table that no other step of the test fills."""
    moment = "'2026-09-01 08:00:00'"
    for statement in (
        "INSERT INTO mail_links (kind, account_id, token_digest, email, request_number,"
        f" created_at, expires_at) VALUES ('activation', 1, 'l', 'z@x.fr', '1', {moment},"
        f" {moment})",
        "INSERT INTO messages (reference, kind, channel, account_id, guardian_id, letter_id, state,"
        f" created_at, due_at, attempts, maybe_double) VALUES ('m', 'letter', 'mail', 1, 1, 1,"
        f" 'sent', {moment}, {moment}, 1, false)",
        f"INSERT INTO setbacks (kind, account_id, happened_at) VALUES ('homonyms', 1, {moment})",
        f"INSERT INTO try_counts (kind, subject, account_id, pupil_id, failures, first_at, last_at)"
        f" VALUES ('birth_date', 'account:1/pupil:1', 1, 1, 1, {moment}, '2027-02-28 08:00:00')",
        f"INSERT INTO sms_codes (visit_id, code_digest, created_at, expires_at, failures)"
        f" SELECT min(id), 'c', {moment}, {moment}, 0 FROM visits",
        f"INSERT INTO regroupings (principal_id, other_id, regrouped_at, undone_at)"
        f" VALUES (1, 2, {moment}, {moment})",
        "INSERT INTO regrouped_records (regrouping_id, guardian_id) VALUES (1, 1)",
        "INSERT INTO review_items (school_id, kind, subject, guardian_id, other_guardian_id,"
        f" details, asked_at) SELECT min(id), 'merge_proposal', 's', 1, 2, '{{}}', {moment}"
        " FROM schools",
    ):
        session.execute(text(statement))  # type: ignore[attr-defined]


def test_a_number_is_never_given_again(years: Years) -> None:
    """Neither the identifier nor the number: the trail still speaks of the former bearer."""
    years.begin("Alice")
    (former,) = years.rows("SELECT id FROM accounts")[0]
    years.take_in(JULY)
    purge(years, CLOSING)

    years.take_in(CLOSING, "Alice")
    years.generate(CLOSING)

    ((number, identifier),) = years.rows("SELECT id, identifier FROM accounts")
    assert (number > former, identifier) == (True, "jeanne.martin1")
    told = years.rows(f"SELECT kind FROM trail_entries WHERE account_id = {former} ORDER BY id")
    assert told[-1] == ("person.purged",)
    assert years.is_sound()


def test_a_regrouped_account_goes_with_its_principal_and_not_before(years: Years) -> None:
    """It has no record and so no child; it waits for whoever its records went to."""
    years.begin("Alice")
    years.take_rows(
        SEPTEMBER, [pupil("Alice", "Martin"), pupil("Tom", "Martin"), pupil("Zoé", "Personne")],
        [mother("Alice"), guardian("Jeanne", "Martin", child("Tom", "Martin"), email="k@x.fr")],
    )  # fmt: skip
    years.generate(SEPTEMBER)
    assert len(years.accounts()) == 2
    with years.services.transaction() as session:
        regroup_accounts(session, JEANNE, "jeanne.martin1", reason="La même",
                         author=years.services.author(noon(SEPTEMBER)), looked=True)  # fmt: skip
    assert purge(years, JULY).people == 0
    years.take_in(JULY)

    assert purge(years, CLOSING).accounts == 2


def test_what_an_operator_closed_lately_can_still_be_opened(years: Years) -> None:
    """No child for long, closed by hand yesterday: ninety days to find the mistake."""
    years.begin("Alice")
    years.take_in(JULY)
    with years.services.transaction() as session:
        close_account(session, JEANNE, reason="Demandé",
                      author=years.services.author(noon(CLOSING - DAY)))  # fmt: skip

    assert purge(years, CLOSING).accounts == 0
    assert purge(years, CLOSING + timedelta(days=89)).accounts == 1


def test_records_without_an_account_go_too(years: Years) -> None:
    """A school that never opened accounts keeps nobody either."""
    years.take_in(SEPTEMBER, "Alice")
    years.take_in(JULY)

    assert purge(years, CLOSING - DAY).people == 0
    assert (purge(years, CLOSING).records, years.count("guardians")) == (1, 0)


def test_a_record_that_a_question_waits_for_stays(years: Years) -> None:
    """No child was found for it; once that is settled without one, ninety days more."""
    years.take_rows(
        SEPTEMBER, [pupil("Zoé", "Personne")],
        [guardian("Rose", "Payet", child("Inès", "Payet"))],
    )  # fmt: skip
    assert years.count("guardians") == years.count("review_items") == 1

    assert purge(years, SEPTEMBER + timedelta(days=300)).records == 0
    years.do("UPDATE review_items SET resolution = 'nobody', resolved_at = '2027-07-03 08:00:00'")
    assert purge(years, CLOSING - DAY).records == 0
    assert purge(years, CLOSING).records == 1


def test_who_is_known_without_being_a_legal_guardian_stays_known(years: Years) -> None:
    """The account goes, for nobody is legally theirs; the school keeps its record."""
    years.begin("Alice")
    years.do("UPDATE guardianships SET legal = false")
    years.do("UPDATE accounts SET created_at = '2026-01-01 00:00:00'")

    done = purge(years, SEPTEMBER + timedelta(days=120))

    assert (done.accounts, done.records, years.count("guardians")) == (1, 0, 1)


def test_a_child_with_a_letter_that_still_answers_waits(services: Services, tmp_path: Path) -> None:
    """The eldest carried the letter and left; the sibling keeps the account alive."""
    years = Years(services)
    years.do("DELETE FROM schools")
    fill(services)
    issue(services, tmp_path / "out")
    years.do("UPDATE enrolments SET ended_on = '2026-11-30' WHERE pupil_id = 2")

    assert purge(years, date(2027, 3, 5)).people == 0
    years.do("UPDATE letters SET ended_at = '2027-02-24 00:00:00', password_hash = NULL")
    done = purge(years, date(2027, 6, 1))

    assert (done.pupils, done.accounts, done.letters) == (1, 0, 2)


@pytest.mark.parametrize(
    ("plant", "table", "kept"),
    [
        ("INSERT INTO messages (reference, kind, channel, state, created_at, due_at, attempts,"
         " maybe_double, ended_at)"
         " VALUES ('m', 'reminder', 'mail', 'sent', {0}, {0}, 1, false, {0})",
         "messages", MESSAGES_KEPT),
        ("INSERT INTO review_items (school_id, kind, subject, details, asked_at)"
         " VALUES (1, 'no_child', 's', '{{}}', {0})", "review_items", QUESTIONS_KEPT),
        ("INSERT INTO last_imports (school_id, request, basis, sealed, imported_at)"
         " VALUES (1, 'r', 'b', 'x', {0})", "last_imports", IMPORT_REPORTS_KEPT),
    ],
)  # fmt: skip
def test_what_has_a_delay_goes_when_it_is_over(
    years: Years, plant: str, table: str, kept: timedelta
) -> None:
    """Not a second before."""
    years.do("DELETE FROM " + table)
    years.do(plant.format(f"'{noon(SEPTEMBER):%Y-%m-%d %H:%M:%S.%f}'"))

    assert purge(years, noon(SEPTEMBER) + kept).leftovers == 0
    assert purge(years, noon(SEPTEMBER) + kept + timedelta(seconds=1)).leftovers == 1
    assert years.count(table) == 0


def test_nothing_can_be_read_in_the_file_afterwards(sqlite_services: Services) -> None:
    """Not in a free page, not in the journal: a name that nobody else bears is nowhere."""
    years = Years(sqlite_services)
    years.take_rows(SEPTEMBER, [pupil("Alizéa", "Quiquengrogne"), pupil("Zoé", "Personne")],
                    [guardian("Hildegarde", "Quiquengrogne", child("Alizéa", "Quiquengrogne"),
                              street="12 venelle du Trou", email="hq@x.fr")])  # fmt: skip
    years.generate(SEPTEMBER)
    years.take_rows(JULY, [pupil("Zoé", "Personne")], [])
    file = Path(str(sqlite_services.engine.url.database))
    words = (b"uiquengrogne", b"Hildegarde", b"hildegarde", b"Aliz", b"venelle", b"hq@x.fr")

    def readable() -> set[bytes]:
        content = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*")
                           if path.is_file())  # fmt: skip
        return {word for word in words if word in content}

    assert readable() == set(words)
    purge(years, CLOSING)
    empty_journal(sqlite_services.engine)

    assert readable() == set()
