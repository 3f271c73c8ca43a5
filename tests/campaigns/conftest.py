"""Fixtures of campaigns: an office on PostgreSQL that other processes can open too."""

import os
from collections.abc import Iterator

import pytest

from educonnect_admin import opening
from educonnect_admin.campaigns import workplace
from educonnect_admin.cli.campaigns import imports, letters
from educonnect_admin.edge import Services
from educonnect_admin.settings import Settings
from tests.campaigns.inline import InlineCrew
from tests.campaigns.night import environment
from tests.cli.running import Terminal


@pytest.fixture
def run(
    services: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    """What runs commands at an office on each database; their tasks are done in this process."""
    for name in [name for name in os.environ if name.startswith("EDUCONNECT_")]:
        monkeypatch.delenv(name)
    for name, value in environment(services.settings).items():
        if name.startswith("EDUCONNECT_"):
            monkeypatch.setenv(name, value)
    for command in (letters, imports):
        monkeypatch.setattr(command, "hire", lambda *_, **__: InlineCrew())
    opened: list[Services] = []

    def open_services(settings: Settings, *, led: bool = False) -> Services:
        opened.append(opening.open_services(settings, led=led))
        return opened[-1]

    monkeypatch.setattr(workplace, "open_services", open_services)
    workplace._opened.cache_clear()
    yield Terminal(capsys)
    workplace._opened.cache_clear()
    for one in opened:
        one.close()
