"""Counting while the same counts are being forgotten."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from sqlalchemy import event

from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.throttling import DAY, Limit
from educonnect_admin.edge import Services
from educonnect_admin.queries.reserved_tries import Subject, forget_failures, reserve_try
from tests.conftest import NOW

SUBJECT = Subject(kind=TryKind.DEVICE, name="one browser")
LIMIT = Limit(window=DAY, most=10_000)


def test_a_count_that_vanishes_meanwhile_is_no_failure(services: Services) -> None:
    """One tab succeeds, and forgets, in the very moment another is counted (R-6)."""
    forgotten: list[Future[None]] = []

    def count() -> bool:
        with services.transaction() as session:
            return reserve_try(session, SUBJECT, LIMIT, NOW).allowed

    def forget() -> None:
        with services.transaction() as session:
            forget_failures(session, SUBJECT)

    def meanwhile(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO try_counts") and not forgotten:
            forgotten.append(pool.submit(forget))
            wait(forgotten, timeout=0.5)  # it comes through at once, or waits for us

    assert count()
    with ThreadPoolExecutor(1) as pool:
        event.listen(services.engine, "after_cursor_execute", meanwhile)
        assert count()
        forgotten[0].result(10)
