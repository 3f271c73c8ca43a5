"""Fixtures of the command line: a terminal, an environment of its own, an office to work at."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from educonnect_admin.edge import Services, clock
from educonnect_admin.opening import open_office, open_services
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


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The folder of an office as `init` leaves it; it is copied, never worked in."""
    folder = tmp_path_factory.mktemp("new") / "office"
    copy_file(sqlite_template, folder / "db.sqlite")
    open_office(_settings_of(folder), clock()).close()
    return folder


@pytest.fixture(scope="session")
def peopled_folder(tmp_path_factory: pytest.TempPathFactory, new_folder: Path) -> Path:
    """The same with one school and the three families."""
    folder = copytree(new_folder, tmp_path_factory.mktemp("peopled") / "office")
    services = open_services(_settings_of(folder))
    with services.transaction() as session:
        school = add_school(session, author=services.author(NOW))
        add_families(session, school, FAMILIES)
    services.close()
    return folder


def _settings_of(folder: Path) -> Settings:
    return Settings(
        database_url=str(folder / "db.sqlite"), operator="alice", hashing="cheap-for-tests"
    )


@pytest.fixture
def initiated(run: Terminal, environment: Path, new_folder: Path) -> Terminal:
    """What runs commands at an office where nothing but `init` was done."""
    copytree(new_folder, environment / "office")
    return run


@pytest.fixture
def office(environment: Path, peopled_folder: Path) -> Iterator[Services]:
    """An office with one school and the three families, as another program would see it."""
    copytree(peopled_folder, environment / "office")
    services = open_services(Settings())
    yield services
    services.close()
