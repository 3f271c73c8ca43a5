"""Figures that PostgreSQL keeps, whatever changes beneath them (R-64)."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from random import Random  # noqa: TID251 - seeded, the same cases again; nothing secret comes of it
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

from educonnect_admin.domain.activations import COMMON_ZONE, GroupedBy
from educonnect_admin.edge import Services
from educonnect_admin.office.audit_activations import audit_activations
from educonnect_admin.office.keep_figures import keep_figures
from educonnect_admin.queries.figure_check import wrong_figures
from tests.office.any_academy import SCHOOLS, Counted, draw, drawn

NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
_CHANGES = (
    "UPDATE accounts SET state = 'active', activated_at = :now WHERE id IN (:one, :other)",
    "UPDATE accounts SET state = 'notified', journey = 'sms' WHERE id = :one",
    "UPDATE accounts SET activated_at = :now - interval '3 days' WHERE id IN (:one, :other)",
    "UPDATE accounts SET email_bounced_at = :now WHERE id = :one",
    "UPDATE letters SET ended_at = :now WHERE account_id IN (:one, :other)",
    "UPDATE letters SET last_day = last_day - 20 WHERE account_id = :one",
    "DELETE FROM letters WHERE account_id = :one",
    "INSERT INTO letters (number, account_id, guardian_id, carrier_id, school_id, created_at,"
    " former_state, last_day) SELECT 'N' || :turn, :one, 1, 1, :school, :now, 'not_notified',"
    " '2026-12-20' WHERE NOT EXISTS (SELECT FROM letters WHERE account_id = :one"
    " AND ended_at IS NULL)",
    "UPDATE messages SET state = 'failed' WHERE account_id IN (:one, :other)",
    "DELETE FROM messages WHERE account_id IN (:one, :other)",
    "INSERT INTO messages (reference, kind, created_at, due_at, channel, attempts, account_id,"
    " maybe_double, ended_at, state) VALUES ('N' || :turn, 'reminder', :now, :now, 'mail', 1,"
    " :one, false, :now, 'failed')",
    "UPDATE guardians SET account_id = :other WHERE account_id = :one",
    "UPDATE guardians SET account_id = NULL WHERE id IN (:one, :other)",
    "UPDATE guardians SET account_id = :one WHERE id IN (:one, :other)",
    "UPDATE guardians SET school_id = :school WHERE account_id = :one",
    "INSERT INTO guardians (school_id, account_id, family_name, given_name, family_key, given_key)"
    " VALUES (:school, :one, 'X', 'Y', 'x', 'y')",
    "UPDATE guardianships SET ended_on = NULL WHERE guardian_id IN (:one, :other)",
    "UPDATE guardianships SET ended_on = '2026-11-01' WHERE guardian_id IN (:one, :other)",
    "DELETE FROM guardianships WHERE guardian_id = :one",
    "UPDATE enrolments SET ended_on = '2026-11-01' WHERE pupil_id IN (:one, :other)",
    "UPDATE enrolments SET ended_on = NULL WHERE pupil_id = :one",
    "DELETE FROM enrolments WHERE pupil_id = :one",
    "INSERT INTO enrolments (pupil_id, school_id, started_on) SELECT :one, :school, '2026-09-01'"
    " WHERE NOT EXISTS (SELECT FROM enrolments WHERE pupil_id = :one AND school_id = :school"
    " AND ended_on IS NULL)",
    "UPDATE schools SET time_zone = 'Pacific/Noumea' WHERE id = :school",
)
_MOVED = "UPDATE schools SET academy_code = '28' WHERE id = :school"
"""Figures are of schools; of which academy these are is asked with them."""
_NO_CHANGE = (
    "UPDATE accounts SET last_login_at = :now",
    "UPDATE letters SET password_hash = NULL",
    "UPDATE messages SET attempts = attempts + 1",
    "UPDATE guardians SET mobile = '+33612345678'",
    "UPDATE guardianships SET kinship = '10'",
    "UPDATE enrolments SET level = 'CP'",
    "UPDATE schools SET name = 'Autre'",
    "INSERT INTO guardians (school_id, family_name, given_name, family_key, given_key)"
    " VALUES (1, 'X', 'Y', 'x', 'y')",
    "INSERT INTO messages (reference, kind, created_at, due_at, channel, attempts, account_id,"
    " maybe_double, state) VALUES ('N', 'reminder', :now, :now, 'mail', 0, 1, false, 'waiting')",
)


_TRIES = 60


@pytest.fixture
def office(postgres_office: Services) -> Services:
    """An academy drawn by lot, on PostgreSQL."""
    with postgres_office.transaction() as session:
        draw(session, 5, NIGHT)
        session.execute(text("SELECT setval('guardians_id_seq', 100)"))
    return postgres_office


def recounted(office: Services) -> int | None:
    """Count again what is touched, and return how many schools that was."""
    with office.transaction() as session:
        return keep_figures(session)


def _is_of(academies: set[str], school: Any) -> bool:
    return school.academy_code in academies


def assert_right(office: Services) -> None:
    """Compare the audits of all, and of one academy, with a count of one account by one."""
    with office.reading() as session:
        rows = drawn(session)
        for academy in (None, "70"):
            codes = {academy} if academy else {one.academy_code for one in rows.schools}
            counted = Counted(rows, NIGHT, partial(_is_of, codes))
            for by in (GroupedBy.SCHOOL, GroupedBy.ACADEMY):
                audit = audit_activations(session, academy=academy, by=by, now=NIGHT)
                bare = {
                    (row.academy, row.uai, None): replace(
                        row, academy=None, school="", uai="", town=""
                    )
                    for row in audit.rows
                }

                assert audit.total == counted.total()
                assert bare == counted.rows(by)
                days = {one.day: one.activated for one in audit.days}
                assert days == counted.days(audit.time_zone)
        assert list(wrong_figures(session)) == []


def _change(session: Session, lot: Random, statement: str, turn: int) -> int:
    one, other = lot.sample(range(1, 21), 2)
    school = lot.randint(1, len(SCHOOLS))
    told = {"one": one, "other": other, "school": school, "turn": str(turn), "now": NIGHT}
    named = {name: value for name, value in told.items() if f":{name}" in statement}
    return cast("CursorResult[Any]", session.execute(text(statement), named)).rowcount


@pytest.mark.parametrize("seed", range(2))
def test_whatever_changes_an_audit_is_of_the_moment(office: Services, seed: int) -> None:
    """Change after change, some counted again at once, some only when they are asked for."""
    lot = Random(seed)
    assert recounted(office) == len(SCHOOLS)
    assert_right(office)
    for turn, statement in enumerate(lot.sample((*_CHANGES, _MOVED), len(_CHANGES) + 1)):
        with office.transaction() as session:
            _change(session, lot, statement, turn)
        assert_right(office)
        if lot.random() < 0.5:
            recounted(office)
            assert_right(office)
    recounted(office)
    assert recounted(office) == 0
    assert_right(office)


def test_every_change_that_counts_touches_a_school(office: Services) -> None:
    """Of each table, what comes, what changes, and what goes."""
    recounted(office)
    lot = Random(1)
    for statement in _CHANGES:
        with office.transaction(dry_run=True) as session:
            # Of some rows it says what they say already.
            for turn in range(_TRIES):
                _change(session, lot, statement, turn)
                if keep_figures(session):
                    break
            else:
                pytest.fail(f"touches no school: {statement}")


def test_what_no_audit_counts_touches_no_school(office: Services) -> None:
    """Log-ins, contacts, tries of a mail, a first record, another academy."""
    recounted(office)
    for statement in (*_NO_CHANGE, _MOVED):
        with office.transaction(dry_run=True) as session:
            assert _change(session, Random(0), statement, 0)

            assert keep_figures(session) == 0, statement


def test_only_the_schools_of_a_change_are_counted_again(office: Services) -> None:
    """One account, the schools that hold a record of it, and no other."""
    recounted(office)
    with office.transaction() as session:
        held = session.scalars(
            text("SELECT DISTINCT school_id FROM guardians WHERE account_id = 3")
        ).all()
        session.execute(text("UPDATE accounts SET state = 'closed' WHERE id = 3"))

    assert recounted(office) == len(held) < len(SCHOOLS)


def test_a_change_that_is_under_way_is_counted_once_it_is_there(office: Services) -> None:
    """A recount between a change and its commit keeps the old figures, and the mark stays."""
    recounted(office)
    with office.transaction() as changing:
        changing.execute(text("UPDATE accounts SET state = 'closed' WHERE id < 10"))
        assert recounted(office) == 0
        assert_right(office)

    assert_right(office)
    assert recounted(office)
    assert_right(office)


def test_one_counts_at_a_time(office: Services) -> None:
    """The second leaves at once: what the first has not seen is still marked."""
    with office.transaction() as first:
        assert keep_figures(first) == len(SCHOOLS)
        with office.transaction() as second:
            second.execute(text("UPDATE accounts SET state = 'closed' WHERE id < 10"))
            assert keep_figures(second) == 0
    assert_right(office)


def test_a_recount_that_is_undone_changes_nothing(office: Services) -> None:
    """A dry run counts, and leaves the marks where they were."""
    with office.transaction(dry_run=True) as session:
        assert keep_figures(session, every=True) == len(SCHOOLS)

    assert recounted(office) == len(SCHOOLS)


def test_a_copy_that_only_reads_is_left_as_it_is(office: Services) -> None:
    """A standby server, say: the audit counts what is marked each time."""
    with office.transaction() as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        assert keep_figures(session) == 0
    assert_right(office)


def test_figures_that_somebody_changed_are_found_and_counted_again(office: Services) -> None:
    """Whoever has the tables in hands can lie to an audit, until it is looked at."""
    recounted(office)
    with office.transaction() as session:
        session.execute(text("UPDATE kept_standings SET accounts = 7 WHERE counts_in[1] = 1"))
        session.execute(text("DELETE FROM kept_days WHERE counts_in = ARRAY[2]"))

    with office.reading() as session:
        assert {SCHOOLS[0][0], SCHOOLS[1][0]} <= set(wrong_figures(session))
    with office.transaction() as session:
        assert keep_figures(session, every=True) == len(SCHOOLS)
    assert_right(office)


def test_a_file_keeps_no_figures(sqlite_services: Services) -> None:
    """One office is counted in no time."""
    with sqlite_services.transaction() as session:
        draw(session, 5, NIGHT)
        assert keep_figures(session, every=True) is None
    assert_right(sqlite_services)


def test_days_are_those_of_the_schools_that_are_asked_for(office: Services) -> None:
    """Réunion alone by its own clock, with others by that of Paris."""
    with office.transaction() as session:
        session.execute(
            text("UPDATE accounts SET state = 'active', activated_at = '2026-11-20 21:00+00'")
        )
    recounted(office)
    with office.reading() as session:
        there = audit_activations(session, academy="28", by=GroupedBy.SCHOOL, now=NIGHT)
        everywhere = audit_activations(session, by=GroupedBy.SCHOOL, now=NIGHT)

    assert (there.time_zone, everywhere.time_zone) == ("Indian/Reunion", COMMON_ZONE)
    assert [one.day.day for one in there.days] == [21]
    assert [one.day.day for one in everywhere.days] == [20]
