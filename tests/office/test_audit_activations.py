"""The figures of an audit, on both databases (R-64)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.activations import ActiveDay, Audit, GroupedBy
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Channel, Message, MessageKind, MessageState
from educonnect_admin.edge import Services
from educonnect_admin.office.audit_activations import audit_activations
from tests.conftest import NOW
from tests.office.printing import fill, issue


@pytest.fixture
def notified(services: Services, tmp_path: Path) -> Services:
    """A school whose five guardians have a letter."""
    fill(services)
    issue(services, tmp_path / "letters")
    return services


def audited(services: Services, by: GroupedBy = GroupedBy.CLASS) -> Audit:
    """Make an audit at `NOW`."""
    with services.reading() as session:
        return audit_activations(session, by=by, now=NOW)


def _activate(services: Services, *moments: datetime | None) -> list[int]:
    with services.transaction() as session:
        ids = list(session.scalars(select(Account.id).order_by(Account.id)))
        for account_id, moment in zip(ids, moments, strict=False):
            session.execute(
                update(Account)
                .where(Account.id == account_id)
                .values(state=AccountState.ACTIVE, journey=Journey.SMS, activated_at=moment)
            )
    return ids


def test_an_account_counts_once_in_the_total_and_once_a_row(notified: Services) -> None:
    """By class, by school and by academy, whatever the number of children."""
    totals = {by: audited(notified, by).total.accounts for by in GroupedBy}

    assert set(totals.values()) == {5}
    assert sum(row.accounts for row in audited(notified).rows) == 10
    assert [row.accounts for row in audited(notified, GroupedBy.SCHOOL).rows] == [5]
    assert [(row.academy, row.accounts) for row in audited(notified, GroupedBy.ACADEMY).rows] == [
        ("70", 5)
    ]


def test_days_are_those_of_the_school(notified: Services) -> None:
    """23:30 UTC is the next day in Paris; days without activation are left out."""
    _activate(
        notified,
        datetime(2026, 11, 20, 22, 59, tzinfo=UTC),
        datetime(2026, 11, 20, 23, 0, tzinfo=UTC),
        datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        None,
    )

    audit = audited(notified)

    assert list(audit.days) == [
        ActiveDay(date(2026, 11, 20), 1, 1),
        ActiveDay(date(2026, 11, 21), 1, 2),
        ActiveDay(date(2026, 11, 22), 1, 3),
    ]
    assert (audit.undated, audit.total.active, audit.total.rate) == (1, 4, 0.8)


@pytest.mark.parametrize(
    ("days", "live", "expiring", "over"),
    [(16, 5, 0, 0), (15, 5, 5, 0), (0, 5, 5, 0), (-1, 0, 0, 5)],
)
def test_letters_expire_within_fifteen_days(
    notified: Services, days: int, live: int, expiring: int, over: int
) -> None:
    """The fifteenth day counts, the last day too; the day after they are over."""
    with notified.transaction() as session:
        session.execute(update(Letter).values(last_day=NOW.date() + timedelta(days=days)))

    total = audited(notified).total

    assert (total.letters, total.expiring, total.notification_expired) == (live, expiring, over)


def test_a_mail_that_failed_counts_until_one_is_delivered(notified: Services) -> None:
    """Refused by the address, or the last one that ended failed; a later one settles it."""
    ids = _activate(notified)
    with notified.transaction() as session:
        session.execute(update(Account).where(Account.id == ids[0]).values(email_bounced_at=NOW))
        _message(session, ids[1], MessageState.FAILED)
        _message(session, ids[2], MessageState.FAILED)
        _message(session, ids[2], MessageState.SENT)
        _message(session, ids[3], MessageState.FAILED, Channel.SMS)

    assert audited(notified).total.bounced == 2


def _message(
    session: Session, account_id: int, state: MessageState, channel: Channel = Channel.MAIL
) -> None:
    session.add(
        Message(
            reference=f"{account_id}-{state}-{channel}"[:32],
            kind=MessageKind.REMINDER, channel=channel, account_id=account_id, state=state,
            created_at=NOW, due_at=NOW, attempts=1, maybe_double=False, ended_at=NOW,
        )
    )  # fmt: skip
    session.flush()  # one after the other: their order is what is tested
