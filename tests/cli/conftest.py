"""Fixtures of the command line: a terminal, an environment of its own, an office to work at."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_services
from educonnect_admin.settings import Settings
from tests.cli.running import Terminal
from tests.conftest import NOW
from tests.support.households import FAMILIES, add_families, add_school
from tests.support.schema import copy_file


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings of our own only: an SQLite file that is not there yet, cheap hashes."""
    for name in [name for name in os.environ if name.startswith("EDUCONNECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("EDUCONNECT_DATABASE_URL", str(tmp_path / "office" / "db.sqlite"))
    monkeypatch.setenv("EDUCONNECT_OPERATOR", "alice")
    monkeypatch.setenv("EDUCONNECT_HASHING", "cheap-for-tests")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """What runs a command and gives its answer."""
    return Terminal(capsys)


@pytest.fixture
def office(run: Terminal, environment: Path, sqlite_template: Path) -> Iterator[Services]:
    """An office with one school and the three families, as another program would see it."""
    copy_file(sqlite_template, environment / "office" / "db.sqlite")
    assert run("init").code == 0
    services = open_services(Settings())
    with services.transaction() as session:
        school = add_school(session, author=services.author(NOW))
        add_families(session, school, FAMILIES)
    yield services
    services.close()
