"""What the portal removes by itself, and what it must not."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.mail_links import LinkKind, MailLink
from educonnect_admin.domain.setbacks import Setback, SetbackKind, TryCount, TryKind
from educonnect_admin.domain.sms_codes import SmsCode
from educonnect_admin.domain.visits import StoredVisit
from educonnect_admin.edge import Services, clock
from educonnect_admin.parents.tidy_up import LOCK, tidy_up
from educonnect_admin.portal.housekeeping import lifespan_of
from educonnect_admin.queries.visits import begin_visit
from tests.conftest import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def _tidy(services: Services) -> int | None:
    return tidy_up(services.transaction, services.lock, NOW)


def _account(session: Session) -> int:
    account = Account(identifier="celine.dupont", created_at=NOW)
    session.add(account)
    session.flush()
    return account.id


def test_a_visit_that_is_over_goes_with_its_codes(services: Services) -> None:
    """After the longest time without a request; one that is still going stays."""
    with services.transaction() as session:
        for name, ago in (("gone", timedelta(minutes=47)), ("there", timedelta(minutes=19))):
            visit_id = begin_visit(session, token_digest=name, now=NOW - ago)
            session.add(SmsCode(visit_id=visit_id, code_digest=name, created_at=NOW - ago))

    assert _tidy(services) == 1

    with services.reading() as session:
        assert list(session.scalars(select(StoredVisit.token_digest))) == ["there"]
        assert list(session.scalars(select(SmsCode.code_digest))) == ["there"]


@pytest.mark.parametrize(
    ("kind", "last", "locked", "stays"),
    [
        (TryKind.LOG_IN, 23 * HOUR, None, True),
        (TryKind.LOG_IN, 25 * HOUR, None, False),
        (TryKind.LOG_IN, 25 * HOUR, HOUR, True),
        (TryKind.LOG_IN, 25 * HOUR, -HOUR, True),
        (TryKind.BIRTH_DATE, 6 * DAY, None, True),
        (TryKind.BIRTH_DATE, 8 * DAY, -6 * DAY, False),
        (TryKind.MOBILE_DAY, 23 * HOUR, None, True),
        (TryKind.ADDRESS, 25 * HOUR, None, False),
    ],
)
def test_a_count_stays_while_it_limits_or_tells(
    services: Services, kind: TryKind, last: timedelta, locked: timedelta | None, *, stays: bool
) -> None:
    """A day after the last try and any lock, a week where the desk is told of it (R-6)."""
    with services.transaction() as session:
        count = TryCount(kind=kind, subject="somebody", first_at=NOW - last)
        count.locked_until = NOW + locked if locked is not None else None
        session.add(count)

    assert _tidy(services) == (0 if stays else 1)


def test_old_links_and_dead_ends_go(services: Services) -> None:
    """Ninety days after they are over."""
    with services.transaction() as session:
        account = _account(session)
        for name, ago in (("old", 94 * DAY), ("recent", 92 * DAY)):
            session.add(_link(account, name, NOW - ago))
        for ago in (91 * DAY, 89 * DAY):
            session.add(_setback(account, NOW - ago))

    assert _tidy(services) == 2

    with services.reading() as session:
        assert list(session.scalars(select(MailLink.token_digest))) == ["recent"]
        assert len(list(session.scalars(select(Setback)))) == 1


def _link(account: int, name: str, created: datetime) -> MailLink:
    return MailLink(
        kind=LinkKind.ACTIVATION, account_id=account, token_digest=name, email="a@b.fr",
        request_number=name, created_at=created,
    )  # fmt: skip


def _setback(account: int, happened: datetime) -> Setback:
    return Setback(kind=SetbackKind.HOMONYMS, account_id=account, happened_at=happened)


def test_one_process_is_enough(services: Services) -> None:
    """Whoever finds another at it leaves it to them."""
    with services.lock(LOCK) as held:
        assert held
        assert _tidy(services) is None


def test_a_process_keeps_tidy_for_as_long_as_it_lives(sqlite_services: Services) -> None:
    """Round after round, one that fails included; the office is closed at the end."""
    long_ago = clock() - DAY
    with sqlite_services.transaction() as session:
        begin_visit(session, token_digest="gone", now=long_ago)
    asyncio.run(_live(_Unlucky(sqlite_services)))

    with sqlite_services.reading() as session:
        assert list(session.scalars(select(StoredVisit))) == []


async def _live(services: "_Unlucky") -> None:
    async with lifespan_of(services, every=0.05)(None):  # type: ignore[arg-type]
        while services.rounds < 3:
            await asyncio.sleep(0.05)
    assert services.closed


class _Unlucky:
    """An office whose first round of chores fails."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.rounds = 0
        self.closed = False
        self.transaction = services.transaction

    @contextmanager
    def lock(self, name: str) -> Iterator[bool]:
        self.rounds += 1
        if self.rounds == 1:
            raise RuntimeError
        with self._services.lock(name) as held:
            yield held

    def close(self) -> None:
        self.closed = True
