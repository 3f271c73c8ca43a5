"""An operator who leads a campaign, and is removed while it runs (R-65)."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from educonnect_admin.cli.campaigns import letters
from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.operators import Role
from educonnect_admin.edge import Services
from educonnect_admin.office.manage_operators import Asked, remove_operator, set_operator
from tests.campaigns.academy import found_academy
from tests.campaigns.inline import InlineCrew
from tests.campaigns.night import campaign_of
from tests.cli.running import Terminal
from tests.conftest import NOW

Order = TypeVar("Order")
Answer = TypeVar("Answer")


class _CrewOfTheRemoved(InlineCrew):
    """Workers who begin when the operator who leads them is one no more."""

    def __init__(self, office: Services) -> None:
        self._office = office

    def submit(self, task: Callable[[Order], Answer], asked: Order) -> "Future[Answer]":
        """Remove the operator, then do the task."""
        author = self._office.author(NOW)
        with self._office.transaction() as session:
            remove_operator(session, "carl", author=author, reason="left the office")
        return super().submit(task, asked)


@pytest.mark.parametrize("others", [(), ("dora",)], ids=["the last", "one of two"])
def test_the_workers_of_an_operator_who_was_removed_refuse(
    run: Terminal,
    services: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    others: tuple[str, ...],
) -> None:
    """They never become the owner: the campaign ends in words, and no account was made."""
    found_academy(services, 1, 1)
    author = services.author(NOW)
    with services.transaction() as session:
        for name in ("carl", *others):
            asked = Asked(name, Role.RECTORATE, academy_code="09")
            set_operator(session, asked, owner="alice", author=author)
    monkeypatch.setenv("EDUCONNECT_OPERATOR", "carl")
    monkeypatch.setattr(letters, "hire", lambda *_, **__: _CrewOfTheRemoved(services))
    answer = run(*campaign_of(tmp_path / "out"))
    assert answer.code == 3, answer.err
    assert "Campagne arrêtée. «carl» n'est pas un opérateur" in answer.err
    with services.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0
