"""Unlocking, closing and reopening an account at the desk (R-1, R-6, R-11, R-63)."""

from datetime import date, timedelta

import pytest

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.desk_errors import AccountEnded, AccountNotClosed, UnknownAccount
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.edge import Services
from educonnect_admin.office.desk.close_account import Closed, close_account, reopen_account
from educonnect_admin.office.desk.unlock_account import Unlocked, unlock_account
from tests.conftest import NOW
from tests.office.desk.desk import Office

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(services: Services) -> Office:
    """The three families, on each database."""
    return Office(services)


def unlock(office: Office, identifier: str) -> Unlocked:
    """Unlock an account."""
    with office.services.transaction() as session:
        return unlock_account(
            session, identifier, reason="appel", author=office.services.author(NOW)
        )


def close(office: Office, identifier: str) -> Closed:
    """Close an account."""
    with office.services.transaction() as session:
        return close_account(
            session, identifier, reason="décès", author=office.services.author(NOW)
        )


def reopen(office: Office, identifier: str) -> Closed:
    """Open it again."""
    with office.services.transaction() as session:
        return reopen_account(
            session, identifier, reason="erreur", author=office.services.author(NOW)
        )


def test_unlocking_forgets_every_count_of_that_account_and_no_other(office: Office) -> None:
    """Log-in and birth dates, locked or not; the neighbour stays locked."""
    mine = office.account("c.dupont", office.record("Céline"), state=AccountState.ACTIVE)
    hers = office.account("n.moreau", office.record("Nadia"))
    office.tries(mine, failures=10, locked_until=LATER)
    office.tries(mine, TryKind.BIRTH_DATE, pupil_id=office.pupil("Enzo"), failures=3)
    office.tries(hers, failures=4)

    done = unlock(office, " C.Dupont ")

    assert [(one.kind, one.failures, one.locked_until) for one in done.lifted] == [
        (TryKind.LOG_IN, 10, LATER),
        (TryKind.BIRTH_DATE, 3, None),
    ]
    assert office.rows("SELECT account_id FROM try_counts") == [(hers,)]
    assert office.trail("account.unlocked") == [
        (office.school, mine, '{"birth_date":3,"log_in":10}')
    ]
    assert office.rows("SELECT text FROM trail_reasons") == [("appel",)]


def test_unlocking_what_is_not_locked_writes_nothing(office: Office) -> None:
    """Nothing changed, nothing told to the trail."""
    office.account("c.dupont", office.record("Céline"))

    assert not unlock(office, "c.dupont").changed
    assert office.trail("account.unlocked") == []


def test_an_account_that_is_over_is_not_unlocked(office: Office) -> None:
    """It would let nobody in; the way to reopen it is told instead."""
    mine = office.account("c.dupont", office.record("Céline"))
    office.tries(mine)
    close(office, "c.dupont")

    with pytest.raises(AccountEnded) as refusal:
        unlock(office, "c.dupont")

    assert refusal.value.state == "closed"
    assert len(office.rows("SELECT id FROM try_counts")) == 1


def test_closing_ends_letter_messages_and_sessions(office: Office) -> None:
    """What waits is wiped; what a worker has in hand is left to it; others are untouched."""
    mine = office.account("c.dupont", office.record("Céline"))
    hers = office.account("n.moreau", office.record("Nadia"))
    office.letter(mine)
    office.letter(hers)
    waiting, kept = office.message(mine), office.message(hers)
    claimed = office.message(mine, state="claimed", claim="worker", claimed_at=NOW)

    done = close(office, "c.dupont")

    assert (done.state, done.changed, done.ended.letters, done.ended.messages) == (
        AccountState.CLOSED, True, 1, 1,
    )  # fmt: skip
    assert office.rows(f'SELECT "end" FROM letters WHERE account_id = {mine}') == [("closed",)]
    assert office.rows(f'SELECT "end" FROM letters WHERE account_id = {hers}') == [(None,)]
    assert office.rows("SELECT id, state, sealed IS NULL FROM messages ORDER BY id") == [
        (waiting, "cancelled", True), (kept, "waiting", False), (claimed, "claimed", False),
    ]  # fmt: skip
    account = office.rows(
        "SELECT former_state, ended_at IS NULL, sessions_void_at IS NULL FROM accounts"
        f" WHERE id = {mine}"
    )
    assert account == [("notified", False, False)]
    assert [entry[0] for entry in office.trail("letter.ended", "account.closed")] == [
        office.school, office.school,
    ]  # fmt: skip
    assert office.is_sound([0, office.school])


