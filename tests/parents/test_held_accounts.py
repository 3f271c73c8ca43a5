"""An account that is held still holds nobody up who only points at it (R-6)."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session

from educonnect_admin.domain.setbacks import SetbackKind, TryKind
from educonnect_admin.edge import Services
from educonnect_admin.parents.log_in import log_in
from educonnect_admin.parents.prove_password import ProofVerdict
from educonnect_admin.queries.accounts import (
    account_by_identifier,
    hold_accounts,
    locked_accounts,
)
from educonnect_admin.queries.claims import note_setback
from educonnect_admin.queries.reserved_tries import Subject, reserve_try
from tests.conftest import NOW
from tests.parents.portal_office import HOME, Clock
from tests.portal.holders import OWN, Holders

Hold = Callable[[Session, int], object]
HOLDS: dict[str, Hold] = {
    "by number": lambda session, account_id: locked_accounts(session, [account_id]),
    "by identifier": lambda session, _: account_by_identifier(session, "nadia.moreau", lock=True),
    "unread": lambda session, account_id: hold_accounts(session, [account_id]),
}


@pytest.fixture
def holders(services: Services) -> Holders:
    """An office with one account that is in use, on both databases."""
    holders = Holders(services)
    holders.begun()
    return holders


# SQLite has one writer at a time.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("hold", HOLDS.values(), ids=HOLDS)
def test_what_points_at_a_held_account_does_not_wait(holders: Holders, hold: Hold) -> None:
    """A count and a setback, which come after accounts in the order of locks, are new rows."""
    means = Clock(holders.services).means
    subject = Subject(kind=TryKind.LOG_IN, name="account:1", account_id=1)
    with means.transaction() as holding:
        hold(holding, 1)
        with means.transaction() as session:
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            assert reserve_try(session, subject, means.limits.log_in, NOW).allowed
            note_setback(session, SetbackKind.MOBILE_UNKNOWN, [1], NOW)


def test_a_family_that_logs_in_at_once_is_let_in(holders: Holders) -> None:
    """Six times the same account from the same address: nobody waits for another both ways."""
    means = Clock(holders.services).means
    start, verdicts = Barrier(6), list[ProofVerdict]()

    def come() -> None:
        start.wait()
        found = log_in(means, HOME, None, identifier="nadia.moreau", password=OWN)
        verdicts.append(found.verdict)

    for _ in range(4):
        together = [Thread(target=come) for _ in range(6)]
        for one in together:
            one.start()
        for one in together:
            one.join()

    let_in = verdicts.count(ProofVerdict.OWN)
    # More at once than wrong passwords are forgiven: whoever is too many hears «incorrect».
    assert len(verdicts) == 24
    assert let_in >= 4
