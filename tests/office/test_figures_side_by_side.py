"""Figures that PostgreSQL keeps, where two change one account and neither sees the other (R-64)."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from educonnect_admin.edge import Services
from tests.office.any_academy import draw
from tests.office.test_keep_figures import NIGHT, assert_right, recounted

# Account 1 has the one record 1, of school 1, and its child is there; account 2 has none; the
# records 2 and 3 of the schools 2 and 3 have a child there, and no account.
_SCENE = (
    "UPDATE guardians SET account_id = NULL WHERE account_id < 3 OR id < 4",
    "UPDATE guardians SET school_id = id WHERE id < 4",
    "UPDATE guardians SET account_id = 1 WHERE id = 1",
    "UPDATE accounts SET state = 'notified', activated_at = NULL, email_bounced_at = NULL"
    " WHERE id < 3",
    "DELETE FROM messages WHERE account_id < 3",
    "DELETE FROM guardianships WHERE guardian_id < 4",
    "DELETE FROM enrolments WHERE pupil_id < 4",
    "INSERT INTO enrolments (pupil_id, school_id, started_on)"
    " SELECT id, id, date '2026-09-01' FROM pupils WHERE id < 4"
    " UNION SELECT 1, 2, date '2026-09-01'",
    "INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on)"
    " SELECT id, id, true, '2026-09-01' FROM pupils WHERE id < 4",
)
_ACTIVATED = "UPDATE accounts SET state = 'active', activated_at = now() WHERE id < 3"
_NO_CHILD = "DELETE FROM guardianships WHERE guardian_id IN (1, 2)"
_LINKED = "UPDATE guardians SET account_id = 2 WHERE id = {}"
_EXCHANGED = "UPDATE guardians SET account_id = CASE id WHEN 2 THEN 1 END WHERE id IN (1, 2)"
_MOVED = "UPDATE guardians SET school_id = 2 WHERE id = 1"
_BOUNCED = (
    "INSERT INTO messages (reference, kind, created_at, due_at, channel, attempts, account_id,"
    " maybe_double, ended_at, state) SELECT 'N' || id, 'reminder', now(), now(), 'mail', 1, id,"
    " false, now(), 'failed' FROM accounts WHERE id < 3"
)


@pytest.fixture
def office(postgres_office: Services) -> Services:
    """An academy drawn by lot, with the accounts of the scene, all counted."""
    with postgres_office.transaction() as session:
        draw(session, 5, NIGHT)
        for statement in _SCENE:
            session.execute(text(statement))
    recounted(postgres_office)
    return postgres_office


@pytest.mark.parametrize(
    ("isolation", "late", "early"),
    [
        ("READ COMMITTED", _ACTIVATED, _LINKED.format(2)),
        ("READ COMMITTED", _ACTIVATED, _EXCHANGED),
        ("READ COMMITTED", _LINKED.format(3), _LINKED.format(2)),
        ("READ COMMITTED", _NO_CHILD, _LINKED.format(2)),
        ("REPEATABLE READ", _BOUNCED, _EXCHANGED),
        ("REPEATABLE READ", _NO_CHILD, _MOVED),
    ],
)
def test_a_change_marks_what_it_does_not_see(
    office: Services, isolation: str, late: str, early: str
) -> None:
    """A record comes to the account under way, and is counted before the change is there."""
    engine = office.engine.execution_options(isolation_level=isolation)
    with Session(engine) as changing, changing.begin():
        changing.execute(text(late))
        with office.transaction() as linking:
            linking.execute(text(early))
        recounted(office)
        assert_right(office)

    assert_right(office)
    recounted(office)
    assert_right(office)
