"""Counting while the same counts are being forgotten."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import get_ident
from typing import Any

from sqlalchemy import event

from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.throttling import DAY, Limit
from educonnect_admin.edge import Services
from educonnect_admin.queries.reserved_tries import Subject, forget_failures, reserve_try
from tests.conftest import NOW

SUBJECT = Subject(kind=TryKind.DEVICE, name="one browser")
LIMIT = Limit(window=DAY, most=10_000)


def test_a_count_that_comes_and_goes_meanwhile_is_no_failure(services: Services) -> None:
    """Another tab is the first to count, then succeeds and forgets, while this one looks (R-6)."""
    others: list[Future[object]] = []

    def count() -> bool:
        with services.transaction() as session:
            return reserve_try(session, SUBJECT, LIMIT, NOW).allowed

    def forget() -> None:
        with services.transaction() as session:
            forget_failures(session, SUBJECT)

    def meanwhile(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if "try_counts" in statement and get_ident() == ours and len(others) < 2:
            others.append(pool.submit((count, forget)[len(others)]))
            wait(others, timeout=0.5)  # it comes through at once, or waits for us

    ours = get_ident()
    with ThreadPoolExecutor(1) as pool:
        event.listen(services.engine, "after_cursor_execute", meanwhile)
        assert count()
        assert [one.result(10) for one in others] == [True, None]