def test_closing_is_told_in_every_school_or_in_the_office(office: Office) -> None:
    """An account of two schools in both chains; one of none in that of the office."""
    both = office.account("c.dupont", office.record("Céline"), office.second_record("Céline"))
    nobody = office.account("x.perdu")

    close(office, "c.dupont")
    close(office, "x.perdu")

    assert [entry[:2] for entry in office.trail("account.closed")] == [
        (office.school, both), (office.other_school, both), (0, nobody),
    ]  # fmt: skip


def test_a_letter_that_was_over_already_is_not_called_closed(office: Office) -> None:
    """Its last day was past: it had expired, whatever cron has done (R-11)."""
    mine = office.account("c.dupont", office.record("Céline"))
    office.letter(mine, date(2026, 5, 1))

    done = close(office, "c.dupont")

    assert done.ended.letters == 0
    assert office.one('SELECT "end" FROM letters') == "expired"


def test_closing_twice_changes_nothing(office: Office) -> None:
    """The second time nothing is written, and what it was is still remembered."""
    office.account("c.dupont", office.record("Céline"), state=AccountState.ACTIVE)
    close(office, "c.dupont")

    assert not close(office, "c.dupont").changed
    assert len(office.trail("account.closed")) == 1
    assert reopen(office, "c.dupont").state is AccountState.ACTIVE


@pytest.mark.parametrize("state", [s for s in AccountState if s not in {"closed", "regrouped"}])
def test_reopening_gives_back_what_it_was_without_its_letter(
    office: Office, state: AccountState
) -> None:
    """Never notified stays so; notified is «notification expirée»: the letter stays over."""
    mine = office.account("c.dupont", office.record("Céline"), state=state)
    if state is AccountState.NOTIFIED:
        office.letter(mine)
    close(office, "c.dupont")

    done = reopen(office, "c.dupont")

    assert (done.state, office.state(mine)) == (state, state)
    assert office.rows("SELECT former_state, ended_at FROM accounts") == [(None, None)]
    assert office.one("SELECT count(*) FROM letters WHERE ended_at IS NULL") == 0
    assert office.trail("account.reopened") == [(office.school, mine, f'{{"state":"{state}"}}')]


def test_only_a_closed_account_is_reopened(office: Office) -> None:
    """An open one is refused, and so is one that nobody bears."""
    office.account("c.dupont", office.record("Céline"))

    with pytest.raises(AccountNotClosed):
        reopen(office, "c.dupont")
    with pytest.raises(UnknownAccount):
        reopen(office, "personne")
    assert office.trail("account.reopened") == []


@pytest.mark.parametrize("taken", [True, False])
def test_a_link_that_another_account_bears_by_now_stays_there(
    office: Office, *, taken: bool
) -> None:
    """FranceConnect opens one living account: whoever was linked anew keeps that link (R-41)."""
    link = {"franceconnect_digest": "f" * 64, "franceconnect_at": NOW}
    old = office.account("c.dupont", office.record("Céline"), state=AccountState.ACTIVE, **link)
    close(office, "c.dupont")
    if taken:
        office.account("c.dupont1", state=AccountState.ACTIVE, **link)

    reopen(office, "c.dupont")

    assert office.state(old) == "active"
    kept = office.rows("SELECT identifier FROM accounts WHERE franceconnect_digest IS NOT NULL")
    assert kept == [("c.dupont1" if taken else "c.dupont",)]
