"""Fixtures: an office of two schools with its operators, made once; nobody leaves a change."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from educonnect_admin.domain.visibility import RULES
from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office, open_services
from educonnect_admin.settings import Settings
from tests.cli.running import Terminal
from tests.conftest import NOW
from tests.support.postgres import new_database
from tests.support.schema import copy_file
from tests.support.two_schools import (
    HERE,
    OURS,
    THEIRS,
    THERE,
    Keys,
    every_key,
    fill_school,
    register_team,
)

Opened = Callable[[str], Services]
TerminalOf = Callable[[Services], Terminal]


@dataclass(frozen=True)
class TwoSchools:
    """An office, and the keys of what came with each school."""

    office: Services
    here: Keys
    there: Keys

    @property
    def is_server(self) -> bool:
        """Whether it is PostgreSQL's."""
        return self.office.engine.dialect.name == "postgresql"


def new_settings(request: pytest.FixtureRequest, folder: Path) -> Settings:
    """Return the settings of an office whose schema is there, on the database of this run."""
    if request.param == "sqlite":
        address = str(folder / "office.sqlite")
        copy_file(request.getfixturevalue("sqlite_template"), Path(address))
    else:
        socket = request.getfixturevalue("postgres_socket")
        address = new_database(socket, request.getfixturevalue("postgres_template"))
    return Settings(
        database_url=address, secret_key_file=folder / "secret.key", hashing="cheap-for-tests"
    )


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def schools(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TwoSchools]:
    """The office of the owner, first one school, then the other: whose a row is, is known."""
    office = open_office(new_settings(request, tmp_path_factory.mktemp("schools")), NOW)
    fill_school(office, HERE, OURS)
    here = every_key(office, RULES)
    fill_school(office, THERE, THEIRS)
    both = every_key(office, RULES)
    register_team(office)
    yield TwoSchools(office, here, {table: both[table] - here[table] for table in both})
    office.close()


@pytest.fixture(scope="package")
def opened(schools: TwoSchools) -> Iterator[Opened]:
    """Open the same office under an operator's name."""
    made: dict[str, Services] = {}

    def open_as(name: str) -> Services:
        if name not in made:
            settings = schools.office.settings.model_copy(update={"operator": name})
            made[name] = open_services(settings)
        return made[name]

    yield open_as
    for one in made.values():
        one.close()


@pytest.fixture
def terminal_of(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> TerminalOf:
    """Give a terminal whose environment names an office, and nobody who acts."""

    def make(office: Services) -> Terminal:
        for name in [name for name in os.environ if name.startswith("EDUCONNECT_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("EDUCONNECT_DATABASE_URL", office.settings.database_url)
        monkeypatch.setenv("EDUCONNECT_SECRET_KEY_FILE", str(office.keyring.path))
        monkeypatch.setenv("EDUCONNECT_HASHING", "cheap-for-tests")
        monkeypatch.setenv("EDUCONNECT_MAIL_FOLDER", str(tmp_path / "mails"))
        return Terminal(capsys)

    return make
