"""Correcting an address calls back what was to leave to the wrong one (R-14)."""

import pytest

from educonnect_admin.domain.messages import MessageState
from educonnect_admin.edge import Services
from educonnect_admin.office.desk.correct_guardian import correct_guardian
from tests.conftest import NOW
from tests.office.desk.desk import Office


@pytest.fixture
def office(services: Services) -> Office:
    """The three families, on each database."""
    return Office(services)


def _correct_email(office: Office, record: int) -> tuple[int, int]:
    with office.services.transaction() as session:
        done = correct_guardian(
            session,
            record,
            {"email": "neuve@exemple.fr"},
            reason="appel",
            author=office.services.author(NOW),
        )
    return done.cancelled, done.letters_void


@pytest.mark.parametrize(
    ("in_hand", "state", "cancelled"),
    [
        ({}, "cancelled", 1),
        ({"state": MessageState.CLAIMED, "claim": "x", "claimed_at": NOW}, "claimed", 0),
    ],
    ids=["waiting", "in hand"],
)
def test_a_letter_that_has_not_left_is_void_with_its_password(
    office: Office, in_hand: dict[str, object], state: str, cancelled: int
) -> None:
    """It works no more wherever it may go, and the account is as before it."""
    celine = office.record("Céline")
    account = office.account("c.dupont", celine)
    letter = office.letter(account)
    office.message(account, celine, letter_id=letter, **in_hand)

    assert _correct_email(office, celine) == (cancelled, 1)

    assert office.rows("SELECT password_hash, ended_at IS NULL FROM letters") == [(None, False)]
    assert office.one('SELECT "end" FROM letters') == "void"
    assert office.one("SELECT state FROM messages") == state
    assert office.state(account) == "not_notified"
    assert office.trail("letter.ended") == [(office.school, account, '{"end":"void"}')]
    assert office.is_sound([office.school])


def test_a_letter_that_has_left_stays(office: Office) -> None:
    """Its password is in somebody's hands: a resend ends it, not a correction."""
    celine = office.record("Céline")
    account = office.account("c.dupont", celine)
    letter = office.letter(account)
    office.message(account, celine, letter_id=letter, state=MessageState.SENT, ended_at=NOW)

    assert _correct_email(office, celine) == (0, 0)

    assert office.one("SELECT count(*) FROM letters WHERE ended_at IS NULL") == 1
    assert office.state(account) == "notified"


def test_nobody_elses_mail_is_touched(office: Office) -> None:
    """Another parent's waiting letter stays, and so does one in a worker's hands."""
    celine, jean = office.record("Céline"), office.record("Jean")
    mine, his = office.account("c.dupont", celine), office.account("j.dupont", jean)
    office.message(his, jean, letter_id=office.letter(his))
    office.message(his, jean, state=MessageState.CLAIMED, claim="x", claimed_at=NOW)
    office.letter(mine)

    assert _correct_email(office, celine) == (0, 0)

    assert office.rows("SELECT state, not_after FROM messages ORDER BY id") == [
        ("waiting", None), ("claimed", None),
    ]  # fmt: skip
    assert office.one("SELECT count(*) FROM letters WHERE ended_at IS NULL") == 2
